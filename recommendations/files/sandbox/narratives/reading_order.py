"""The order in which the lines of a page are read: column after column, with boxes beside the text apart."""

from collections.abc import Iterator
from dataclasses import dataclass

from .lines import Box, Line, joined

# Signs of a bullet or a number that the file has apart from its words.
_MARK = 3
# How many lines a box holds at least that stands beside a text.
_BOXED = 4


@dataclass(slots=True)
class _Column:
    """Lines that are read one below the other."""

    lines: list[Line]

    @property
    def top(self) -> float:
        return max(line.base + line.size for line in self.lines)

    @property
    def bottom(self) -> float:
        return min(line.base for line in self.lines)

    def beside(self, other: "_Column") -> "_Column | None":
        """Return what of this column stands at the heights of another one."""
        bottom, top = other.bottom, other.top
        found = [line for line in self.lines if bottom - 0.5 * line.size < line.base < top]
        return _Column(found) if found else None

    def span(self) -> tuple[float, float]:
        """Return from where to where it reaches, but for the tenth of its lines that reach furthest."""
        spared = len(self.lines) // 10
        lefts = sorted(line.left for line in self.lines)
        rights = sorted(line.right for line in self.lines)
        return lefts[spared], rights[-1 - spared]


def in_reading_order(lines: list[Line], boxes: list[Box]) -> list[Line]:
    """Return the lines of a page in the order in which they are read.

    The order of the file is kept, since programs write one column after the other. Lines that the file goes
    back up to within a column are put between the others by their height. Each line gets to know what stands
    on its right, and whether it is in a box beside the text.
    """
    columns: list[_Column] = []
    for run in _runs(lines):
        _take_in(run, columns)
    columns = _from_above(columns)
    for column in columns:
        _tell_what_is_beside(column, columns)
    found = [line for column in columns for line in column.lines]
    for box in boxes:
        _tell_who_is_boxed(box, found)
    return found


def _runs(lines: list[Line]) -> Iterator[_Column]:
    """Yield the lines that the file has one below the other, up to where it goes back up."""
    run: list[Line] = []
    for line in lines:
        if run and line.base - run[-1].base > 0.45 * max(line.size, run[-1].size):
            yield _Column(run)
            run = []
        run.append(line)
    if run:
        yield _Column(run)


def _take_in(run: _Column, columns: list[_Column]) -> None:
    """Add a run to the columns: as one of its own, or between the lines of those that it goes through."""
    crossed = [column for column in columns if _are_one(column, run)]
    if not crossed:
        columns.append(run)
        return
    lines = [line for column in crossed for line in column.lines] + run.lines
    crossed[0].lines = joined(sorted(lines, key=lambda line: (-line.base, line.left)))
    columns[:] = [column for column in columns if column not in crossed[1:]]


def _are_one(one: _Column, two: _Column) -> bool:
    """Tell whether two runs go through each other: at the same heights, one reaches into the other."""
    ours, theirs = one.beside(two), two.beside(one)
    if not ours and not theirs:
        return False
    # One that stands in a gap of the other has nothing beside it.
    ours, theirs = ours or one, theirs or two
    if _are_marks_of(ours, theirs) or _are_marks_of(theirs, ours):
        return True
    (left, right), (other_left, other_right) = ours.span(), theirs.span()
    return min(right, other_right) - max(left, other_left) > 2


def _are_marks_of(marks: _Column, words: _Column) -> bool:
    """Tell whether these are bullets or numbers that stand shortly before lines of words."""
    if not all(len(mark.text) <= _MARK for mark in marks.lines):
        return False
    before = marks.span()[1]
    size = max(mark.size for mark in marks.lines)
    return 0 <= min(line.left for line in words.lines) - before < 4 * size


def _from_above(columns: list[_Column]) -> list[_Column]:
    """Return columns with each before those that stand wholly below it: a head that is written last."""
    ordered: list[_Column] = []
    for column in columns:
        place = next((at for at, other in enumerate(ordered) if _is_above(column, other)), len(ordered))
        ordered.insert(place, column)
    return ordered


def _is_above(one: _Column, two: _Column) -> bool:
    (left, right), (other_left, other_right) = one.span(), two.span()
    return one.bottom > two.top and min(right, other_right) > max(left, other_left)


def _tell_what_is_beside(column: _Column, columns: list[_Column]) -> None:
    """Tell the lines of a column where the text on their right begins: they can reach no further."""
    for other in columns:
        near = other.beside(column) if other is not column else None
        if near is None:
            continue
        left, top, bottom = near.span()[0], near.top, near.bottom
        below = [line for line in column.lines if line.base < top]
        # Around a box, lines reach further below it; a column stays as narrow as it is.
        is_column = all(line.right <= left for line in below)
        for line in below:
            if line.right <= left and (is_column or line.base > bottom - 0.5 * line.size):
                line.until = min(line.until or left, left)


def _tell_who_is_boxed(box: Box, lines: list[Line]) -> None:
    """Tell the lines in a box that they are, where it is narrower than the text that stands beside it."""
    within = [line for line in lines if box.holds(line)]
    beside = [line for line in lines if box.bottom < line.base < box.top and not box.holds(line)]
    if len(within) < _BOXED or not beside:
        return
    width = max(line.right for line in beside) - min(line.left for line in beside)
    if box.right - box.left < width:
        for line in within:
            line.is_boxed = True
