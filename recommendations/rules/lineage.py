"""Which lines between two reports can be confirmed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.choices import SAME_DEMAND, LineageKind
from recommendations.text.tokens import letters_of


@dataclass(frozen=True)
class ChosenLine:
    """A line that somebody chose before the later report is imported.

    ``old`` are references of the earlier report, ``new`` positions in the list of the later one. ``carries``
    says whether what was set on the earlier recommendation is carried over.
    """

    old: tuple[str, ...]
    new: tuple[int, ...]
    kind: LineageKind
    carries: bool = True


def broken_lines(
    lines: Sequence[ChosenLine],
    old: Mapping[str, str],
    new: Mapping[int, str],
    *,
    earlier_is_whole: bool,
    later_is_whole: bool,
) -> dict[int, str]:
    """Return what is wrong with lines that were chosen together: {place among them: sentence}.

    Args:
        old: {reference: text} of the earlier report.
        new: {position: text} of the later one.
    """
    taken: set[str | int] = set()
    problems: dict[int, str] = {}
    for place, line in enumerate(lines):
        ends: list[str | int] = [*line.old, *line.new]
        if wrong := next(_wrong_ends(ends, {*old, *new}, taken), ""):
            problems[place] = wrong
            continue
        taken.update(ends)
        wrong = broken_line(
            [old[end] for end in line.old],
            [new[end] for end in line.new],
            line.kind,
            earlier_is_whole=earlier_is_whole,
            later_is_whole=later_is_whole,
        )
        if wrong:
            problems[place] = wrong
    return problems


def _wrong_ends(ends: Iterable[str | int], there: set[str | int], taken: set[str | int]) -> Iterator[str]:
    """Yield a sentence for each recommendation that does not exist, or is in another line already."""
    for end in ends:
        if end not in there:
            yield _("There is no recommendation %(name)s.") % {"name": end}
        elif end in taken:
            yield _("Recommendation %(name)s is in two lines. Take it out of one of them.") % {"name": end}


def broken_line(
    old: Sequence[str],
    new: Sequence[str],
    kind: LineageKind,
    *,
    earlier_is_whole: bool,
    later_is_whole: bool,
) -> str:
    """Return why recommendations of two reports are no line of this kind, or "" if they can be one.

    Args:
        old: the texts of the earlier report that belong to it.
        new: those of the later one.
        kind: how they relate.
        earlier_is_whole: whether the list of the earlier report is known to be whole.
        later_is_whole: whether that of the later one is.
    """
    if wrong := _wrong_numbers(len(old), len(new), kind):
        return wrong
    if kind in SAME_DEMAND:
        same = letters_of(old[0]) == letters_of(new[0])
        if kind is LineageKind.SAME and not same:
            return _("The words are not the same. Choose “Reworded”, “Widened” or “Narrowed”.")
        if kind is not LineageKind.SAME and same:
            return _("The words are the same. Choose “Same”.")
    if kind is LineageKind.DROPPED and not later_is_whole:
        return _(
            "The list of the later report is not known to be whole: nobody knows whether it was dropped. "
            "Choose “Not known”."
        )
    if kind is LineageKind.NEW and not earlier_is_whole:
        return _(
            "The list of the earlier report is not known to be whole: nobody knows whether it is new. "
            "Choose “Not known”."
        )
    return ""


def _wrong_numbers(old: int, new: int, kind: LineageKind) -> str:
    if not old and not new:
        return _("Write the number of at least one recommendation.")
    if kind in SAME_DEMAND and (old, new) != (1, 1):
        return _("“%(kind)s” ties one recommendation to one.") % {"kind": kind.label}
    if kind is LineageKind.SPLIT and not (old == 1 and new > 1):
        return _("“Split” ties one recommendation of the earlier report to several of the later one.")
    if kind is LineageKind.MERGED and not (old > 1 and new == 1):
        return _("“Merged” ties several recommendations of the earlier report to one of the later one.")
    if kind is LineageKind.NEW and (old, new) != (0, 1):
        return _("“New” is about one recommendation of the later report and none of the earlier one.")
    if kind is LineageKind.DROPPED and (old, new) != (1, 0):
        return _("“Dropped” is about one recommendation of the earlier report and none of the later one.")
    if kind is LineageKind.NOT_KNOWN and max(old, new) > 1:
        return _("“Not known” is about one recommendation of each report at most.")
    return ""
