"""Threads as a table: a row for each demand of a country, and columns for each of its years."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.exports.tables import Cell, Column, Table, inert
from recommendations.selectors.threads import Cell as YearCell
from recommendations.selectors.threads import Country, Step, Thread

# What is said of each year; the first two columns are said once.
YEARLY = [
    Column("status", gettext_lazy("Status"), "status"),
    Column("reference", gettext_lazy("Reference"), "reference"),
    Column("as_of", gettext_lazy("As of"), "as_of"),
    Column("findings", gettext_lazy("Findings you can see"), "findings"),
    Column("origins", gettext_lazy("Origins you can see"), "origins"),
    Column("relation", gettext_lazy("Relation to the year before"), "relation", usual=False),
    Column("words", gettext_lazy("Text of the report"), "words", usual=False),
]
ONCE = [
    Column("title", gettext_lazy("Short title"), "title"),
    Column("years", gettext_lazy("Years in which it was made"), "years"),
]


def thread_columns() -> list[Column]:
    """Return the columns that can be chosen; those of ``YEARLY`` stand once for each year."""
    return [*ONCE, *YEARLY]


@dataclass
class ThreadTable(Table):
    """Threads as a file. ``columns`` are those chosen; ``heads`` and ``values`` repeat them for the years."""

    threads: Sequence[Thread] = ()
    country: Country | None = None
    chosen: list[Column] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chosen = self.columns
        years = list(self.country.reports) if self.country else []
        once = [one for one in self.chosen if one in ONCE]
        yearly = [one for one in self.chosen if one in YEARLY]
        self.columns = once + [
            Column(f"{one.name}-{year}", f"{year}: {one.label}", one.path) for year in years for one in yearly
        ]

    def values(self) -> Iterator[list[Cell]]:
        """Yield the values of each thread."""
        for thread in self.threads:
            row = [inert(_once(thread, one.path)) for one in self.chosen if one in ONCE]
            yearly = [one.path for one in self.chosen if one in YEARLY]
            yield row + [_told(cell, path) for cell in thread.cells for path in yearly]


def tiers(country: Country) -> str:
    """Return the tier of each report, for the face of the file."""
    said = (
        f"{year} {report.get_tier_display() if report else _('no report here')}"
        for year, report in country.reports.items()
    )
    return "; ".join(said)


def _once(thread: Thread, path: str) -> str:
    if path == "title":
        return "; ".join(row.short_title for row in thread.named)
    return ", ".join(map(str, thread.years))


def _told(cell: YearCell, path: str) -> Cell:
    """Return what one cell says: of a single recommendation as what it is, of several as text."""
    if not cell.steps:
        return str(cell.absence.label) if cell.absence and path == "status" else ""
    said = [_of_step(step, path) for step in cell.steps]
    if len(said) == 1:
        return inert(said[0]) if isinstance(said[0], str) else said[0]
    return inert("; ".join(one.isoformat() if isinstance(one, date) else str(one) for one in said))


def _of_step(step: Step, path: str) -> str | int | date:
    standing, row = step.standing, step.recommendation
    values: dict[str, str | int | date] = {
        "status": str(standing.status.label),
        "reference": row.reference,
        "as_of": standing.as_of or "",
        "findings": standing.findings,
        "origins": standing.origins,
        "relation": "; ".join(f"{tie.kind.label}: {tie.earlier.reference}" for tie in step.ties),
        "words": row.text,
    }
    return values[path]
