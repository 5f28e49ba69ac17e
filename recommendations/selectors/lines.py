"""The lines between two reports of one country: those that were confirmed, and those that are proposed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from recommendations.choices import LineageKind
from recommendations.errors import Refused
from recommendations.lineage import MOST, compare
from recommendations.models import Lineage, Recommendation, Report, User
from recommendations.text.diff import Run, word_runs


@dataclass(frozen=True)
class Line:
    """What belongs together of two reports, each side in the order of its list.

    ``row`` is one of the rows of a confirmed line, and None for a proposed one. ``runs`` are the words of the
    new text marked against the old one, where there is one of each and marking helps.
    """

    old: list[Recommendation]
    new: list[Recommendation]
    kind: LineageKind
    row: Lineage | None = None
    runs: list[Run] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """What the line is called on its page."""
        return f"line-{(self.old or self.new)[0].reference}"

    @property
    def name(self) -> str:
        """Return its references, for people who do not see the page: "TIP-2023-KP-02 → TIP-2024-KP-02"."""
        sides = (", ".join(row.reference for row in side) or "–" for side in (self.old, self.new))
        return " → ".join(sides)

    @property
    def place(self) -> tuple[bool, int]:
        """Where it stands on the page: in the order of the old list, then of the new one."""
        return not self.old, (self.old or self.new)[0].position


@dataclass(frozen=True)
class Lines:
    """All lines between two reports: each recommendation of both is in one."""

    confirmed: list[Line]
    proposed: list[Line]
    warnings: tuple[str, ...]

    @property
    def in_order(self) -> list[Line]:
        """Return both, in the order of the lists."""
        return sorted([*self.confirmed, *self.proposed], key=lambda line: line.place)

    @property
    def same(self) -> list[Line]:
        """Return the proposed ones whose words are the same."""
        return [line for line in self.proposed if line.kind is LineageKind.SAME]


def earlier_reports(report: Report, person: User) -> QuerySet[Report]:
    """Return the earlier reports of the same country that ``person`` can see, the latest first."""
    others = Report.objects.visible_to(person).light()
    return others.filter(country_code=report.country_code, year__lt=report.year).order_by("-year")


def later_reports(report: Report, person: User) -> QuerySet[Report]:
    """Return the later reports of the same country that ``person`` can see, the earliest first."""
    others = Report.objects.visible_to(person).light()
    return others.filter(country_code=report.country_code, year__gt=report.year).order_by("year")


def neighbours(report: Report, person: User) -> tuple[Report | None, Report | None]:
    """Return the reports of the same country before and after one, as ``person`` sees them. One statement."""
    others = Report.objects.visible_to(person).light().filter(country_code=report.country_code)
    rows = list(others.exclude(pk=report.pk).order_by("year"))
    before = next((one for one in reversed(rows) if one.year < report.year), None)
    return before, next((one for one in rows if one.year > report.year), None)


def lines_between(earlier: Report, later: Report) -> Lines:
    """Return the lines between two reports of one country.

    Raises: Refused when a list is longer than any list of a report.
    """
    confirmed = _confirmed(earlier, later)
    tied = {row.pk for line in confirmed for row in (*line.old, *line.new)}
    old, new = (_compared(report, tied) for report in (earlier, later))
    return with_proposals(earlier, later, old, new, confirmed)


def with_proposals(
    earlier: Report,
    later: Report,
    old: Sequence[Recommendation],
    new: Sequence[Recommendation],
    confirmed: list[Line],
) -> Lines:
    """Return confirmed lines, with proposals for the recommendations that are in none of them.

    Args:
        old, new: the recommendations of the two reports in order; they need not be stored.

    Raises: Refused when a list is longer than any list of a report.
    """
    for report, rows in ((earlier, old), (later, new)):
        if len(rows) > MOST:
            about = {"report": report, "n": len(rows), "most": MOST}
            raise Refused(
                _(
                    "%(report)s has %(n)s recommendations, and lists of more than %(most)s are not compared. "
                    "Check that its document was read correctly."
                )
                % about
            )
    found = compare(
        [row.text for row in old],
        [row.text for row in new],
        old_complete=earlier.complete,
        new_complete=later.complete,
        old_year=earlier.year,
        new_year=later.year,
        settled=(
            _indices(old, (row for line in confirmed for row in line.old)),
            _indices(new, (row for line in confirmed for row in line.new)),
        ),
    )
    proposed = [
        line_of([old[at - 1] for at in pair.old], [new[at - 1] for at in pair.new], pair.kind)
        for pair in found.pairs
    ]
    return Lines(confirmed, proposed, found.warnings)


def _compared(report: Report, tied: Collection[int]) -> list[Recommendation]:
    """Return those that the source has, and those of confirmed lines (``tied``), which stay."""
    rows = report.recommendations.filter(Q(gone_since=None) | Q(pk__in=tied))
    return list(rows.order_by("position"))


def _indices(rows: Sequence[Recommendation], chosen: Iterable[Recommendation]) -> list[int]:
    """Return which of the rows are chosen, counted from 1: positions can have gaps."""
    places = {row.position: at for at, row in enumerate(rows, 1)}
    return [places[row.position] for row in chosen]


def _confirmed(earlier: Report, later: Report) -> list[Line]:
    rows = Lineage.objects.between(earlier, later).exclude(confirmed_at=None)
    found: dict[tuple[str, int | None], list[Lineage]] = {}
    for row in rows.select_related("earlier", "later", "confirmed_by").order_by("pk"):
        split = row.later_id is None or (row.earlier_id and row.kind != LineageKind.MERGED)
        found.setdefault(("old", row.earlier_id) if split else ("new", row.later_id), []).append(row)
    return [
        line_of(
            _in_order(row.earlier for row in group),
            _in_order(row.later for row in group),
            LineageKind(group[0].kind),
            group[0],
        )
        for group in found.values()
    ]


def _in_order(rows: Iterable[Recommendation | None]) -> list[Recommendation]:
    return sorted({row for row in rows if row}, key=lambda row: row.position)


def line_of(
    old: list[Recommendation], new: list[Recommendation], kind: LineageKind, row: Lineage | None = None
) -> Line:
    """Return a line, with its words marked where there is one recommendation on each side."""
    runs: list[Run] = []
    if len(old) == len(new) == 1 and kind is not LineageKind.SAME:
        runs = word_runs(old[0].text, new[0].text)
    return Line(old, new, kind, row, runs if len(runs) > 1 else [])
