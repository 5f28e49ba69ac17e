"""Whether mails are being sent, for the top of the mail log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from recommendations.choices import MailState
from recommendations.heartbeat import MAIL_SERVER, dot_of
from recommendations.models import Heartbeat, Mail, User

# In the order in which somebody has to look at them.
LOOKED_AT_FIRST = (
    MailState.FAILED,
    MailState.UNKNOWN,
    MailState.PENDING,
    MailState.SENDING,
    MailState.EXPIRED,
    MailState.SUPPRESSED,
    MailState.WRITTEN,
    MailState.SENT,
)


@dataclass(frozen=True)
class Trouble:
    """The mail server cannot be used: how often it was tried, when it is tried next, what it answered.

    If it took a mail and does not answer, ``hangs_since`` says since when; ``until`` is None meanwhile.
    """

    failures: int = 0
    until: datetime | None = None
    error: str = ""
    hangs_since: datetime | None = None


@dataclass
class Mailroom:
    """Counts by state as (state, number), the mail that has waited longest, and what stops the sending."""

    counts: list[tuple[MailState, int]]
    oldest: Mail | None
    bouncing: int
    trouble: Trouble | None


def trouble_of(
    detail: Mapping[str, Any] | None, lease_until: datetime | None, now: datetime
) -> Trouble | None:
    """Return what stops the sending, or None.

    Args:
        detail: what the breaker has written down, or None.
        lease_until: the end of the lease of the mail that was handed over first, or None.
    """
    hangs_since = dot_of(lease_until, now)
    if not detail or not detail.get("failures"):
        return Trouble(hangs_since=hangs_since) if hangs_since else None
    if detail.get("hangs"):
        hangs_since = datetime.fromisoformat(detail["since"])
    until = datetime.fromisoformat(detail["until"])
    return Trouble(detail["failures"], until, detail.get("error", ""), hangs_since)


def handed_over_first() -> QuerySet[Mail, Mapping[str, object]]:
    """Return the query for the end of the lease of the mail that has waited longest for its answer."""
    return Mail.objects.handed_over().order_by("lease_until").values("lease_until")[:1]


def mailroom(user: User, now: datetime) -> Mailroom:
    """Return the state of the sending; five statements, however many mails there are.

    The counts read every mail: half a second for 200,000, so only managers see them.

    Args:
        user: a manager.
    """
    mails = Mail.objects.visible_to(user).order_by()
    counted = dict(mails.values("state").annotate(n=Count("pk")).values_list("state", "n"))
    waiting = mails.filter(state=MailState.PENDING).select_related("recipient").order_by("created_at", "pk")
    beat = Heartbeat.objects.filter(name=MAIL_SERVER).first()
    return Mailroom(
        counts=[(state, counted.get(state, 0)) for state in LOOKED_AT_FIRST],
        oldest=waiting.first(),
        bouncing=User.objects.filter(is_active=True, bouncing_since__isnull=False).count(),
        trouble=trouble_of(
            beat.detail if beat else None,
            handed_over_first().values_list("lease_until", flat=True).first(),
            now,
        ),
    )
