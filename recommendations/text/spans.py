"""Words that somebody chose or typed, found in a text; and a text cut at words that belong together."""

import re

# What keyboards and word processors put for the marks of a text, character for character.
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "‑": "-", "–": "-", "\u00a0": " "})


def places_of(words, text):
    """Return where ``words`` stand in ``text``, as (start, end) pairs in characters.

    Case, the shape of quotation marks and dashes, and the amount of white space make no difference.
    Words are found whole: "sex" is not found in "sextant".
    """
    parts = [re.escape(part) for part in words.translate(_PLAIN).split()]
    if not parts:
        return []
    pattern = r"(?<!\w)" * words.strip()[0].isalnum() + r"\s+".join(parts)
    pattern += r"(?!\w)" * words.strip()[-1].isalnum()
    return [found.span() for found in re.finditer(pattern, text.translate(_PLAIN), re.IGNORECASE)]


def cut(text, marked):
    """Return ``text`` as pieces in order, together the whole text.

    Args:
        text: the text.
        marked: objects with ``start`` and ``end`` in it, none over another.

    Returns: [(words, object or None), …].
    """
    pieces, at = [], 0
    for one in sorted(marked, key=lambda each: each.start):
        pieces += [(text[at : one.start], None), (text[one.start : one.end], one)]
        at = one.end
    return [(words, one) for words, one in [*pieces, (text[at:], None)] if words]
