"""A pause for the whole queue while the mail server cannot be reached.

An outage of the server does not count against any mail: no attempt is counted, and the mails do not each try
the server in turn.
"""

from datetime import datetime, timedelta
from typing import Any

from recommendations.heartbeat import MAIL_SERVER as NAME
from recommendations.models import Heartbeat

PAUSES = [timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30)]


def paused_until(now: datetime) -> datetime | None:
    """Return until when the queue rests, or None when it does not.

    A rest beyond the longest does not count: it was set by a clock that was ahead, such as a command with
    ``--now``, and would keep all mails back.
    """
    row = Heartbeat.objects.filter(name=NAME).first()
    until = datetime.fromisoformat(row.detail["until"]) if row and row.detail.get("until") else None
    return until if until and now < until <= now + PAUSES[-1] else None


def trip(now: datetime, error: object, *, hangs: bool = False, since: datetime | None = None) -> datetime:
    """Rest after a failed connection, or after a mail that got no answer: 1, 2, 5, 10, then 30 minutes.

    Args:
        hangs: the server took a mail and did not answer.
        since: when the trouble began, if not now.

    Returns: until when.
    """
    row = Heartbeat.objects.filter(name=NAME).first()
    before: dict[str, Any] = row.detail if row and row.detail.get("failures") else {}
    failures: int = before.get("failures", 0) + 1
    began = before.get("since") or (since or now).isoformat()
    until = now + PAUSES[min(failures, len(PAUSES)) - 1]
    words = " ".join(str(error).split())[:300]
    Heartbeat.objects.beat(
        NAME, now, failures=failures, until=until.isoformat(), error=words, since=began, hangs=hangs
    )
    return until


def reset(now: datetime) -> None:
    """Forget the failures: the server answered."""
    troubled = Heartbeat.objects.filter(name=NAME, at__lte=now, detail__failures__gt=0)
    troubled.update(at=now, detail={"failures": 0})
