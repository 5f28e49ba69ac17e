"""The heartbeat of the jobs: what writes it, when its silence is an alarm, and what else is told of it.

A worker can be alive and deaf: its process runs, and nothing that beat rings reaches it (celery #8030,
#10205). Only what it leaves in the database tells.
"""

import logging
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min

from recommendations.models import Heartbeat, Mail
from recommendations.models.mail import LEASE

logger = logging.getLogger(__name__)

TICK = "tick"
# Written when a run of the sending begins; one that hangs at the mail server lets no other begin.
SENDING = "sending"
# What the sender writes down while the mail server cannot be used.
MAIL_SERVER = "mail server"
# A server that says nothing for so long about a mail is no longer just slow.
HANGS_AFTER = timedelta(minutes=3)
HANGS, UNUSABLE, SILENT = "hangs", "unusable", "silent"
# Beat ticks every five minutes; three missed ticks are no accident (docs/mail.md, "When nothing goes out").
LEAST_ALARM = timedelta(minutes=15)
MISSED_TICKS = 3
PING_TIMEOUT = 10  # seconds


@dataclass(frozen=True)
class MailTrouble:
    """Why no mail goes out, and since when: it hangs at the server, the server is unusable, nobody sends."""

    what: str
    since: datetime


@dataclass(frozen=True)
class JobStatus:
    """When the jobs last ran to their end, and whether that is too long ago; ``ticked_at`` None for never."""

    ticked_at: datetime | None
    age: timedelta | None
    silent: bool
    mail: MailTrouble | None


def alarm_after():
    """Return how long a silence may be: 15 minutes, or three ticks where they were set farther apart."""
    return max(LEAST_ALARM, MISSED_TICKS * timedelta(seconds=settings.TICK_SECONDS))


def is_silent(since, now):
    """Say whether no tick since ``since`` is an alarm."""
    return now - since > alarm_after()


def job_status(now):
    """Return how the jobs are. An installation in which none has run yet has as long as any to begin.

    Args:
        now: the clock.
    """
    ticked_at = Heartbeat.objects.filter(name=TICK).values_list("at", flat=True).first()
    since = ticked_at or _installed_at()
    return JobStatus(
        ticked_at=ticked_at,
        age=now - ticked_at if ticked_at else None,
        silent=is_silent(since, now),
        mail=mail_trouble(now),
    )


def mail_trouble(now):
    """Return what keeps mails from going out for so long that somebody has to know, or None."""
    if since := hangs_since(now):
        return MailTrouble(HANGS, since)
    beats = {beat.name: beat for beat in Heartbeat.objects.filter(name__in=[SENDING, MAIL_SERVER])}
    server, sending = beats.get(MAIL_SERVER), beats.get(SENDING)
    if server and server.detail.get("failures") and "since" in server.detail:
        since = datetime.fromisoformat(server.detail["since"])
        if server.detail.get("hangs"):
            return MailTrouble(HANGS, since)
        if is_silent(since, now):
            return MailTrouble(UNUSABLE, since)
    if sending and is_silent(sending.at, now):
        return MailTrouble(SILENT, sending.at)
    return None


def hangs_since(now):
    """Return since when the mail server owes the answer to a mail that it was handed; None while it may."""
    lease = Mail.objects.handed_over().order_by("lease_until").values_list("lease_until", flat=True).first()
    return dot_of(lease, now)


def dot_of(lease_until, now):
    """Return when a mail was handed over whose lease ends then, if that is too long ago; else None."""
    since = lease_until - LEASE if lease_until else None
    return since if since and now - since > HANGS_AFTER else None


def sending_is_idle(now):
    """Say whether nobody sends although it is rung for: a worker for mails has to be started again.

    One that holds a mail is not idle, however long that takes.
    """
    sending = Heartbeat.objects.filter(name=SENDING).first()
    if sending is None or not is_silent(sending.at, now):
        return False
    return not Mail.objects.in_hand().held(now).exists()


def _installed_at():
    """Return when the first migration ran here: kept by the database, so no restart makes it later."""
    return MigrationRecorder(connection).migration_qs.aggregate(at=Min("applied"))["at"]


def record_tick(now, done):
    """Write that a tick ran to its end, and tell the dead man's switch, where one is set and mails go out.

    Args:
        now: the clock.
        done: {name of the job: number}.
    """
    Heartbeat.objects.beat(TICK, now, **done)
    # From the first tick on somebody has to send.
    Heartbeat.objects.get_or_create(name=SENDING, defaults={"at": now})
    if settings.PING_URL and not mail_trouble(now):
        ping(settings.PING_URL)


def ping(address):
    """Ask for an address whose owner raises an alarm when nobody asks for it; a failure is only logged.

    Returns: whether it answered.
    """
    try:
        # The settings let nothing but http and https through.
        with urllib.request.urlopen(address, timeout=PING_TIMEOUT):  # noqa: S310
            return True
    except (OSError, ValueError) as error:
        # Whoever has the address can silence the alarm, so it stays out of the log.
        logger.warning("The address in PING_URL did not answer: %s", error)
        return False


def record_sending(now):
    """Write that a run of the sending begins."""
    Heartbeat.objects.beat(SENDING, now)
