"""What an import will mean: the list of the new report beside that of the one before, not yet stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from recommendations.choices import SAME_DEMAND, LineageKind
from recommendations.importing.report import ParsedReport
from recommendations.models import Recommendation, Report
from recommendations.rules.lineage import ChosenLine
from recommendations.selectors.carrying_over import Carrying, carryings_of, mark_of
from recommendations.selectors.lines import Line, line_of, with_proposals
from recommendations.succession.rows import recommendation_of


@dataclass(frozen=True)
class Met:
    """A line of the two lists: one that the person chose, or one that is proposed.

    ``carrying`` is what it would carry over; None where there is not one recommendation on each side.
    """

    line: Line
    chosen: ChosenLine | None
    carrying: Carrying | None

    @property
    def name(self) -> str:
        """Its references and its numbers in the new list: "TIP-2023-KP-06 → 6, 7"."""
        sides = ([row.reference for row in self.line.old], [str(row.position) for row in self.line.new])
        return " → ".join(", ".join(side) or "–" for side in sides)

    @property
    def is_of_several(self) -> bool:
        """Whether it has several on a side: only a person can say which of them the work belongs to."""
        return len(self.line.old) > 1 or len(self.line.new) > 1

    @property
    def carries(self) -> bool:
        """Whether what it carries over is carried over, if the line is confirmed."""
        return self.chosen is None or self.chosen.carries


@dataclass(frozen=True)
class Meeting:
    """Two lists beside each other, in the order of the earlier one."""

    earlier: Report
    later: Report
    old: list[Recommendation]
    new: list[Recommendation]
    rows: list[Met]
    warnings: tuple[str, ...]

    @property
    def chosen(self) -> list[Met]:
        """The lines that the import confirms."""
        return [met for met in self.rows if met.chosen]

    @property
    def staying(self) -> list[Met]:
        """The lines that stay proposals."""
        return [met for met in self.rows if not met.chosen]

    @property
    def same(self) -> list[Met]:
        """The lines that are only proposed and whose words are the same."""
        return [met for met in self.rows if not met.chosen and met.line.kind is LineageKind.SAME]

    @property
    def carried(self) -> list[Carrying]:
        """What the import carries over, in the order of the later list."""
        found = [met.carrying for met in self.chosen if met.carries and met.carrying]
        return sorted((one for one in found if one.taken), key=lambda one: one.later.position)

    @property
    def mark(self) -> str:
        """What tells what is carried over from what was shown before."""
        return mark_of(self.carried)


def predecessor(parsed: ParsedReport) -> Report | None:
    """Return the report that a new one takes over from: the latest earlier one that is followed, or is there.

    None where a newer one is there: then the import is closed, and takes nothing over.
    """
    others = list(
        Report.objects.filter(country_code=parsed.country_code)
        .exclude(year=parsed.year)
        .light()
        .order_by("-year")
    )
    if not others or others[0].year > parsed.year:
        return None
    return next((one for one in others if one.is_followed), others[0])


def meet(earlier: Report, parsed: ParsedReport, chosen: Sequence[ChosenLine], today: date) -> Meeting:
    """Return the two lists with the lines that were chosen, and proposals for the rest. Five statements.

    Args:
        chosen: lines of recommendations that are there, each in one of them at most.

    Raises: Refused when a list is longer than any list of a report.
    """
    later = Report(
        country_code=parsed.country_code,
        country_name=parsed.country_name,
        year=parsed.year,
        complete=parsed.complete,
    )
    new = [recommendation_of(later, item, None, today) for item in parsed.recommendations]
    old = list(earlier.recommendations.listed().order_by("position"))
    for row in old:
        row.report = earlier
    named, placed = {row.reference: row for row in old}, {row.position: row for row in new}
    settled = [
        line_of([named[one] for one in line.old], [placed[one] for one in line.new], line.kind)
        for line in chosen
    ]
    found = with_proposals(earlier, later, old, new, settled)
    tied = [line for line in found.in_order if line.kind in SAME_DEMAND]
    carryings = carryings_of([(None, line.old[0], line.new[0]) for line in tied])
    by_place = {line.place: carrying for line, carrying in zip(tied, carryings, strict=True)}
    chosen_at = {line.place: one for line, one in zip(settled, chosen, strict=True)}
    rows = [Met(line, chosen_at.get(line.place), by_place.get(line.place)) for line in found.in_order]
    return Meeting(earlier, later, old, new, rows, found.warnings)
