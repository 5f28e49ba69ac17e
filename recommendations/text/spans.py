"""Words that somebody chose or typed, found in a text; and a text cut at words that belong together."""

import re
from collections.abc import Iterable
from typing import Protocol

from recommendations.text.diff import word_matcher

# What keyboards and word processors put for the marks of a text, character for character.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "\u00a0": " "})
_WORD = re.compile(r"\S+")


class Span(Protocol):
    """A part of a text, by the characters at which it starts and ends."""

    start: int
    end: int


def places_of(words: str, text: str) -> list[tuple[int, int]]:
    """Return where ``words`` are in ``text``, as (start, end) pairs in characters.

    Case, the shape of quotation marks and dashes, and the amount of white space make no difference.
    Words are found whole: "sex" is not found in "sextant".
    """
    parts = [re.escape(part) for part in words.translate(_PLAIN).split()]
    if not parts:
        return []
    pattern = r"(?<!\w)" * words.strip()[0].isalnum() + r"\s+".join(parts)
    pattern += r"(?!\w)" * words.strip()[-1].isalnum()
    return [found.span() for found in re.finditer(pattern, text.translate(_PLAIN), re.IGNORECASE)]


def chosen_places(words: str, text: str, start: int | None) -> list[tuple[int, int]]:
    """Return where ``words`` are in ``text``: at ``start`` alone, if they are there."""
    found = places_of(words, text)
    return [place for place in found if place[0] == start] or found


def cut[Marked: Span](text: str, marked: Iterable[Marked]) -> list[tuple[str, Marked | None]]:
    """Return ``text`` as pieces in order, together the whole text.

    Args:
        marked: none over another.
    """
    pieces: list[tuple[str, Marked | None]] = []
    at = 0
    for one in sorted(marked, key=lambda each: each.start):
        pieces += [(text[at : one.start], None), (text[one.start : one.end], one)]
        at = one.end
    return [(words, one) for words, one in [*pieces, (text[at:], None)] if words]


def moved(start: int, end: int, old: str, new: str) -> tuple[int, int] | None:
    """Return where the words of ``old`` from ``start`` to ``end`` are in ``new``; None if that is not clear.

    They are found as they are, or, with a correction inside them, by their first and their last word.
    """
    before, after = places_of(old[start:end], old), places_of(old[start:end], new)
    if len(after) == 1:
        return after[0]
    if after:
        is_nth = [place[0] for place in before].index(start) if len(before) == len(after) else None
        return None if is_nth is None else after[is_nth]
    words, others = (list(_WORD.finditer(text)) for text in (old, new))
    inside = [at for at, word in enumerate(words) if word.start() < end and start < word.end()]
    matcher = word_matcher(*([word[0] for word in each] for each in (words, others)))
    if matcher is None:
        return None
    places = {
        block.a + step: block.b + step
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    }
    stayed = [at for at in inside if at in places]
    if not inside or inside[0] not in places or inside[-1] not in places or 2 * len(stayed) < len(inside):
        return None
    first, last = others[places[inside[0]]], others[places[inside[-1]]]
    # Their first and last word can have marks beside them that do not belong to the span.
    begins = first.start() + max(0, start - words[inside[0]].start())
    ends = last.end() - max(0, words[inside[-1]].end() - end)
    return (begins, ends) if begins < ends else None
