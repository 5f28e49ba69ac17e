"""Threads: which recommendations of one country are one demand through the years, by confirmed lines alone.

A recommendation is a number here (its primary key). Nothing is guessed: where no line is confirmed, a list is
cut or a report is missing, the answer is that it is not known, never that the demand was dropped.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from recommendations.choices import Absence, LineageKind

# Of several recommendations of one year, what is not known of one is not known of all.
UNSURE_FIRST = (
    Absence.UNCONFIRMED,
    Absence.NOT_KNOWN,
    Absence.DROPPED,
    Absence.NOT_YET,
    Absence.ENDED,
)
SURE_FIRST = (
    Absence.DROPPED,
    Absence.NOT_YET,
    Absence.UNCONFIRMED,
    Absence.NOT_KNOWN,
    Absence.ENDED,
)

# What is confirmed of one recommendation against other reports: {the year of the report: kind}.
type Ends = Mapping[int, LineageKind]


@dataclass(frozen=True)
class Ties:
    """The confirmed lines of a country.

    Args:
        pairs: (earlier, later, kind) of each tie.
        ends: {recommendation: {year of a report: what is confirmed against it}}: dropped, new, not known.
    """

    pairs: Sequence[tuple[int, int, LineageKind]] = ()
    ends: Mapping[int, Ends] = field(default_factory=dict)

    @cached_property
    def before(self) -> Mapping[int, list[tuple[int, LineageKind]]]:
        """What each recommendation is tied to in earlier reports, with the kind of the line."""
        found = defaultdict(list)
        for earlier, later, kind in self.pairs:
            found[later].append((earlier, kind))
        return found

    def earlier_of(self, one: int) -> set[int]:
        """Return all that ``one`` descends from, without itself."""
        return _reached(one, [(later, earlier) for earlier, later, _kind in self.pairs])

    def later_of(self, one: int) -> set[int]:
        """Return all that descend from ``one``, without itself."""
        return _reached(one, [(earlier, later) for earlier, later, _kind in self.pairs])

    def line_of(self, one: int) -> set[int]:
        """Return the line of one recommendation: what it descends from, itself, and what descends from it.

        Other parts of what was split are not in it: what was found of them is not about this one.
        """
        return {one} | self.earlier_of(one) | self.later_of(one)

    def threads(self, members: Iterable[int]) -> list[set[int]]:
        """Return the threads: each of the ``members`` is in one, with all that lines tie together."""
        both = [(a, b) for a, b, _kind in self.pairs] + [(b, a) for a, b, _kind in self.pairs]
        left, found = dict.fromkeys(members), []
        neighbours = _neighbours(both)
        while left:
            one = next(iter(left))
            thread = ({one} | _walk(one, neighbours)) & left.keys()
            found.append(thread)
            for member in thread:
                del left[member]
        return found


def _neighbours(steps: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    found = defaultdict(list)
    for start, end in steps:
        found[start].append(end)
    return found


def _reached(one: int, steps: Iterable[tuple[int, int]]) -> set[int]:
    return _walk(one, _neighbours(steps)) - {one}


def _walk(one: int, neighbours: Mapping[int, list[int]]) -> set[int]:
    seen, waiting = set[int](), [one]
    while waiting:
        for other in neighbours.get(waiting.pop(), ()):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


def absence(
    year: int, is_whole: bool | None, before: Iterable[Ends], after: Iterable[Ends], *, last: int
) -> Absence:
    """Return why a thread has no recommendation in ``year``.

    Args:
        is_whole: whether the list of that year's report is whole; None where there is no report.
        before: the ends of what the thread has in the nearest year before, from the year ``last``.
        after: the ends of what it has in the nearest year after.
    """
    if is_whole is None:
        return Absence.NO_REPORT
    if not is_whole:
        return Absence.CUT
    sides = {
        _surest({_said_after(ends, last, year) for ends in before}, UNSURE_FIRST),
        _surest({_said_before(ends, year) for ends in after}, UNSURE_FIRST),
    }
    # What one side of the gap says for certain holds, whatever nobody confirmed of the other.
    return _surest(sides, SURE_FIRST) or Absence.UNCONFIRMED


def _surest(said: Collection[Absence | None], order: Sequence[Absence]) -> Absence | None:
    return next((answer for answer in order if answer in said), None)


def _said_after(ends: Ends, own: int, year: int) -> Absence:
    """Return what is confirmed of a recommendation of the year ``own`` against a later report."""
    if year in ends:
        return Absence.DROPPED if ends[year] == LineageKind.DROPPED else Absence.NOT_KNOWN
    between = (kind for when, kind in ends.items() if own < when < year)
    return Absence.ENDED if LineageKind.DROPPED in between else Absence.UNCONFIRMED


def _said_before(ends: Ends, year: int) -> Absence:
    """Return what is confirmed of a recommendation against an earlier report.

    What is new against a report in between says nothing of this one: it can have been made, left out, and
    made again.
    """
    if year not in ends:
        return Absence.UNCONFIRMED
    return Absence.NOT_YET if ends[year] == LineageKind.NEW else Absence.NOT_KNOWN
