"""The status of all recommendations of a report today, for one reader: the table of a digest."""

from dataclasses import dataclass
from datetime import date

from recommendations.models import Citation, Recommendation, Report, User
from recommendations.rules.dates import quarter_start


@dataclass
class Row:
    """One recommendation: how much visible evidence its approved updates cite, and its dates."""

    recommendation: Recommendation
    evidence: int
    is_verified_this_quarter: bool
    days_overdue: int


@dataclass
class Matrix:
    """One tracked report with its rows in the report's order."""

    report: Report
    rows: list[Row]
    today: date

    @property
    def with_evidence(self) -> int:
        """How many have evidence."""
        return sum(1 for row in self.rows if row.evidence)

    @property
    def verified(self) -> int:
        """How many were verified in the calendar quarter of today."""
        return sum(row.is_verified_this_quarter for row in self.rows)

    @property
    def overdue(self) -> list[Row]:
        """The rows whose review date has passed, the longest first."""
        return sorted((row for row in self.rows if row.days_overdue > 0), key=lambda row: -row.days_overdue)


class Matrices:
    """The status of all tracked recommendations, as one reader can see it; read once, used for any day."""

    def __init__(self, reader: User, viewer: User | None = None) -> None:
        """Read it.

        Args:
            reader: a person, or ``audience.anybody``.
            viewer: somebody else who looks at it; then evidence that they cannot see is not counted.
        """
        self.recommendations = list(
            Recommendation.objects.visible_to(reader)
            .tracked()
            .select_related("report", "owner")
            .defer("report__source_bytes", "report__text", "text")
            .order_by("-report__year", "report__country_name", "position")
        )
        counted = Citation.objects.counted_for(reader)
        counted = counted if viewer is None else counted.visible_to(viewer)
        self.evidence = counted.per_recommendation()
        self._matrices: dict[date, list[Matrix]] = {}

    def on(self, today: date) -> list[Matrix]:
        """Return a ``Matrix`` for each report that is tracked, newest first.

        Args:
            today: the date it is for the reader.
        """
        if today not in self._matrices:
            by_report: dict[int, Matrix] = {}
            for one in self.recommendations:
                matrix = by_report.setdefault(one.report_id, Matrix(one.report, [], today))
                matrix.rows.append(_row(one, self.evidence.get(one.pk, 0), today))
            self._matrices[today] = list(by_report.values())
        return self._matrices[today]


def _row(recommendation: Recommendation, evidence: int, today: date) -> Row:
    verified = recommendation.last_verified_on
    return Row(
        recommendation,
        evidence,
        bool(verified and verified >= quarter_start(today)),
        (today - recommendation.next_review_on).days,
    )
