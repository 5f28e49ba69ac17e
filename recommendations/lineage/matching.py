"""Which recommendations of two lists are one demand: one with one first, then what was split or merged."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from .assignment import best
from .terms import Item, Weights, together

# Two texts can be one demand from this similarity on: the middle of where the tuned lists come out best.
ENOUGH = 0.38
# How much of the similarity is what the shorter text has in the longer one, and not what both share.
INSIDE = 0.25
# Two texts that differ never count as much as two that are the same.
NOT_SAME = 0.99
# A further text belongs to a pair if it takes up this share of what its partners leave of the whole, ...
TAKEN_UP = 0.5
# ... and has this share of its own terms in the whole.
CONTAINED = 0.55
# A text that breaks off says what it demands from this number of terms on.
SPEAKING = 2

OLD, NEW = 0, 1


@dataclass(slots=True)
class Group:
    """Indices in the old and in the new list that are one demand; on one side there is only one."""

    sides: tuple[list[int], list[int]]


@dataclass(slots=True)
class Lists:
    """The two lists, how much each term says, and how alike each old text is to each new one.

    ``settled`` are the indices on each side that are not to be paired.
    """

    sides: tuple[list[Item], list[Item]]
    weights: Weights
    settled: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    alike: list[list[float]] = field(init=False)

    def __post_init__(self) -> None:
        self.alike = [
            [similarity(old, new, self.weights) for new in self.sides[NEW]] for old in self.sides[OLD]
        ]

    def alone(self, groups: list[Group], side: int) -> list[int]:
        """Return what of one list is in no group."""
        paired = {at for group in groups for at in group.sides[side]} | self.settled[side]
        return [at for at in range(len(self.sides[side])) if at not in paired]


def similarity(one: Item, other: Item, weights: Weights) -> float:
    """Return from 0 to 1 how much two texts have in common; which of them comes first does not matter."""
    if any(each.broken and len(each.terms) < SPEAKING for each in (one, other)):
        return 0.0
    if one.key == other.key:
        return 1.0
    score = max(in_common(one.terms, other.terms, weights), in_common(one.plain, other.plain, weights))
    if one.broken != other.broken:
        short, long = (one, other) if one.broken else (other, one)
        beginning = frozenset(long.words[: len(short.words)])
        score = max(score, in_common(short.terms, beginning, weights))
    return NOT_SAME * score


def in_common(one: frozenset[str], other: frozenset[str], weights: Weights) -> float:
    """Return from 0 to 1 how much the terms of two texts have in common."""
    both = weights.sum(one & other)
    if not both:
        return 0.0
    first, second = weights.sum(one), weights.sum(other)
    return (1 - INSIDE) * 2 * both / (first + second) + INSIDE * both / min(first, second)


def match(lists: Lists) -> list[Group]:
    """Pair one with one, so that the sum of the similarities is largest; then add what belongs to a pair."""
    rows, columns = lists.alone([], OLD), lists.alone([], NEW)
    gains = [[_gain(lists, row, column) for column in columns] for row in rows]
    groups = [Group(([rows[row]], [columns[column]])) for row, column in best(gains)]
    while found := max(_additions(groups, lists), default=None, key=lambda addition: addition[0]):
        _weight, group, side, at = found
        group.sides[side].append(at)
    return groups


def _gain(lists: Lists, row: int, column: int) -> float:
    """Return what it gains to pair two texts, or 0 where they are not alike enough."""
    gain = lists.alike[row][column] - ENOUGH
    return gain + _tie(lists.sides[OLD][row], lists.sides[NEW][column]) if gain > 0 else 0.0


def _tie(one: Item, other: Item) -> float:
    """Return a tiny gain of two texts, by which equal sums are told apart in whatever order they come."""
    return 1e-9 * (1 + zlib.crc32("\n".join(sorted((one.key, other.key))).encode()) / 2**32)


def _additions(groups: list[Group], lists: Lists) -> Iterator[tuple[float, Group, int, int]]:
    """Yield what can be added to a group: how much it takes up, the group, the side, and the index."""
    for side in (OLD, NEW):
        for at in lists.alone(groups, side):
            text = lists.sides[side][at]
            for group in groups:
                if len(group.sides[1 - side]) > 1:
                    continue
                whole = lists.sides[1 - side][group.sides[1 - side][0]]
                parts = [lists.sides[side][number] for number in group.sides[side]]
                if weight := _taken_up(whole, parts, text, lists.weights):
                    yield weight + _tie(whole, text), group, side, at


def _taken_up(whole: Item, parts: list[Item], text: Item, weights: Weights) -> float:
    """Return what a text takes up of the whole where its parts leave something, or 0 for too little."""
    if any(each.broken for each in (whole, text, *parts)) or whole.key == parts[0].key:
        return 0.0
    left = whole.terms - together(parts)
    taken = weights.sum(left & text.terms)
    inside = weights.sum(whole.terms & text.terms)
    enough = taken >= TAKEN_UP * weights.sum(left) and inside >= CONTAINED * weights.sum(text.terms)
    return taken if enough else 0.0
