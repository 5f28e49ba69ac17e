"""Sending what is queued: take a mail, check it again, hand it over, record what the server answered."""

import hashlib
import logging
import re
import smtplib
import time
from collections import Counter
from datetime import datetime, timedelta
from email.utils import format_datetime

from django.conf import settings

from recommendations.choices import MailState
from recommendations.mail.outbox import bounces, breaker, leases
from recommendations.mail.outbox.leases import Lease
from recommendations.mail.outbox.prefetch import Ahead
from recommendations.mail.outbox.suppression import Suppression
from recommendations.mail.outbox.transport import (
    FrozenMessage,
    Line,
    never_connected,
    provider_answer,
    timed_out,
)
from recommendations.models import Mail

logger = logging.getLogger(__name__)

# A run ends within the time to the next tick.
BUDGET = timedelta(minutes=4)
RETRIES = [
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
]
# The server took a mail, and said nothing of it for as long as we wait.
NO_ANSWER = "no answer"
# The one refusal of MAIL FROM that is about this mail; the others are about the sender, an operator's matter.
TOO_BIG = 552
# What a server says when it ends the connection, and when it takes nothing without a sign-in (RFC 4954, 6).
CLOSING, SIGN_IN_FIRST = 421, 530
# Refused by policy (RFC 3463, 3.8), such as to relay: that is about us, and says nothing of the address.
POLICY = re.compile(r"5\.7\.\d")
# What providers answer by HTTP: not this account; too many at once, too slow, too early.
ACCOUNT_REFUSED, TRY_LATER = (401, 402, 403), (408, 425, 429)


class _Clock:
    """The time at which the run was started, plus the time that it has taken."""

    def __init__(self, now: datetime) -> None:
        self.start, self.began = now, time.monotonic()

    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self.began)

    def now(self) -> datetime:
        return self.start + self.elapsed()


def due(now: datetime) -> list[tuple[Mail, str]]:
    """Return the mails that a run would take now, each with the reason to hold it back, if any.

    Changes nothing.
    """
    is_local = Line().is_local
    waiting = Mail.objects.sendable(now).filter(not_after__gte=now).select_related("recipient", "words")
    mails = list(waiting)
    suppression = Suppression(mails)
    return [(mail, suppression.reason_to_hold_back(mail, now, is_local)) for mail in mails]


def send(now: datetime, *, budget: timedelta = BUDGET) -> Counter[str]:
    """Send what is queued, each mail by only one sender.

    Args:
        budget: the time after which no further mail is taken.

    Returns: how many mails had each outcome.
    """
    tally: Counter[str] = Counter(recovered=leases.recover(now), expired=leases.expire(now))
    if breaker.paused_until(now):
        return +tally
    clock, line, ahead = _Clock(now), Line(), Ahead()
    try:
        while clock.elapsed() < budget:
            lease = leases.take(clock.now(), ahead)
            if lease is None:
                break
            outcome = _deliver(lease, ahead.suppression, line, clock)
            tally[outcome] += 1
            if outcome in ("no connection", NO_ANSWER):
                break
    finally:
        line.close()
    return +tally


def _deliver(lease: Lease, suppression: Suppression, line: Line, clock: _Clock) -> str:
    """Take one mail to its end. Returns: a word for the outcome."""
    reason = suppression.reason_to_hold_back(lease.mail, clock.now(), line.is_local)
    if reason:
        leases.settle(lease, clock.now(), "held back", state=MailState.SUPPRESSED, reason=reason)
        return "suppressed"
    try:
        message = build(lease.mail)
        message.raw  # noqa: B018 (written before anything is sent, so that what is wrong is this mail's)
    except Exception as error:
        # Whatever is wrong with this one mail, the others must go out.
        logger.exception("Mail %s cannot be built.", lease.mail.pk)
        return _fail(lease, clock.now(), error=f"It cannot be built: {error}")
    return _go_out(lease, line, clock, message)


def build(mail: Mail) -> FrozenMessage:
    """Return the message of a mail, with the id and the date that were fixed when it was planned.

    Raises: MailWords.DoesNotExist when its text is not stored.
    """
    words = mail.words
    return FrozenMessage(
        subject=mail.subject,
        body=words.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to_address],
        headers={
            **words.headers,
            "Message-ID": mail.message_id,
            "Date": format_datetime(mail.date_header),
        },
        alternatives=[(words.html, "text/html")] if words.html else [],
    )


def _go_out(lease: Lease, line: Line, clock: _Clock, message: FrozenMessage) -> str:
    try:
        line.open()
    except (OSError, ValueError) as error:  # a name or a password that cannot even be written as bytes
        return _no_connection(lease, line, clock.now(), error)
    return _hand_over(lease, line, clock, message)


def _hand_over(lease: Lease, line: Line, clock: _Clock, message: FrozenMessage) -> str:
    try:
        line.send(message, lambda: lease.mark_dot(clock.now()))
    except leases.LeaseLost:
        logger.error("Mail %s: another sender has taken over.", lease.mail.pk)
        line.drop()
        return "lease lost"
    except smtplib.SMTPException as error:
        # Many servers take a number of mails over one connection and end it. The mail whose turn it was goes
        # over a new one, by the same attempt: nothing of it had left. At the end of that one it waits.
        if _ends_the_line(error) and line.drop() and not lease.past_the_dot:
            return _go_out(lease, line, clock, message)
        return _refused(lease, line, clock.now(), error)
    except ValueError as error:
        line.drop()
        return _fail(lease, clock.now(), error=f"The address or a header is not valid: {error}")
    except Exception as error:
        if never_connected(error):
            return _no_connection(lease, line, clock.now(), error)
        if 400 <= provider_answer(error) < 500:
            return _provider_refused(lease, line, clock.now(), error)
        # Backends of providers raise what they like; what is true of all: it is not known to be sent.
        logger.exception("Mail %s: the connection broke.", lease.mail.pk)
        return _broken(lease, line, clock.now(), error)
    if line.only_writes:
        return _written(lease, clock.now())
    sent_at, code = clock.now(), line.taken_code
    leases.settle(lease, sent_at, "accepted", code=code, state=MailState.SENT, sent_at=sent_at, reason="")
    bounces.note_acceptance(lease.mail)
    if not line.has_worked:
        line.has_worked = True
        breaker.reset(sent_at)
    return "sent"


def _written(lease: Lease, now: datetime) -> str:
    """Record that a mail was written as a file: nobody was mailed, and no server answered."""
    reason = "No mail server is named (EMAIL_URL)."
    leases.settle(lease, now, "written as a file", state=MailState.WRITTEN, sent_at=now, reason=reason)
    return "written"


def _refused(lease: Lease, line: Line, now: datetime, error: smtplib.SMTPException) -> str:
    """Sort the server's answer: later, never, or a problem of the server and not of this mail."""
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _broken(lease, line, now, error)
    code, words = _answer(error)
    if code == CLOSING or not code:
        line.drop()
    if _refuses_us(error, code):
        return _no_connection(lease, line, now, f"{code} {words}")
    if code >= 500 or not code:
        if not POLICY.match(words):
            bounces.note_refusal(lease, error, now)
        return _fail(lease, now, code=str(code or ""), error=words)
    return _later(lease, now, code=str(code), error=words)


def _ends_the_line(error: smtplib.SMTPException) -> bool:
    """Say whether this answer ends the connection."""
    return isinstance(error, smtplib.SMTPServerDisconnected) or _answer(error)[0] == CLOSING


def _refuses_us(error: smtplib.SMTPException, code: int) -> bool:
    """Say whether the server refuses all our mail: our greeting, our sender, or mail without a sign-in."""
    if isinstance(error, smtplib.SMTPHeloError) or code == SIGN_IN_FIRST:
        return True
    return isinstance(error, smtplib.SMTPSenderRefused) and code >= 500 and code != TOO_BIG


def _provider_refused(lease: Lease, line: Line, now: datetime, error: Exception) -> str:
    """Sort a provider's answer, as ``_refused`` does: with each of these, the mail was not taken."""
    status = provider_answer(error)
    if status in ACCOUNT_REFUSED:
        return _no_connection(lease, line, now, error)
    if status in TRY_LATER:
        return _later(lease, now, code=str(status), error=error)
    bounces.note_refusal(lease, error, now)
    return _fail(lease, now, code=str(status), error=error)


def _answer(error: smtplib.SMTPException) -> tuple[int, str]:
    """Return (code, words) of what the server said; 0 where smtplib itself refused."""
    words: bytes | str
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(error.recipients.values()))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, str(error)
    return code, words.decode(errors="replace") if isinstance(words, bytes) else str(words)


def _broken(lease: Lease, line: Line, now: datetime, error: Exception) -> str:
    """The connection broke. Before the dot, that is a delay; after it, nobody knows."""
    line.drop()
    if not lease.past_the_dot:
        return _later(lease, now, error=error)
    fields = leases.after_doubt(lease.mail.ambiguous + 1, now)
    leases.settle(lease, now, leases.NOT_KNOWN, error=error, **fields)
    if not timed_out(error):
        return leases.NOT_KNOWN
    # Each further mail would be as long in doubt, and might be doubled.
    logger.warning("The mail server gave no answer to mail %s.", lease.mail.pk)
    breaker.trip(now, "no answer after a mail was handed over", hangs=True, since=lease.dot_at)
    return NO_ANSWER


def _later(lease: Lease, now: datetime, *, code: str = "", error: object = "") -> str:
    """Let a mail wait, at every attempt longer."""
    wait = RETRIES[min(lease.mail.attempts, len(RETRIES)) - 1] * _spread(lease.mail)
    leases.settle(
        lease, now, "later", code=code, error=error, state=MailState.PENDING, next_attempt_at=now + wait
    )
    return "later"


def _spread(mail: Mail) -> float:
    """Return a factor from 0.8 to 1.2 that differs by mail and attempt, so that retries do not crowd."""
    seed = hashlib.sha256(f"{mail.key}:{mail.attempts}".encode()).digest()
    return 0.8 + 0.4 * seed[0] / 255


def _fail(lease: Lease, now: datetime, *, code: str = "", error: object = "") -> str:
    """Close a mail that no further attempt would deliver; as unknown, if an earlier attempt may have."""
    state = MailState.UNKNOWN if lease.mail.ambiguous else MailState.FAILED
    leases.settle(lease, now, "refused", code=code, error=error, state=state)
    return str(state)


def _no_connection(lease: Lease, line: Line, now: datetime, error: object) -> str:
    """The server cannot be reached, or refuses all our mail: the whole queue rests, nothing is counted."""
    logger.warning("The mail server cannot be used: %s", error)
    line.drop()
    until = breaker.trip(now, error)
    leases.release(lease, now, until, error)
    return "no connection"
