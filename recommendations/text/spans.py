"""Words that somebody chose or typed, found in a text; and a text cut at words that belong together."""

import re
from collections.abc import Iterable
from typing import Protocol

# What keyboards and word processors put for the marks of a text, character for character.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "\u00a0": " "})


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
