"""The dashboard: the recommendations of one report as a matrix, and their numbers.

The desk and everybody's first page show the same, each person what they can see. The database does the
counting: it returns plain values, and the number of rows does not grow with the updates.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple, Protocol

from django.db.models import Count, Exists, Q
from django.utils.timezone import localdate

from recommendations.choices import Status, UpdateKind
from recommendations.models import Ask, Citation, Recommendation, Report, StatusUpdate, User
from recommendations.rules.dates import last_quarters, quarter_start
from recommendations.rules.facts import UpdateFacts
from recommendations.rules.status import FACTS, derive_status
from recommendations.selectors.list_queries import LINE_FIELDS, Line, line_of
from recommendations.selectors.origins import origins

# Two years, which is what fits beside a title.
QUARTERS = 8
# A report lists about a dozen recommendations; the longest known has 43.
MATRIX_ROWS = 50


@dataclass(slots=True)
class Quarter:
    """A calendar quarter: its first day, and the status at its end (None before the report was followed)."""

    first: date
    status: str | None = None

    @property
    def name(self) -> str:
        """The quarter as people write it, such as "Q3 2024"."""
        return f"Q{(self.first.month + 2) // 3} {self.first.year}"


@dataclass(slots=True)
class MatrixRow:
    """One recommendation, and its status at the end of each quarter."""

    line: Line
    quarters: list[Quarter]


@dataclass(slots=True)
class Owner:
    """One person's overdue recommendations; ``pk`` is None if nobody is responsible for them."""

    pk: int | None
    name: str
    overdue: int


@dataclass
class Numbers:
    """Counts of recommendations, each the length of a list that its link opens."""

    total: int = 0
    overdue: int = 0
    verified: int = 0
    cited: int = 0
    origins: int = 0
    statuses: list[tuple[Status, int]] = field(default_factory=list)
    owners: list[Owner] = field(default_factory=list)


@dataclass
class Dashboard:
    """What a dashboard shows: the rows of ``report``, and numbers of that report and no other."""

    report: Report | None
    rows: list[MatrixRow]
    numbers: Numbers

    @property
    def scope(self) -> str:
        """The start of an address's query that limits the lists behind the numbers to the report."""
        return f"report={self.report.slug}&" if self.report else ""

    @property
    def more(self) -> int:
        """How many rows are not shown."""
        return self.numbers.total - len(self.rows)

    @property
    def quarters(self) -> list[Quarter]:
        """The quarters of the strips, the present one last."""
        return self.rows[0].quarters if self.rows else []


def dashboard(user: User, report: Report | None, today: date) -> Dashboard:
    """Return the dashboard of ``report`` for ``user``; four or five statements, however many rows there are.

    Args:
        report: None if there is none at all.
        today: the reader's day.
    """
    if report is None:
        return Dashboard(None, [], Numbers())
    return Dashboard(report, matrix(user, report, today), numbers(user, report, today))


def matrix(user: User, report: Report, today: date) -> list[MatrixRow]:
    """Return the first rows of one report for ``user``, in the report's order.

    Two statements, and a third if a recommendation is split into asks.

    Args:
        user: the reader; the past follows from the updates that count, the present from the
            recommendation, as on every page.
        today: the reader's day.
    """
    asked = Recommendation.objects.visible_to(user).listed().filter(report=report).order_by("position")
    asked = asked.annotate(cited=Citation.objects.counted_for(user).for_each())
    rows = asked.values_list(*LINE_FIELDS, "cited")[:MATRIX_ROWS]
    lines = [line_of(row[:-1], row[-1]) for row in rows]
    asks = _asks(report) if any(line.split for line in lines) else {}
    said = _said(report)
    quarters = last_quarters(today, QUARTERS)
    return [
        MatrixRow(line, _strip(line, said[line.pk], asks.get(line.pk, []), quarters, report.released_on))
        for line in lines
    ]


class _Assessment(UpdateFacts, Protocol):
    """An assessment that counts, and from when on."""

    counts_at: datetime


def _said(report: Report) -> Mapping[int, list[_Assessment]]:
    """Return {recommendation pk: the assessments that count, whoever can read them}."""
    counting = StatusUpdate.objects.counting().filter(recommendation__report=report)
    facts = counting.filter(kind=UpdateKind.ASSESSMENT).values_list(*FACTS, "counts_at", named=True)
    said = defaultdict(list)
    for one in facts:
        said[one.recommendation_id].append(one)
    return said


def _asks(report: Report) -> Mapping[int, list[Ask]]:
    """Return {recommendation pk: its asks that count}."""
    asks = defaultdict(list)
    for ask in Ask.objects.filter(recommendation__report=report, retired_at=None):
        asks[ask.recommendation_id].append(ask)
    return asks


def _strip(
    line: Line, said: Sequence[_Assessment], asks: Sequence[Ask], quarters: Sequence[date], released_on: date
) -> list[Quarter]:
    """Return the status at the end of each quarter; for this quarter, the present status."""
    strip = []
    for first, following in pairwise(quarters):
        by_then = _by(following, said)
        status = derive_status(by_then, asks).whole.status if by_then else Status.NOT_ASSESSED
        strip.append(Quarter(first, status if following > released_on else None))
    return [*strip, Quarter(quarters[-1], line.status)]


def _by(day: date, said: Sequence[_Assessment]) -> list[_Assessment]:
    """Return the assessments that show before ``day``: each from its as-of date on.

    One that a reviewer let count later shows, and corrects, from that day on. Any other correction takes the
    place of what it corrects from the beginning.
    """
    late = {one.pk for one in said if one.approved_at != one.counts_at}
    hidden = {
        one.pk for one in said if one.as_of >= day or (one.pk in late and localdate(one.counts_at) >= day)
    }
    corrected = {one.corrects_id for one in said if one.pk not in hidden & late}
    return [one for one in said if one.pk not in hidden | corrected]


def numbers(user: User, report: Report, today: date) -> Numbers:
    """Return the counts over one report. Two statements.

    Args:
        user: the reader; it depends on the evidence that they can see, and on their day.
        today: the reader's day.
    """
    rows = Recommendation.objects.visible_to(user).listed().filter(report=report)
    cited = Citation.objects.counted_for(user).about_each()
    groups = (
        rows.order_by()
        .values_list("status", "owner_id", "owner__name", "owner__email")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(next_review_on__lt=today, report__closed_at=None)),
            fresh=Count("pk", filter=Q(last_verified_on__gte=quarter_start(today))),
            held=Count("pk", filter=Exists(cited)),
        )
    )
    result = _numbers(list(groups))
    result.origins = len(origins(user, report))
    return result


def _numbers(groups: Iterable[tuple[str, int | None, str, str, int, int, int, int]]) -> Numbers:
    result, names = Numbers(), {}
    counts: Counter[str] = Counter()
    late: Counter[int | None] = Counter()
    for status, owner, name, email, n, overdue, verified, cited in groups:
        counts[status] += n
        late[owner] += overdue
        names[owner] = name or email or ""
        result.total += n
        result.overdue += overdue
        result.verified += verified
        result.cited += cited
    result.statuses = [(status, counts[status]) for status in Status if counts[status]]
    owners = [Owner(pk, names[pk], number) for pk, number in late.items() if number]
    result.owners = sorted(owners, key=lambda owner: (owner.pk is not None, -owner.overdue, owner.name))
    return result


class Other(NamedTuple):
    """Another followed report, and how many of its recommendations are overdue."""

    report: Report
    overdue: int


def others_followed(
    reports: Sequence[Report], report: Report | None, person: User, today: date
) -> list[Other]:
    """Return the followed reports beside the one that the board shows. One statement, or none."""
    others = [one for one in reports if one.is_followed and one != report]
    if not others:
        return []
    rows = Recommendation.objects.visible_to(person).overdue_on(today).filter(report__in=others)
    counted = dict(rows.order_by().values_list("report").annotate(number=Count("pk")))
    return [Other(one, counted.get(one.pk, 0)) for one in others]
