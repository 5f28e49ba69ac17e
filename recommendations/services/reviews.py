"""What a reviewer decides, and what follows from it for the recommendation.

Locks are always taken in one order (recommendation, update, event sequence), so that two people who
act at once wait for each other without a deadlock.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, TypedDict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from recommendations.accounts import oversight
from recommendations.audit import log, moves, publications
from recommendations.choices import Decision, EventKind, Extent, MailKind, Role, Sensitivity, UpdateState
from recommendations.choices.update_fields import BY_NAME
from recommendations.errors import Refused
from recommendations.mail import messages, outbox
from recommendations.models import (
    Citation,
    Publication,
    PublicationProposal,
    Review,
    StatusUpdate,
    UpdateVersion,
    User,
)
from recommendations.rules.following import follow
from recommendations.rules.submission import broken_rules
from recommendations.selectors.held_back import changed_it_alone, told_fingerprint, told_has_changed
from recommendations.selectors.publishing import ToDecide, to_decide

# Later the author has long seen it on their pages.
DECISION_USEFUL_FOR = timedelta(days=6)


class Said(TypedDict):
    """A reviewer's comments on an update: on all of it, and on single fields."""

    comment: str
    remarks: dict[str, str]


class Outside(NamedTuple):
    """What a reviewer decides to publish, and what becomes of what is outside already (``Earlier``).

    ``cited`` stands for the evidence that the reviewer read would be told (``held_back.told_fingerprint``);
    of other evidence nothing is published. Empty where nobody read it.
    """

    extent: str = Extent.NOTHING
    earlier: str = ""
    cited: str = ""


NOTHING = Outside()


@transaction.atomic
def decide(
    *,
    update: StatusUpdate,
    reviewer: User,
    decision: Decision,
    now: datetime,
    comment: str = "",
    remarks: Mapping[str, str] | None = None,
    seen_version: int | None = None,
    outside: Outside = NOTHING,
    counts: bool = False,
) -> Review:
    """Approve a submitted update, or return it to its author.

    Two people who decide at the same moment get one decision and one clear refusal (docs/domain.md,
    "States of an update, and review").

    Args:
        update: a submitted one.
        reviewer: not its author; can see it.
        comment: needed to return, unless there are remarks.
        remarks: comments on single fields, {name: words}; names of ``update_fields.FIELDS``.
        seen_version: the number of the version that the reviewer read; a newer one is not decided on.
        outside: what is published of it with an approval.
        counts: whether a restricted one counts from its approval on; any other does.

    Raises: Refused with the reason; ValidationError when a comment is missing, or when the rules are
    no longer met (for example, because the status has changed in the meantime).
    """
    update = StatusUpdate.objects.locked(update)
    refusal = reason_not_to_decide(update=update, reviewer=reviewer, decision=decision, now=now)
    if refusal:
        raise Refused(refusal)
    version = update.versions.last()
    assert version is not None  # it was submitted
    if seen_version is not None and version.number != seen_version:
        raise Refused(_("The author changed this update after you opened it. Read it again, then decide."))
    said = Said(comment=comment.strip(), remarks=_whole(remarks or {}))
    if decision == Decision.RETURN:
        return _return(update, reviewer, version, said, now)
    problems = broken_rules(update, now=now)
    if problems:
        raise ValidationError(problems)
    counts = counts or update.sensitivity != Sensitivity.RESTRICTED
    return _approve(update, reviewer, version, said, outside, counts, now)


def _whole(remarks: Mapping[str, str]) -> dict[str, str]:
    """Return the remarks that say something, on fields that an update has."""
    if set(remarks) - set(BY_NAME):
        raise ValidationError(_("A comment refers to a field that an update does not have."))
    return {name: words.strip() for name, words in remarks.items() if words.strip()}


@transaction.atomic
def take(*, update: StatusUpdate, reviewer: User, now: datetime) -> StatusUpdate:
    """Take a waiting update in review, so that two people do not read the same one.

    An update that is left for ``HOLD_DAYS`` returns to the queue by itself, and anybody can take it then.

    Returns: the update, unchanged if ``reviewer`` has already taken it.

    Raises: Refused when they could not decide on it, or somebody else has it.
    """
    update = StatusUpdate.objects.locked(update)
    refusal = reason_not_to_decide(update=update, reviewer=reviewer, decision=Decision.RETURN, now=now)
    if refusal:
        raise Refused(refusal)
    if update.held_by(now) == reviewer:
        return update
    update.taken_by, update.taken_at = reviewer, now
    update.save(update_fields=["taken_by", "taken_at"])
    log.record(EventKind.TAKEN, now=now, actor=reviewer, recommendation=update.recommendation, update=update)
    return update


@transaction.atomic
def give_back(*, update: StatusUpdate, reviewer: User, now: datetime) -> StatusUpdate:
    """Return an update to the queue.

    Returns: the update, unchanged if it is already in the queue.

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


def reason_not_to_decide(
    *, update: StatusUpdate, reviewer: User, decision: Decision = Decision.APPROVE, now: datetime
) -> str:
    """Return why ``reviewer`` cannot decide on ``update``, as a sentence; empty when they can."""
    if not reviewer.has_role(Role.REVIEWER):
        return _("Only reviewers can decide on updates.")
    if not StatusUpdate.objects.visible_to(reviewer).filter(pk=update.pk).exists():
        return _("There is no such update.")
    if update.author_id == reviewer.pk:
        return _("You wrote this update, so another reviewer has to decide on it.")
    if one_hand := oversight.one_hand(reviewer, update.author):
        return one_hand
    if update.state != UpdateState.SUBMITTED:
        return _already(update)
    if update.held_by(now) not in (None, reviewer):
        return _in_other_hands(update)
    if decision == Decision.APPROVE and hidden_citations(update=update, person=reviewer):
        return _(
            "This update cites a restricted item that you cannot see, so you cannot approve it. "
            "Ask the person who added the item to give you access, or leave the decision to "
            "another reviewer."
        )
    return ""


def hidden_citations(*, update: StatusUpdate, person: User) -> int:
    """Return how many citations of ``update`` point to evidence that ``person`` cannot see."""
    return update.citations.count() - Citation.objects.visible_to(person).filter(update=update).count()


def _in_other_hands(update: StatusUpdate) -> str:
    until = timezone.localtime(update.held_until)
    return _("%(name)s is reviewing this update, until they return it to the queue or until %(until)s.") % {
        "name": update.taken_by,
        "until": formats.date_format(until, "j M Y, H:i"),
    }


def _already(update: StatusUpdate) -> str:
    if update.state == UpdateState.APPROVED:
        return _("%(name)s has already approved this update. Nothing was changed.") % {
            "name": update.approved_by
        }
    if update.state == UpdateState.RETURNED:
        return _("This update has already been returned to its author. Nothing was changed.")
    return _("This update is not waiting for review. Nothing was changed.")


def _keep(
    decision: Decision,
    update: StatusUpdate,
    reviewer: User,
    version: UpdateVersion,
    said: Said,
    now: datetime,
) -> Review:
    """Save the decision on an update, which also ends taking it. Returns: the review."""
    update.taken_by = update.taken_at = None
    update.save()
    return Review.objects.create(
        update=update, version=version, reviewer=reviewer, decision=decision, decided_at=now, **said
    )


def _return(
    update: StatusUpdate, reviewer: User, version: UpdateVersion, said: Said, now: datetime
) -> Review:
    if not any(said.values()):
        raise ValidationError({"comment": _("Say what the author should change.")})
    update.state, update.returned_at = UpdateState.RETURNED, now
    review = _keep(Decision.RETURN, update, reviewer, version, said, now)
    _tell_author(update, review)
    log.record(
        EventKind.RETURNED, now=now, actor=reviewer, recommendation=update.recommendation, update=update
    )
    return review


def _approve(
    update: StatusUpdate,
    reviewer: User,
    version: UpdateVersion,
    said: Said,
    outside: Outside,
    counts: bool,
    now: datetime,
) -> Review:
    asked = to_decide(update, counts=counts)
    asked.check(outside.extent, outside.earlier)
    if outside.extent != Extent.NOTHING:
        Citation.objects.hold_items_of(update)
        if outside.cited and outside.cited != told_fingerprint(update):
            raise Refused(told_has_changed())
        if update.submitted_at and (refusal := changed_it_alone(update, reviewer, update.submitted_at)):
            raise ValidationError({"extent": refusal})
    update.state, update.approved_at, update.approved_by = UpdateState.APPROVED, now, reviewer
    if counts:
        update.counts_at, update.counts_by = now, reviewer
    review = _keep(Decision.APPROVE, update, reviewer, version, said, now)
    acts = _publish(update, reviewer, outside, asked, now)
    moved = follow(update.recommendation)
    _tell_author(update, review)
    moves.record_act(
        EventKind.APPROVED,
        moved,
        update=update,
        actor=reviewer,
        now=now,
        kind_of_update=update.kind,
        published=outside.extent,
    )
    for act in acts:
        if act.update != update or act.extent != Extent.NOTHING:
            publications.record(act, now=now)
    return review


def _publish(
    update: StatusUpdate, reviewer: User, outside: Outside, asked: ToDecide, now: datetime
) -> list[Publication]:
    """Keep what is said outside of an update from its approval on, and what is withdrawn by it."""
    if update.corrects and (update.counts_at or not update.corrects.counts_at):
        PublicationProposal.objects.filter(update=update.corrects).delete()
    overtaken = asked.withdrawn(outside.extent, outside.earlier)
    gone = Publication.objects.overtake(overtaken, by_update=update, by=reviewer, at=now)
    own = Publication.objects.decide(
        update=update, extent=outside.extent, by=reviewer, at=now, proposed_by=update.author
    )
    return [*gone, own]


def _tell_author(update: StatusUpdate, review: Review) -> None:
    """Queue the author's mail in the transaction of the decision: both happen, or neither."""
    outbox.enqueue(
        key=f"decision:{review.pk}:{update.author_id}",
        kind=MailKind.DECISION,
        recipient=update.author,
        letter=messages.decision(update, review),
        now=review.decided_at,
        useful_for=DECISION_USEFUL_FOR,
    )
