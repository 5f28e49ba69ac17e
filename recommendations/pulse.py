"""The heartbeat of the jobs: who writes it, when its silence is an alarm, and who else is told of it.

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

from recommendations.models import Heartbeat

logger = logging.getLogger(__name__)

TICK = "tick"
# What the sender writes down while the mail server cannot be used.
MAIL_SERVER = "mail server"
# Beat ticks every five minutes; three missed ticks are no accident (mail design, "Watchdog").
LEAST_ALARM = timedelta(minutes=15)
MISSED_TICKS = 3
PING_TIMEOUT = 10  # seconds


@dataclass(frozen=True)
class Pulse:
    """When the jobs last ran to their end, and whether that is too long ago; ``ticked_at`` None for never."""

    ticked_at: datetime | None
    age: timedelta | None
    silent: bool


def alarm_after():
    """Return how long a silence may be: 15 minutes, or three ticks where they were set farther apart."""
    return max(LEAST_ALARM, MISSED_TICKS * timedelta(seconds=settings.TICK_SECONDS))


def is_silent(since, now):
    """Say whether no tick since ``since`` is an alarm."""
    return now - since > alarm_after()


def pulse(now):
    """Return how the jobs are. An installation in which none has run yet has as long as any to begin.

    Args:
        now: the clock.
    """
    ticked_at = Heartbeat.objects.filter(name=TICK).values_list("at", flat=True).first()
    since = ticked_at or _installed_at()
    return Pulse(
        ticked_at=ticked_at,
        age=now - ticked_at if ticked_at else None,
        silent=is_silent(since, now),
    )


def _installed_at():
    """Return when the first migration ran here: kept by the database, so no restart makes it later."""
    return MigrationRecorder(connection).migration_qs.aggregate(at=Min("applied"))["at"]


def record_tick(now, done):
    """Write that a tick ran to its end, and tell the dead man's switch, where one is set.

    Args:
        now: the clock.
        done: {name of the job: number}.
    """
    Heartbeat.objects.beat(TICK, now, **done)
    if settings.PING_URL:
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
