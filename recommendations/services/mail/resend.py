"""What managers do about mails that ended without anybody knowing whether they arrived."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import RESENDABLE_STATES, EventKind, MailAct, MailKind, MailState, Role
from recommendations.errors import Refused
from recommendations.mail.outbox import leases
from recommendations.mail.outbox.suppression import reason_to_hold_back
from recommendations.mail.outbox.transport import Line
from recommendations.models import Mail, User
from recommendations.models.leases import NO_LEASE
from recommendations.models.locking import still_there
from recommendations.selectors.scope import TOLD_STATES

# All retries of the sender take 22 hours; a second day is for a server that is mended meanwhile.
TRIED_FOR = timedelta(hours=48)
STATES = {MailAct.SEND_AGAIN: RESENDABLE_STATES, MailAct.MARK_DELIVERED: (MailState.UNKNOWN,)}


@transaction.atomic
def act_on(*, mail: Mail, act: MailAct, actor: User, seen_state: str, now: datetime) -> Mail:
    """Send a mail again, or mark it as delivered, and record who did.

    The same mail is sent: Message-ID, date and bodies stay as they were queued, so that a server that
    already has it can notice. If two managers act at once, one act is done and the other is refused.

    Args:
        mail: as it was read for the manager's page.
        actor: the manager.
        seen_state: the ``MailState`` in which the manager saw it.

    Returns: the mail as it is afterwards.

    Raises: Refused when the actor is not a manager, the mail's state does not allow it or has changed
    since it was seen, or the recipient cannot be mailed.
    """
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can send mails again or mark them as delivered."))
    current = still_there(Mail.objects.select_related("recipient"), mail.pk)
    if current.state != seen_state:
        raise Refused(_changed(current))
    if why_not := reason_against(mail=current, act=act, now=now):
        raise Refused(why_not)
    # The comparison decides, on every database: what was read above may be over by now.
    as_read = Mail.objects.filter(
        pk=current.pk, state=seen_state, attempts=current.attempts, next_attempt_at=current.next_attempt_at
    )
    if not as_read.update(**_fields_after(current, act, actor, now)):
        raise Refused(_changed(still_there(Mail.objects.all(), mail.pk)))
    current.refresh_from_db()
    log.record(
        EventKind.MAIL_STEERED,
        now=now,
        actor=actor,
        mail=current.pk,
        act=str(act),
        before=str(seen_state),
    )
    return current


def reason_against(*, mail: Mail, act: MailAct, now: datetime) -> str:
    """Return why a mail cannot be sent again or marked as delivered now, as a sentence; empty if it can."""
    if mail.state not in STATES[act]:
        allowed = _(", ").join(str(MailState(state).label) for state in STATES[act])
        return _(
            "Its state is “%(state)s”. This is possible only for mails in these states: %(allowed)s."
        ) % {
            "state": mail.get_state_display(),
            "allowed": allowed,
        }
    if act == MailAct.MARK_DELIVERED:
        return ""
    if not mail.has_words:
        return _("Its text is no longer stored.")
    if _is_told_since(mail):
        return _("A later mail already said the same.")
    return reason_to_hold_back(mail, now, Line().is_local)


def _is_told_since(mail: Mail) -> bool:
    """Say whether a mail that was not sent was replaced by one that says what it would have said."""
    if mail.kind == MailKind.REMINDER:
        # What expired unsent goes over to the mail that tells it next (``outbox.enqueue``).
        return not mail.items.exists()
    if mail.kind != MailKind.DIGEST or mail.state in TOLD_STATES:
        return False
    told = Mail.objects.filter(recipient=mail.recipient_id, kind=MailKind.DIGEST, state__in=TOLD_STATES)
    return told.filter(to_seq__gt=mail.from_seq or 0).exists()


def _changed(mail: Mail) -> str:
    return _("Its state is now “%(state)s”. Nothing was changed.") % {"state": mail.get_state_display()}


def _fields_after(mail: Mail, act: MailAct, actor: User, now: datetime) -> dict[str, Any]:
    """Return the new values of the row; no lease is left on it."""
    unsent = {"phase": "", "last_holder": "", **NO_LEASE}
    if act == MailAct.MARK_DELIVERED:
        return {
            **unsent,
            "state": MailState.SENT,
            "sent_at": _handed_over_at(mail) or now,
            "reason": _("Marked as delivered by %(name)s.") % {"name": actor},
        }
    words = _("Sent again by %(name)s.") % {"name": actor}
    # Should this attempt be refused, the former one may still have arrived: doubt is not forgotten.
    ambiguous = max(mail.ambiguous, int(mail.state == MailState.UNKNOWN))
    if ambiguous:
        words = f"{words} {_('An earlier attempt may have arrived, so this may be a second copy.')}"
    return {
        **unsent,
        "state": MailState.PENDING,
        "attempts": 0,
        "ambiguous": ambiguous,
        "next_attempt_at": now,
        "not_after": max(mail.not_after, now + TRIED_FOR),
        "reason": words,
    }


def _handed_over_at(mail: Mail) -> datetime | None:
    """Return when the attempt that may have been accepted began; None if none is on record."""
    doubtful = mail.tries.filter(outcome__in=[leases.NOT_KNOWN, leases.LOST_AFTER_DOT])
    return doubtful.order_by("-number").values_list("started_at", flat=True).first()
