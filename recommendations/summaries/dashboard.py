"""The dashboard: one report's recommendations as a matrix, and the numbers over all that are followed.

The desk and everybody's home show the same, each person what they may see. Counting is the database's:
rows come as plain values, and their number does not grow with the updates.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from recommendations.choices import Status, UpdateKind
from recommendations.dates import last_quarters, quarter_start
from recommendations.models import Citation, Recommendation, Report, StatusUpdate
from recommendations.summaries.glance import LINE_FIELDS, Line, line_of

# Two years, which is what fits beside a title.
QUARTERS = 8
# A report lists about a dozen recommendations; the longest known has 43.
MATRIX_ROWS = 50


@dataclass(slots=True)
class Quarter:
    """A calendar quarter: its first day, and what stood at its end (None before the report was followed)."""

    first: date
    status: str | None = None

    @property
    def name(self):
        """The quarter as people write it, such as "Q3 2024"."""
        return f"Q{(self.first.month + 2) // 3} {self.first.year}"


@dataclass(slots=True)
class MatrixRow:
    """One recommendation, and its status at the end of each quarter."""

    line: Line
    quarters: list[Quarter]


@dataclass(slots=True)
class Owner:
    """One person's overdue recommendations; ``pk`` is None where nobody answers for them."""

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
    statuses: list = field(default_factory=list)
    owners: list = field(default_factory=list)


@dataclass
class Dashboard:
    """What a dashboard shows: the rows of ``report``, and the numbers of all that is followed.

    Where the reader chose a report, the numbers are of that one alone, and ``scope`` narrows the lists
    behind them to it.
    """

    report: Report | None
    rows: list[MatrixRow]
    numbers: Numbers
    scope: str = ""

    @property
    def quarters(self):
        """The quarters of the strips, the present one last."""
        return self.rows[0].quarters if self.rows else []


def dashboard(user, report, today, *, chosen):
    """Return the dashboard of ``report`` for ``user``; two statements, however many rows there are.

    Args:
        user: the reader.
        report: the report whose rows are shown, or None where there is none at all.
        today: the reader's day.
        chosen: whether the reader asked for this report, and not just for what is followed.
    """
    return Dashboard(
        report=report,
        rows=matrix(user, report, today),
        numbers=numbers(user, report if chosen else None, today),
        scope=f"report={report.slug}&" if chosen else "",
    )


def matrix(user, report, today):
    """Return the rows of one report for ``user``, in the report's order. One statement.

    Args:
        user: the reader; the past is told by the updates that they may see, the present by the
            recommendation, as on every page.
        report: the report, or None, which has no rows.
        today: the reader's day.
    """
    if report is None:
        return []
    quarters = last_quarters(today, QUARTERS)
    asked = Recommendation.objects.visible_to(user).filter(report=report).order_by("position")
    asked = asked.annotate(
        cited=Coalesce(Subquery(_cited(user)), 0, output_field=IntegerField()),
        **{f"quarter_{n}": Subquery(_stood(user, until)) for n, until in enumerate(quarters[1:])},
    )
    past = [f"quarter_{n}" for n in range(QUARTERS - 1)]
    rows = asked.values_list(*LINE_FIELDS, "cited", *past)[:MATRIX_ROWS]
    size = len(LINE_FIELDS)
    return [
        _row(line_of(row[:size], row[size]), row[size + 1 :], quarters, report.tracked_from) for row in rows
    ]


def _row(line, past, quarters, tracked_from):
    stood = [*(status or Status.NOT_ASSESSED for status in past), line.status]
    return MatrixRow(
        line,
        [
            Quarter(first, status if following > tracked_from else None)
            for first, following, status in zip(quarters, [*quarters[1:], date.max], stood, strict=True)
        ],
    )


def _stood(user, until):
    """Return the status of the assessment that stood just before the day ``until``."""
    assessments = (
        StatusUpdate.objects.visible_to(user).standing().filter(kind=UpdateKind.ASSESSMENT, ask=None)
    )
    before = assessments.filter(recommendation=OuterRef("pk"), as_of__lt=until)
    return before.newest_first().values("status")[:1]


def _cited(user):
    """Count the evidence that the user may count, of one recommendation."""
    cited = Citation.objects.counted_for(user).filter(update__recommendation=OuterRef("pk"))
    return (
        cited.order_by()
        .values("update__recommendation")
        .annotate(n=Count("evidence", distinct=True))
        .values("n")
    )


def numbers(user, report, today):
    """Return the counts over all that is followed, or over one report. One statement.

    Args:
        user: the reader, whose evidence and whose day count.
        report: a report, or None for all that are followed.
        today: the reader's day.
    """
    rows = Recommendation.objects.visible_to(user)
    rows = rows.filter(report=report) if report else rows.tracked()
    cited = Citation.objects.counted_for(user).filter(update__recommendation=OuterRef("pk"))
    groups = (
        rows.order_by()
        .values_list("status", "owner_id", "owner__name", "owner__email")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(next_review_on__lt=today)),
            fresh=Count("pk", filter=Q(last_verified_on__gte=quarter_start(today))),
            held=Count("pk", filter=Exists(cited)),
        )
    )
    return _numbers(list(groups))


def _numbers(groups):
    result, counts, late, names = Numbers(), Counter(), Counter(), {}
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
