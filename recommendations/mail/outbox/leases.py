"""Which process can send a mail: a lease decided by a conditional UPDATE, before anything uses the network.

Every change of a mail that was taken names the lease's token (``models/leases.py``). The UPDATE of a
sender that was stopped until its lease was over matches no row, and the sender does nothing.
"""

import logging
import os
import socket
import threading
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from recommendations.choices import MailState
from recommendations.mail.outbox import statements
from recommendations.mail.outbox.prefetch import Ahead
from recommendations.models import Mail, MailAttempt
from recommendations.models.leases import NO_LEASE, new_lease
from recommendations.models.mail import DOT, LEASE

logger = logging.getLogger(__name__)

# A mail of which nobody knows whether it was accepted is sent again once, with the same Message-ID.
RESEND_LIMIT = 1
RESEND_AFTER = timedelta(minutes=15)
# The outcomes of attempts that may have been accepted.
NOT_KNOWN, LOST_AFTER_DOT = "not known", "lost after the dot"


class LeaseLost(Exception):
    """Another sender has taken over the mail: nothing can be sent or written under this lease."""


@dataclass
class Lease:
    """The right to send one mail until it runs out."""

    mail: Mail
    token: uuid.UUID
    number: int  # of the attempt
    began: datetime
    dot_at: datetime | None = None  # when its bytes began to leave

    def change(self, **fields: object) -> statements.Change:
        """Return the change of the mail, which matches no row if the lease was lost."""
        mine = {"id": self.mail.pk, "lease_token": self.token}
        return statements.update(Mail, mine, **fields)

    def mark_dot(self, now: datetime) -> None:
        """Record that the bytes are about to leave, and hold the mail for the long answer. Raises: LeaseLost.

        The time before, two slow connections at worst, does not count towards the time for the answer.
        """
        if statements.run(self.change(phase=DOT, lease_until=now + LEASE)) != [1]:
            raise LeaseLost(f"The lease of mail {self.mail.pk} is over.")
        self.dot_at = now

    @property
    def past_the_dot(self) -> bool:
        """Whether the server may have the mail."""
        return self.dot_at is not None


def take(now: datetime, ahead: Ahead | None = None) -> Lease | None:
    """Take the mail that has waited longest.

    Args:
        ahead: the reader of this run, which reads several mails at once.

    Returns: a lease, or None when no mail waits.
    """
    ahead = ahead or Ahead()
    while mail := ahead.next(now):
        if lease := _take(mail, now):
            return lease
    return None


def _take(mail: Mail, now: datetime) -> Lease | None:
    """Take the row if it is still as it was read: the comparison decides, on every database.

    It is a transaction of its own; the attempt is recorded when it ends, by ``settle`` or ``recover``.
    """
    lease, address = new_lease(now + LEASE), mail.fixed_address or mail.recipient.email
    number = 1 if _is_untouched(mail) else mail.tries.count() + 1
    as_read = {
        "id": mail.pk,
        "state": MailState.PENDING,
        "attempts": mail.attempts,
        "next_attempt_at": mail.next_attempt_at,
    }
    taken = statements.update(
        Mail,
        as_read,
        state=MailState.SENDING,
        phase="",
        last_holder=worker_name(),
        attempts=mail.attempts + 1,
        to_address=address,
        **lease,
    )
    if statements.run(taken) != [1]:
        return None
    mail.to_address, mail.attempts = address, mail.attempts + 1
    return Lease(mail, lease["lease_token"], number, now)


def _is_untouched(mail: Mail) -> bool:
    """Say whether a mail was never taken: a sender leaves its name, and removing the name leaves a reason."""
    return not (mail.last_holder or mail.reason or mail.attempts)


def worker_name() -> str:
    """Return host, process and thread of this sender, for the log."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"[:100]


def settle(
    lease: Lease, now: datetime, outcome: str, *, code: str = "", error: object = "", **fields: object
) -> bool:
    """Record what became of a mail, and end its lease.

    Args:
        outcome: a word for the attempt.
        code, error: the server's words.
        fields: the new values of the mail; ``state`` is one of them.

    Returns: whether the lease still held. If it did not, only the attempt is recorded.
    """
    error = " ".join(str(error).split())[:300]
    ended = {"ended_at": now, "outcome": outcome, "code": code, "error": error}
    this = {"mail_id": lease.mail.pk, "number": lease.number}
    freed = lease.change(phase="", last_code=code, last_error=error, **NO_LEASE, **fields)
    try:
        held = statements.run(freed, statements.insert(MailAttempt, **this, started_at=lease.began, **ended))[
            0
        ]
    except IntegrityError:
        # Somebody took the mail back and wrote this attempt down as lost; what became of it is known now.
        held = False
        if not MailAttempt.objects.filter(**this).update(**ended):
            raise
    if not held:
        logger.error("Mail %s: the lease ran out before “%s” was written.", lease.mail.pk, outcome)
    return bool(held)


def release(lease: Lease, now: datetime, next_attempt_at: datetime, error: object) -> bool:
    """Return a mail that never reached the server to the queue: the attempt does not count."""
    return settle(
        lease,
        now,
        "no connection",
        error=error,
        state=MailState.PENDING,
        attempts=lease.mail.attempts - 1,
        next_attempt_at=next_attempt_at,
    )


def after_doubt(ambiguous: int, now: datetime) -> dict[str, Any]:
    """Return the fields of a mail after an attempt that may have been accepted or not.

    Args:
        ambiguous: how many such attempts there were, with this one.
    """
    if ambiguous <= RESEND_LIMIT:
        return {
            "state": MailState.PENDING,
            "ambiguous": ambiguous,
            "next_attempt_at": now + RESEND_AFTER,
            "reason": "An earlier attempt may have arrived, so this may be a second copy.",
        }
    return {
        "state": MailState.UNKNOWN,
        "ambiguous": ambiguous,
        "reason": "The connection broke after the mail was handed over.",
    }


def recover(now: datetime) -> int:
    """Take back the mails whose sender was killed or is lost.

    Before the dot, nothing was sent, so the mail simply waits again. After the dot, nobody knows.

    Returns: how many were taken back.
    """
    return sum(_recover(mail, now) for mail in Mail.objects.in_hand().lost(now).order_by("pk"))


def _recover(mail: Mail, now: datetime) -> int:
    if mail.phase == DOT:
        fields, outcome = after_doubt(mail.ambiguous + 1, now), LOST_AFTER_DOT
    else:
        fields = {
            "state": MailState.PENDING,
            "next_attempt_at": now,
            "attempts": Greatest(F("attempts") - 1, Value(0)),
        }
        outcome = "lost before the dot"
    with transaction.atomic():
        won = Mail.objects.filter(phase=mail.phase).settle(mail, phase="", **fields)
        # A version before this one wrote an attempt down when it began.
        if won and not mail.tries.filter(ended_at=None).update(ended_at=now, outcome=outcome):
            mail.tries.create(
                number=mail.tries.count() + 1,
                started_at=(mail.lease_until or now) - LEASE,
                ended_at=now,
                outcome=outcome,
            )
    return won


@transaction.atomic(durable=True)
def expire(now: datetime) -> int:
    """Close the mails that have waited until they are no longer useful.

    Durable: it fails if the sending was wrapped in a transaction, whose leases nobody else could see until
    its end.

    Returns: how many. A mail that may have been accepted ends as unknown, never as not sent.
    """
    late = Mail.objects.filter(state=MailState.PENDING, not_after__lt=now)
    unknown = late.filter(ambiguous__gt=0).update(state=MailState.UNKNOWN)
    return unknown + late.filter(ambiguous=0).update(
        state=MailState.EXPIRED, reason="It could not be sent in time."
    )
