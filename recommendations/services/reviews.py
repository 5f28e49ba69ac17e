"""What a reviewer decides, and what follows from it for the recommendation.

Locks are always taken in one order (recommendation, update, event sequence), so that two people who
act at once wait for each other and never block each other.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations import emails, ledger, outbox
from recommendations.choices import Decision, EventKind, MailKind, Role, UpdateState
from recommendations.errors import Refused
from recommendations.models import Citation, Review, StatusUpdate
from recommendations.rules import broken_rules
from recommendations.standing import follow

# Later the author has long seen it on their pages.
DECISION_USEFUL_FOR = timedelta(days=6)


@transaction.atomic
def decide(*, update, reviewer, decision, now, comment="", seen_version=None):
    """Approve a submitted update, or return it to its author.

    Two people who decide at the same moment get one decision and one clear refusal (domain, rule 3).

    Args:
        update: the submitted update.
        reviewer: a reviewer other than its author, who can see it.
        decision: a ``Decision``.
        now: the clock.
        comment: needed to return.
        seen_version: the number of the version that the reviewer read; a newer one is not decided on.

    Returns: the review.

    Raises: Refused with the reason; ValidationError when a comment is missing, or when the rules are
    not met any more (the status moved meanwhile, say).
    """
    update = StatusUpdate.objects.locked(update)
    refusal = reason_not_to_decide(update, reviewer, decision)
    if refusal:
        raise Refused(refusal)
    version = update.versions.last()
    if seen_version is not None and version.number != seen_version:
        raise Refused(_("The author changed this update after you opened it. Read it again, then decide."))
    if decision == Decision.RETURN:
        return _return(update, reviewer, version, comment, now)
    problems = broken_rules(update, today=reviewer.today(now))
    if problems:
        raise ValidationError(problems)
    return _approve(update, reviewer, version, comment, now)


def reason_not_to_decide(update, reviewer, decision=Decision.APPROVE):
    """Return why ``reviewer`` cannot decide on ``update``, as a sentence; empty when they can."""
    if not reviewer.has_role(Role.REVIEWER):
        return _("Only reviewers decide on updates.")
    if not StatusUpdate.objects.visible_to(reviewer).filter(pk=update.pk).exists():
        return _("There is no such update.")
    if update.author_id == reviewer.pk:
        return _("You wrote this update, so another reviewer has to decide on it.")
    if update.state != UpdateState.SUBMITTED:
        return _already(update)
    if decision == Decision.APPROVE and hidden_citations(update, reviewer):
        return _(
            "This update cites a restricted item that you may not see, so you cannot approve it. "
            "Ask its uploader to give you access, or leave it to another reviewer."
        )
    return ""


def hidden_citations(update, person):
    """Return how many citations of ``update`` point to evidence that ``person`` may not see."""
    return update.citations.count() - Citation.objects.visible_to(person).filter(update=update).count()


def _already(update):
    if update.state == UpdateState.APPROVED:
        return _("%(name)s approved this update already. Nothing was changed.") % {"name": update.approved_by}
    if update.state == UpdateState.RETURNED:
        return _("This update was returned to its author already. Nothing was changed.")
    return _("This update does not wait for review. Nothing was changed.")


def _return(update, reviewer, version, comment, now):
    if not comment.strip():
        raise ValidationError({"comment": _("Say what the author should change.")})
    update.state, update.returned_at = UpdateState.RETURNED, now
    update.save()
    review = Review.objects.create(
        update=update,
        version=version,
        reviewer=reviewer,
        decision=Decision.RETURN,
        comment=comment,
        decided_at=now,
    )
    event = ledger.record(
        EventKind.RETURNED, now=now, actor=reviewer, recommendation=update.recommendation, update=update
    )
    _tell_author(update, review, event)
    return review


def _approve(update, reviewer, version, comment, now):
    recommendation = update.recommendation
    update.state, update.approved_at, update.approved_by = UpdateState.APPROVED, now, reviewer
    update.save()
    review = Review.objects.create(
        update=update,
        version=version,
        reviewer=reviewer,
        decision=Decision.APPROVE,
        comment=comment,
        decided_at=now,
    )
    moved = follow(recommendation)
    about = {"now": now, "actor": reviewer, "recommendation": recommendation, "update": update}
    event = ledger.record(EventKind.APPROVED, kind_of_update=update.kind, **about)
    _tell_author(update, review, event)
    for what, before, after in moved:
        if what == recommendation:
            ledger.record(EventKind.STATUS_CHANGED, before=before, after=after, **about)
        else:
            ledger.record(EventKind.ASK_MOVED, ask=what.pk, before=before, after=after, **about)
    return review


def _tell_author(update, review, event):
    """Owe the author's mail in the transaction of the decision: both happen, or neither."""
    outbox.owe(
        key=f"event:{event.seq}:{update.author_id}",
        kind=MailKind.DECISION,
        recipient=update.author,
        letter=emails.decision(update, review),
        now=review.decided_at,
        useful_for=DECISION_USEFUL_FOR,
    )
