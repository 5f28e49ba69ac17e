"""How the sending of mails goes, for the head of the mail log."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from recommendations.choices import MailState
from recommendations.models import Heartbeat, Mail, User
from recommendations.pulse import MAIL_SERVER

# In the order in which somebody has to look at them.
LOOKED_AT_FIRST = (
    MailState.FAILED,
    MailState.UNKNOWN,
    MailState.PENDING,
    MailState.SENDING,
    MailState.EXPIRED,
    MailState.SUPPRESSED,
    MailState.SENT,
)


@dataclass(frozen=True)
class Trouble:
    """The mail server cannot be used: how often that was tried, when it is tried next, what it said."""

    failures: int
    until: datetime
    error: str


@dataclass
class Mailroom:
    """Counts by state as (state, number), the mail that has waited longest, and what keeps mails back."""

    counts: list
    oldest: Mail | None
    bouncing: int
    trouble: Trouble | None


def trouble_of(detail):
    """Return the ``Trouble`` that the breaker has written down, or None. Args: its detail, or None."""
    if not detail or not detail.get("failures"):
        return None
    return Trouble(detail["failures"], datetime.fromisoformat(detail["until"]), detail.get("error", ""))


def mailroom(user):
    """Return how the sending goes; four statements, however many mails there are.

    The counts read every mail: half a second for 200,000, for managers alone.

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
        trouble=trouble_of(beat.detail if beat else None),
    )
