"""Whether what a mail is about is still so when it is sent; ``duties`` says what is due at first."""

from django.db.models import Exists, OuterRef

from recommendations import dates
from recommendations.choices import Role, UpdateState
from recommendations.models import StatusUpdate, User


def with_who_answers(items):
    """Annotate mail items with whether those whose turn it is first may answer, for ``is_open``."""
    writers = User.objects.writers().filter(is_active=True)
    return items.annotate(
        owner_writes=Exists(writers.filter(pk=OuterRef("recommendation__owner"))),
        deputy_writes=Exists(writers.filter(pk=OuterRef("recommendation__deputy"))),
        taker_writes=Exists(writers.filter(pk=OuterRef("advocacy__next_owner"))),
    )


def is_open(item, person, now):
    """Say whether what a mail item is about is still so, and still this person's to be told of.

    Args:
        item: a ``MailItem`` with all that it is about as that is now; from ``with_who_answers`` where that
            is the review of what the person neither owns nor stands in for, or another's next step.
        person: who is told.
        now: the clock.
    """
    if item.advocacy:
        return _is_step_open(item, person)
    if not (item.recommendation and item.recommendation.report.is_followed):
        return False
    if item.update is None:
        return item.recommendation.next_review_on == item.since and _is_to_be_told(item, person, now)
    if item.update.author_id == person.pk:
        is_lying = item.update.state in (UpdateState.RETURNED, UpdateState.DRAFT)
        return is_lying and person.has_role(Role.CONTRIBUTOR)
    return StatusUpdate.objects.decidable_by(person).filter(pk=item.update_id).exists()


def _is_step_open(item, person):
    """Say whether a next step is a person's: who takes it, or its author where the other does not answer."""
    step = item.advocacy
    if not (step.is_step_open and step.next_on == item.since and person.has_role(Role.CONTRIBUTOR)):
        return False
    return step.next_owner_id == person.pk or (step.author_id == person.pk and not item.taker_writes)


def _is_to_be_told(item, person, now):
    """Say whether a review is a person's: as owner or deputy, or a reviewer's where late or nobody's."""
    if person.pk in (item.recommendation.owner_id, item.recommendation.deputy_id):
        return person.has_role(Role.CONTRIBUTOR)
    if not person.has_role(Role.REVIEWER):
        return False
    owner, deputy = item.recommendation.owner, item.recommendation.deputy
    answers = ((owner, item.owner_writes), (deputy, item.deputy_writes))
    is_answered_for = any(writes and not one.is_away(one.today(now)) for one, writes in answers)
    return dates.is_escalated(item.since, person.today(now)) or not is_answered_for
