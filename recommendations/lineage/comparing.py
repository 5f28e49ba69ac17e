"""Two lists of recommendations in, the proposed lineage and what a reader has to know about it out."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from recommendations.choices import LineageKind

from .kinds import kind_of
from .matching import NEW, OLD, Group, Lists, in_common, match
from .terms import Item, Weights, read_item, together

# Longer lists are no list of one report, and would take many seconds.
MOST = 200
_CLOSING = tuple(".!?;:”\"’')")


@dataclass(frozen=True, slots=True)
class Pair:
    """Positions, from 1, in the two lists that are one demand; one side is empty where there is no partner.

    The score, from 0 to 1, is how much the texts have in common; 0 where there is no partner.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    kind: LineageKind
    score: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """The proposed lineage of two lists: each position that is not settled is in exactly one pair."""

    pairs: tuple[Pair, ...]
    warnings: tuple[str, ...]


def compare(
    old: Sequence[str],
    new: Sequence[str],
    *,
    old_complete: bool,
    new_complete: bool,
    old_year: int | None = None,
    new_year: int | None = None,
    settled: tuple[Collection[int], Collection[int]] = ((), ()),
) -> Comparison:
    """Propose how the recommendations of one list descend from those of an earlier one.

    Args:
        old: the texts of the earlier list, in order.
        new: those of the later one.
        old_complete: whether the earlier list is known to be whole.
        new_complete: whether the later one is.
        old_year: the year of the earlier report, for the warnings.
        new_year: the year of the later one.
        settled: positions in the earlier and in the later list that are decided: they get no pair.

    Returns: the pairs, in the order of the earlier list and then of the later one, and warnings.

    Raises:
        ValueError: a list has more than ``MOST`` texts.
    """
    if max(len(old), len(new)) > MOST:
        raise ValueError(f"A list of more than {MOST} recommendations cannot be compared.")
    sides = (_read(old, old_complete), _read(new, new_complete))
    decided = (frozenset(at - 1 for at in settled[OLD]), frozenset(at - 1 for at in settled[NEW]))
    lists = Lists(sides, Weights([*sides[OLD], *sides[NEW]]), decided)
    groups = match(lists)
    found = [_pair(group, lists) for group in groups]
    found += _without_partner(groups, lists, old_complete=old_complete, new_complete=new_complete)
    return Comparison(
        pairs=tuple(sorted(found, key=lambda pair: (not pair.old, pair.old, pair.new))),
        warnings=(
            *_about_years(old_year, new_year),
            *_about_list(_named("earlier", old_year), sides[OLD], old_complete),
            *_about_list(_named("later", new_year), sides[NEW], new_complete),
        ),
    )


def _read(texts: Sequence[str], complete: bool) -> list[Item]:
    """Read a list. The last text of one that is not whole breaks off, unless it ends as a sentence does."""
    last = len(texts) - 1
    return [
        read_item(text, broken=not complete and at == last and not text.rstrip().endswith(_CLOSING))
        for at, text in enumerate(texts)
    ]


def _pair(group: Group, lists: Lists) -> Pair:
    olds = [lists.sides[OLD][at] for at in group.sides[OLD]]
    news = [lists.sides[NEW][at] for at in group.sides[NEW]]
    if len(olds) == len(news) == 1:
        kind = kind_of(olds[0], news[0], lists.weights)
        score = lists.alike[group.sides[OLD][0]][group.sides[NEW][0]]
    else:
        kind = LineageKind.SPLIT if len(news) > 1 else LineageKind.MERGED
        score = in_common(together(olds), together(news), lists.weights)
    old, new = (tuple(sorted(at + 1 for at in side)) for side in group.sides)
    return Pair(old, new, kind, round(score, 3))


def _without_partner(
    groups: list[Group], lists: Lists, *, old_complete: bool, new_complete: bool
) -> Iterator[Pair]:
    """Yield what is in no group: dropped or new only where the other list is known to be whole."""
    for at in lists.alone(groups, OLD):
        known = new_complete and not lists.sides[OLD][at].broken
        yield Pair((at + 1,), (), LineageKind.DROPPED if known else LineageKind.NOT_KNOWN, 0.0)
    for at in lists.alone(groups, NEW):
        known = old_complete and not lists.sides[NEW][at].broken
        yield Pair((), (at + 1,), LineageKind.NEW if known else LineageKind.NOT_KNOWN, 0.0)


def _named(which: str, year: int | None) -> str:
    return f"list of {year}" if year else f"{which} list"


def _about_years(old: int | None, new: int | None) -> Iterator[str]:
    if old is None or new is None:
        return
    if new <= old:
        yield f"The first report is from {old} and the second from {new}: give the earlier one first."
    elif new == old + 2:
        yield f"The year {old + 1} lies between the two reports: what changed when is not known."
    elif new > old + 2:
        yield f"The years {old + 1} to {new - 1} lie between the two reports: what changed when is not known."


def _about_list(name: str, items: list[Item], complete: bool) -> Iterator[str]:
    if not items:
        yield f"The {name} has no recommendations: nothing is known of what was in it."
    elif not complete:
        yield (
            f"The {name} is not known to be whole: what has no partner in it is shown as not known, never "
            "as new or dropped."
        )
    if items and items[-1].broken:
        yield f"Recommendation {len(items)} of the {name} breaks off: how it was changed is not known."
