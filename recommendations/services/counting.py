"""Letting a restricted update that was approved without counting count from today on."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.accounts import oversight
from recommendations.audit import moves, publications
from recommendations.choices import EventKind, Extent, Role, UpdateState
from recommendations.errors import Refused
from recommendations.models import Citation, Publication, PublicationProposal, StatusUpdate, User
from recommendations.rules.following import follow
from recommendations.rules.submission import broken_rules
from recommendations.selectors.counting import asked_now, fingerprint

# What has to hold when an update comes to count; the rest was asked when it was submitted.
RULES = ("kind", "corrects", "ask", "status", "reason", "evidence", "places")


@transaction.atomic
def count_from_now(
    *, update: StatusUpdate, actor: User, now: datetime, earlier: str = "", seen: str | None = None
) -> StatusUpdate:
    """Let an approved restricted update count from ``now`` on, and never before.

    Args:
        actor: a reviewer who did not write it, and can see it.
        earlier: what becomes of what is outside (``Earlier``), where that is asked.
        seen: what the actor read would move (``selectors.counting.fingerprint``); nothing else is done.

    Returns: the update; one that the actor let count already as it is. Raises: Refused, with the reason;
    ValidationError where the question about what is outside has no answer.
    """
    update = StatusUpdate.objects.locked(update)
    if update.counts_by_id == actor.pk and update.counts_at:
        return update
    if refusal := reason_not_to_count(update=update, person=actor, now=now):
        raise Refused(refusal)
    if seen is not None and seen != fingerprint(update):
        raise Refused(_("What would change is different by now. Read it again, then decide."))
    asked = asked_now(update)
    asked.check(Extent.NOTHING, earlier)
    update.counts_at, update.counts_by = now, actor
    update.save(update_fields=["counts_at", "counts_by"])
    PublicationProposal.objects.filter(update=update.corrects_id or 0).delete()
    gone = Publication.objects.overtake(
        asked.withdrawn(Extent.NOTHING, earlier), by_update=update, by=actor, at=now
    )
    moved = follow(update.recommendation)
    moves.record_act(EventKind.COUNTED, moved, update=update, actor=actor, now=now)
    for act in gone:
        publications.record(act, now=now)
    return update


def reason_not_to_count(*, update: StatusUpdate, person: User, now: datetime) -> str:
    """Return why ``person`` cannot let ``update`` count, as a sentence; empty when they can."""
    if not person.has_role(Role.REVIEWER):
        return _("Only reviewers can decide that an update counts.")
    if not StatusUpdate.objects.visible_to(person).filter(pk=update.pk).exists():
        return _("There is no such update.")
    if update.state != UpdateState.APPROVED:
        return _("Only an approved update can count.")
    if update.counts_at:
        return _("It counts already, since %(day)s.") % {
            "day": date_format(timezone.localtime(update.counts_at), "j M Y, H:i")
        }
    if update.author_id == person.pk:
        return _("You wrote this update, so another reviewer has to decide on it.")
    if one_hand := oversight.one_hand(person, update.author):
        return one_hand
    if update.citations.count() != Citation.objects.visible_to(person).filter(update=update).count():
        return _(
            "This update cites a restricted item that you cannot see. Another reviewer has to decide, or you "
            "are given access."
        )
    if StatusUpdate.objects.correcting(update).exists():
        return _("This update was corrected, so it cannot count any more.")
    return _unmet(update, now)


def _unmet(update: StatusUpdate, now: datetime) -> str:
    """Return the first rule that keeps an update from counting as things are now; empty when none does."""
    if update.corrects and StatusUpdate.objects.counting().filter(corrects=update.corrects).exists():
        return _(
            "Another correction of the same update counts already. Log a new update that corrects that one."
        )
    problems = broken_rules(update, now=now)
    sentences = [sentence for name in RULES for sentence in problems.get(name, ())]
    if not sentences:
        return ""
    return _("%(problem)s This update cannot be changed any more, so log a new one.") % {
        "problem": sentences[0]
    }
