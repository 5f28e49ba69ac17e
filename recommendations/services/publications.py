"""Publishing an approved update later, or more of it, by two people; and withdrawing it, by one."""

from datetime import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.accounts import oversight
from recommendations.audit import log, publications
from recommendations.choices import EventKind, Extent, Role, UpdateState
from recommendations.errors import Refused
from recommendations.models import Citation, Publication, PublicationProposal, StatusUpdate, User
from recommendations.rules.publication import cannot_publish
from recommendations.selectors.held_back import changed_it_alone, told_fingerprint, told_has_changed
from recommendations.selectors.publishing import further_than_now, outside_of
from recommendations.selectors.withdrawing import standing_again


@transaction.atomic
def propose(*, update: StatusUpdate, actor: User, extent: str, now: datetime) -> PublicationProposal:
    """Propose that more of an approved update be said outside than is now; the first of two decisions.

    Args:
        actor: a contributor who can see it, its author too.

    Returns: the proposal; the actor's own of the same extent as it is. Raises: Refused, with the reason.
    """
    update = StatusUpdate.objects.locked(update)
    if refusal := reason_not_to_propose(update=update, person=actor, extent=extent):
        raise Refused(refusal)
    waiting = PublicationProposal.objects.filter(update=update).select_related("proposed_by").first()
    if waiting and (waiting.proposed_by_id, waiting.extent) == (actor.pk, extent):
        return waiting
    if waiting:
        raise Refused(
            _("%(name)s has already proposed this. Nothing was changed.") % {"name": waiting.proposed_by}
        )
    made = PublicationProposal.objects.create(
        update=update, extent=extent, proposed_by=actor, proposed_at=now
    )
    _record(EventKind.PUBLISHING_PROPOSED, update, actor, now, extent)
    return made


@transaction.atomic
def confirm(*, update: StatusUpdate, actor: User, extent: str, now: datetime, cited: str = "") -> Publication:
    """Publish what somebody else proposed.

    Args:
        actor: a reviewer who neither wrote the update nor proposed this.
        extent: what was proposed when the actor read it; something else is not published.
        cited: stands for the evidence that would be told then (``held_back.told_fingerprint``).

    Raises: Refused, with the reason.
    """
    update, proposal = _proposed(update, actor)
    if refusal := reason_not_to_confirm(proposal=proposal, person=actor):
        raise Refused(refusal)
    if proposal.extent != extent:
        raise Refused(_("The proposal changed after you opened it. Read it again, then decide."))
    Citation.objects.hold_items_of(update)
    if cited and cited != told_fingerprint(update):
        raise Refused(told_has_changed())
    if refusal := changed_it_alone(update, actor, proposal.proposed_at):
        raise Refused(refusal)
    proposal.delete()
    act = Publication.objects.decide(
        update=update, extent=extent, by=actor, at=now, proposed_by=proposal.proposed_by
    )
    publications.record(act, now=now)
    return act


@transaction.atomic
def decline(*, update: StatusUpdate, actor: User, now: datetime) -> None:
    """Turn a proposal down, as a reviewer, or take one's own back. Raises: Refused."""
    update, proposal = _proposed(update, actor)
    if not (actor.has_role(Role.REVIEWER) or proposal.proposed_by_id == actor.pk):
        raise Refused(_("Only reviewers can decline what somebody else proposed."))
    proposal.delete()
    _record(EventKind.PUBLISHING_DECLINED, update, actor, now, proposal.extent)


@transaction.atomic
def withdraw(
    *, update: StatusUpdate, actor: User, reason: str, now: datetime, also: bool = False
) -> Publication:
    """Take all of an update back from outside, at once; of one that nobody decided on, that it stays inside.

    Args:
        actor: a reviewer; of what is outside they need not see the update.
        also: whether the older statuses that would stand outside again (``standing_again``) go with it.

    Returns: the act; the last one where the actor did so already, as after a double click.

    Raises: Refused when the actor does not review, and when somebody else did so already: the reason of the
    actor would not be recorded; ValidationError without a reason.
    """
    update = StatusUpdate.objects.locked(update)
    last = Publication.objects.last_acts().filter(update=update).first()
    if refusal := reason_not_to_withdraw(update=update, person=actor):
        raise Refused(refusal)
    if last and last.extent == Extent.NOTHING:
        if last.decided_by_id == actor.pk:
            return last
        if last.decided_by is None:
            raise Refused(_("It is withdrawn already, with a restricted update. Nothing was changed."))
        raise Refused(
            _("%(name)s has already decided that nothing of it is published. Nothing was changed.")
            % {"name": last.decided_by}
        )
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, in one sentence. It remains in the record.")})
    gone = [update, *(one.update for one in standing_again(update))] if also else [update]
    PublicationProposal.objects.filter(update__in=gone).delete()
    decide = partial(
        Publication.objects.decide, extent=Extent.NOTHING, by=actor, at=now, reason=reason.strip()
    )
    acts = [decide(update=one) for one in gone]
    for act in acts:
        publications.record(act, now=now)
    return acts[0]


def reason_not_to_propose(*, update: StatusUpdate, person: User, extent: str) -> str:
    """Return why ``person`` cannot propose to publish so much of ``update``; empty when they can."""
    if not person.has_role(Role.CONTRIBUTOR):
        return _("With your role, you can read updates but not propose to publish them.")
    if not StatusUpdate.objects.visible_to(person).filter(pk=update.pk).exists():
        return _("There is no such update.")
    if update.state != UpdateState.APPROVED:
        return _("Only an approved update can be published.")
    if StatusUpdate.objects.correcting(update).exists():
        return _("This update was corrected. What is published is its correction.")
    if extent not in further_than_now(update):
        return _("As much of it is published already.")
    return cannot_publish(update, extent)


def reason_not_to_confirm(*, proposal: PublicationProposal, person: User) -> str:
    """Return why ``person`` cannot publish what was proposed; empty when they can."""
    update = proposal.update
    if not person.has_role(Role.REVIEWER):
        return _("A reviewer has to confirm it.")
    if person.pk in (update.author_id, proposal.proposed_by_id):
        return _("You wrote the update or proposed this, so another reviewer has to confirm it.")
    for other in (update.author, proposal.proposed_by):
        if one_hand := oversight.one_hand(person, other):
            return one_hand
    if update.citations.count() != Citation.objects.visible_to(person).filter(update=update).count():
        return _(
            "This update cites a restricted item that you cannot see. Another reviewer has to confirm it, or "
            "somebody gives you access."
        )
    return reason_not_to_propose(update=update, person=person, extent=proposal.extent)


def reason_not_to_withdraw(*, update: StatusUpdate, person: User) -> str:
    """Return why ``person`` cannot withdraw what is outside of ``update``; empty when they can."""
    if not person.has_role(Role.REVIEWER):
        return _("Only reviewers can withdraw what is published.")
    if outside_of(update) or StatusUpdate.objects.visible_to(person).approved().filter(pk=update.pk).exists():
        return ""
    return _("There is no such update.")


def _proposed(update: StatusUpdate, actor: User) -> tuple[StatusUpdate, PublicationProposal]:
    """Return an update, locked, and what is proposed of it. Raises: Refused when nothing is."""
    update = StatusUpdate.objects.locked(update)
    seen = PublicationProposal.objects.visible_to(actor).filter(update=update)
    proposal = seen.select_related("proposed_by").first()
    if proposal is None:
        raise Refused(_("Nothing is proposed any more. Nothing was changed."))
    proposal.update = update
    return update, proposal


def _record(kind: EventKind, update: StatusUpdate, actor: User, now: datetime, extent: str) -> None:
    log.record(kind, now=now, actor=actor, recommendation=update.recommendation, update=update, extent=extent)
