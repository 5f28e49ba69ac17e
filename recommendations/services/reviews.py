"""What a reviewer decides, and what follows from it for the recommendation.

Locks are always taken in one order (recommendation, update, event sequence), so that two people who
act at once wait for each other and never block each other.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from recommendations.accounts import oversight
from recommendations.audit import log
from recommendations.choices import Decision, EventKind, MailKind, Role, UpdateState
from recommendations.choices.update_fields import BY_NAME
from recommendations.errors import Refused
from recommendations.mail import messages, outbox
from recommendations.models import Citation, Review, StatusUpdate
from recommendations.rules.status import follow
from recommendations.rules.submission import broken_rules

# Later the author has long seen it on their pages.
DECISION_USEFUL_FOR = timedelta(days=6)


@transaction.atomic
def decide(*, update, reviewer, decision, now, comment="", remarks=None, seen_version=None):
    """Approve a submitted update, or return it to its author.

    Two people who decide at the same moment get one decision and one clear refusal (docs/domain.md,
    "States of an update, and review").

    Args:
        update: the submitted update.
        reviewer: a reviewer other than its author, who can see it.
        decision: a ``Decision``.
        now: the clock.
        comment: needed to return, unless there are remarks.
        remarks: comments on single fields, {name: words}; names of ``update_fields.FIELDS``.
        seen_version: the number of the version that the reviewer read; a newer one is not decided on.

    Returns: the review.

    Raises: Refused with the reason; ValidationError when a comment is missing, or when the rules are
    not met any more (the status moved meanwhile, say).
    """
    update = StatusUpdate.objects.locked(update)
    refusal = reason_not_to_decide(update, reviewer, decision, now=now)
    if refusal:
        raise Refused(refusal)
    version = update.versions.last()
    if seen_version is not None and version.number != seen_version:
        raise Refused(_("The author changed this update after you opened it. Read it again, then decide."))
    said = {"comment": comment.strip(), "remarks": _whole(remarks or {})}
    if decision == Decision.RETURN:
        return _return(update, reviewer, version, said, now)
    problems = broken_rules(update, now=now)
    if problems:
        raise ValidationError(problems)
    return _approve(update, reviewer, version, said, now)


def _whole(remarks):
    """Return the remarks that say something, on fields that an update has."""
    if set(remarks) - set(BY_NAME):
        raise ValidationError(_("A comment is on a field that an update does not have."))
    return {name: words.strip() for name, words in remarks.items() if words.strip()}


@transaction.atomic
def take(*, update, reviewer, now):
    """Take a waiting update in review, so that two people do not read the same one.

    One that is left for ``HOLD_DAYS`` returns to the queue by itself, and anybody may take it then.

    Returns: the update. One that ``reviewer`` has already is returned as it is.

    Raises: Refused when they could not decide on it, or somebody else has it.
    """
    update = StatusUpdate.objects.locked(update)
    refusal = reason_not_to_decide(update, reviewer, Decision.RETURN, now=now)
    if refusal:
        raise Refused(refusal)
    if update.held_by(now) == reviewer:
        return update
    update.taken_by, update.taken_at = reviewer, now
    update.save(update_fields=["taken_by", "taken_at"])
    log.record(EventKind.TAKEN, now=now, actor=reviewer, recommendation=update.recommendation, update=update)
    return update


@transaction.atomic
def give_back(*, update, reviewer, now):
    """Give an update back to the queue.

    Returns: the update; one that waits in the queue already is returned as it is.

    Raises: Refused when somebody else has it.
    """
    update = StatusUpdate.objects.locked(update)
    if update.held_by(now) not in (None, reviewer):
        raise Refused(_in_other_hands(update))
    if update.taken_by_id is None:
        return update
    update.taken_by = update.taken_at = None
    update.save(update_fields=["taken_by", "taken_at"])
    log.record(
        EventKind.GIVEN_BACK, now=now, actor=reviewer, recommendation=update.recommendation, update=update
    )
    return update


def reason_not_to_decide(update, reviewer, decision=Decision.APPROVE, *, now):
    """Return why ``reviewer`` cannot decide on ``update``, as a sentence; empty when they can."""
    if not reviewer.has_role(Role.REVIEWER):
        return _("Only reviewers decide on updates.")
    if not StatusUpdate.objects.visible_to(reviewer).filter(pk=update.pk).exists():
        return _("There is no such update.")
    if update.author_id == reviewer.pk:
        return _("You wrote this update, so another reviewer has to decide on it.")
    if one_hand := oversight.doubt(reviewer, update.author) or oversight.in_hand(update.author, reviewer):
        return one_hand
    if update.state != UpdateState.SUBMITTED:
        return _already(update)
    if update.held_by(now) not in (None, reviewer):
        return _in_other_hands(update)
    if decision == Decision.APPROVE and hidden_citations(update, reviewer):
        return _(
            "This update cites a restricted item that you may not see, so you cannot approve it. "
            "Ask its uploader to give you access, or leave it to another reviewer."
        )
    return ""


def hidden_citations(update, person):
    """Return how many citations of ``update`` point to evidence that ``person`` may not see."""
    return update.citations.count() - Citation.objects.visible_to(person).filter(update=update).count()


def _in_other_hands(update):
    until = timezone.localtime(update.held_until)
    return _(
        "%(name)s has taken this update in review. It is theirs until they give it back, or until %(until)s."
    ) % {"name": update.taken_by, "until": formats.date_format(until, "j M Y, H:i")}


def _already(update):
    if update.state == UpdateState.APPROVED:
        return _("%(name)s approved this update already. Nothing was changed.") % {"name": update.approved_by}
    if update.state == UpdateState.RETURNED:
        return _("This update was returned to its author already. Nothing was changed.")
    return _("This update does not wait for review. Nothing was changed.")


def _keep(decision, update, reviewer, version, said, now):
    """Keep an update as it is decided, which ends the hold on it. Returns: the review."""
    update.taken_by = update.taken_at = None
    update.save()
    return Review.objects.create(
        update=update, version=version, reviewer=reviewer, decision=decision, decided_at=now, **said
    )


def _return(update, reviewer, version, said, now):
    if not any(said.values()):
        raise ValidationError({"comment": _("Say what the author should change.")})
    update.state, update.returned_at = UpdateState.RETURNED, now
    review = _keep(Decision.RETURN, update, reviewer, version, said, now)
    _tell_author(update, review)
    log.record(
        EventKind.RETURNED, now=now, actor=reviewer, recommendation=update.recommendation, update=update
    )
    return review


def _approve(update, reviewer, version, said, now):
    recommendation = update.recommendation
    update.state, update.approved_at, update.approved_by = UpdateState.APPROVED, now, reviewer
    review = _keep(Decision.APPROVE, update, reviewer, version, said, now)
    moved = follow(recommendation)
    _tell_author(update, review)
    about = {"now": now, "actor": reviewer, "recommendation": recommendation, "update": update}
    log.record(EventKind.APPROVED, kind_of_update=update.kind, **about)
    for what, before, after in moved:
        if what == recommendation:
            log.record(EventKind.STATUS_CHANGED, before=before, after=after, **about)
        else:
            log.record(EventKind.ASK_MOVED, ask=what.pk, before=before, after=after, **about)
    return review


def _tell_author(update, review):
    """Queue the author's mail in the transaction of the decision: both happen, or neither."""
    outbox.enqueue(
        key=f"decision:{review.pk}:{update.author_id}",
        kind=MailKind.DECISION,
        recipient=update.author,
        letter=messages.decision(update, review),
        now=review.decided_at,
        useful_for=DECISION_USEFUL_FOR,
    )
