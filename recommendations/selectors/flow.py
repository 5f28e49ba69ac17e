"""How updates pass through review: submitted, approved, returned, and how long it took."""

from bisect import bisect
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median

from django.db.models import Count, Q

from recommendations.choices import Decision
from recommendations.models import Report, StatusUpdate, UpdateVersion, User
from recommendations.rules.dates import last_months, month_bounds

MONTHS = 6
DAY = timedelta(days=1)


@dataclass(slots=True)
class Month:
    """One month of the reader's calendar; ``days`` says how many days each of its decisions took."""

    first: date
    last: date
    submitted: int = 0
    approved: int = 0
    returned: int = 0
    days: list[int] = field(default_factory=list)

    @property
    def median_days(self) -> int | None:
        """The median of whole days from submission to decision; None without a decision."""
        return round(median(self.days)) if self.days else None


def _months(today: date) -> list[Month]:
    return [Month(*month_bounds(first)) for first in last_months(today, MONTHS)]


def _midnight(user: User, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=user.zone)


def review_flow(user: User, today: date) -> list[Month]:
    """Return the last months, this one last, with what ``user`` can see of them. One statement.

    Each round counts: an update that was returned and submitted again counts as submitted twice.

    Args:
        user: a reviewer.
        today: the reader's day; months are those of their calendar.
    """
    months = _months(today)
    begin = _midnight(user, months[0].first)
    since = Q(submitted_at__gte=begin) | Q(review__decided_at__gte=begin)
    rounds = UpdateVersion.objects.visible_to(user).filter(since).order_by()
    begins = [_midnight(user, month.first) for month in months]
    for submitted_at, decided_at, decision in rounds.values_list(
        "submitted_at", "review__decided_at", "review__decision"
    ):
        # Instants are compared, not calendars: some thousand rounds may have passed.
        if submitted_at >= begin:
            months[bisect(begins, submitted_at) - 1].submitted += 1
        if decided_at and decided_at >= begin:
            _decide(months[bisect(begins, decided_at) - 1], (decided_at - submitted_at).days, decision)
    return months


def _decide(month: Month, days: int, decision: str) -> None:
    month.days.append(days)
    if decision == Decision.APPROVE:
        month.approved += 1
    else:
        month.returned += 1


def approvals(user: User, report: Report, today: date) -> list[Month]:
    """Return the last months with the approved updates of a report that ``user`` can see. One statement."""
    months = _months(today)
    counted = (
        StatusUpdate.objects.visible_to(user)
        .approved()
        .filter(recommendation__report=report)
        .aggregate(
            **{f"month_{n}": Count("pk", filter=_within(user, month)) for n, month in enumerate(months)}
        )
    )
    for n, month in enumerate(months):
        month.approved = counted[f"month_{n}"]
    return months


def _within(user: User, month: Month) -> Q:
    end = _midnight(user, month.last + DAY)
    return Q(approved_at__gte=_midnight(user, month.first), approved_at__lt=end)
