"""Which recommendations of a report are which in a further version of its source.

Texts in, a proposal out: a person confirms it, and only what is word for word the same is not asked about.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from recommendations.choices import SAME_DEMAND, SourceChange
from recommendations.text.diff import word_matcher
from recommendations.text.tokens import letters_of

from .comparing import compare

# From this share of common words on, a difference is taken for a correction of the words.
CORRECTION = 0.85
# How many letters of a text that breaks off make it recognisable wherever it stands in the list.
BROKEN_LETTERS = 8


@dataclass(frozen=True)
class Match:
    """What one recommendation of the new version is: ``old`` is the place of the earlier one, from 0."""

    change: SourceChange
    old: int | None = None


def match(old: Sequence[str], new: Sequence[str], *, last: int | None = None) -> list[Match]:
    """Propose for each text of the new version which earlier one it is.

    Args:
        old: the texts of the report as it is, in order.
        new: those of the new version.
        last: the place of the text that was the last of a list that is not known to be whole, from 0: it can
            break off.

    Raises: ValueError for a list that is longer than any list of a report (``lineage.MOST``).
    """
    found: dict[int, Match] = {}
    _pair(found, old, new, SourceChange.SAME, lambda text: text)
    _pair(found, old, new, SourceChange.CORRECTED, letters_of)
    if last is not None:
        _complete(found, old, new, last)
    _compare(found, old, new)
    return [found.get(at, Match(SourceChange.NEW)) for at in range(len(new))]


def _taken(found: dict[int, Match]) -> set[int]:
    return {one.old for one in found.values() if one.old is not None}


def _pair(
    found: dict[int, Match],
    old: Sequence[str],
    new: Sequence[str],
    change: SourceChange,
    key: Callable[[str], str],
) -> None:
    """Pair the texts that are equal by ``key``, in order."""
    taken = _taken(found)
    left: dict[str, list[int]] = {}
    for at, text in enumerate(old):
        if at not in taken:
            left.setdefault(key(text), []).append(at)
    for at, text in enumerate(new):
        if at not in found and left.get(key(text)):
            found[at] = Match(change, left[key(text)].pop(0))


def _complete(found: dict[int, Match], old: Sequence[str], new: Sequence[str], last: int) -> None:
    """Find the text that begins as the broken one does: the next one of the list, or any if it is clear."""
    letters = letters_of(old[last])
    if last in _taken(found) or not letters:
        return
    begun = [at for at, text in enumerate(new) if at not in found and letters_of(text).startswith(letters)]
    before = next((at for at, one in found.items() if one.old == last - 1), -1)
    follows = before + 1 in begun and (before >= 0 or last == 0)
    if follows:
        found[before + 1] = Match(SourceChange.CORRECTED, last)
    elif begun and len(letters) >= BROKEN_LETTERS:
        found[begun[0]] = Match(SourceChange.CORRECTED, last)


def _compare(found: dict[int, Match], old: Sequence[str], new: Sequence[str]) -> None:
    """Propose the rest by its words; what is less than a correction of them is not decided."""
    taken = _taken(found)
    pairs = compare(
        old,
        new,
        old_complete=True,
        new_complete=True,
        settled=([at + 1 for at in taken], [at + 1 for at in found]),
    ).pairs
    for pair in pairs:
        if not (pair.old and pair.new):
            continue
        # Of what was split or joined, the two that have most in common.
        ratio, was, at = max(
            (_in_common(old[was - 1], new[at - 1]), was - 1, at - 1) for was in pair.old for at in pair.new
        )
        is_correction = pair.kind in SAME_DEMAND and ratio >= CORRECTION
        found[at] = Match(SourceChange.CORRECTED if is_correction else SourceChange.UNSURE, was)


def _in_common(one: str, other: str) -> float:
    matcher = word_matcher(one.casefold().split(), other.casefold().split())
    return matcher.ratio() if matcher else 0.0
