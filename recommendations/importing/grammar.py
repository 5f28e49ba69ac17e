"""How a recommendation begins and how prose begins: by these, a list can be found without a heading.

A recommendation is an order ("Vigorously investigate …", "While respecting due process, prosecute …").
The prose around it has a subject ("The government …", "Authorities …", "Article 5 criminalized …").
"""

import re
from collections.abc import Iterator
from enum import Enum

from .words import (
    ABBREVIATIONS,
    ADVERBS,
    ALSO_NOUNS,
    CLAUSE_OPENERS,
    FINITE,
    GOVERNMENT_SUBJECTS,
    NOUNS_BEFORE_FOR,
    PLAINLY_FINITE,
    PRONOUNS,
    RELATIVES,
    SUBJECTS,
    VERBS,
)

_WORD = re.compile(r"[^\W_]+(?:[-’'./][^\W_]+)*")
_BOUNDARY = re.compile(r"[.!?][”\"’')\]]{0,3}(?P<gap>\s*)(?=[“\"‘'(\[]?[^\W\d_])")
_LAST_WORD = re.compile(r"(?:[^\W_]+\.)*[^\W_]+\Z")
_GOVERNMENT_SHOULD = re.compile(r"(?:the\s)?(?:government|authorities)\b[^.;]{0,70}\bshould\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;!?][”\"’')\]]{0,3}\s")
_CLOSERS = "”\"’')]*†‡"
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_REACH = 420


class Opening(Enum):
    """What the first words of a passage say it is."""

    ORDER = "order"
    PROSE = "prose"
    UNKNOWN = "unknown"


def opening(passage: str) -> Opening:
    """Tell whether `passage` (of which the first 420 characters count) opens as an order or as prose."""
    passage = passage[:_REACH].lstrip(" \t\u00a0“\"‘'([")
    words = [match.group() for match in _WORD.finditer(passage[:140])]
    if not words or (len(words) == 1 and words[0] == passage.rstrip()):
        return Opening.UNKNOWN  # one word, or its beginning, where the text was cut, tells nothing
    first = words[0].casefold()
    if first in CLAUSE_OPENERS and "," in passage:
        return _after_clause(passage)
    return _by_words([word.casefold() for word in words])


def _after_clause(passage: str) -> Opening:
    """Classify what follows an opening clause: "In line with the law, prosecute …".

    Commas inside the clause give parts without a verb; the first part that is an order or a statement
    decides.
    """
    sentence = _SENTENCE_END.split(passage, maxsplit=1)[0]
    for part in sentence.split(",")[1:9]:
        words = [match.group().casefold() for match in _WORD.finditer(part[:120])]
        if not words:
            continue
        pair = " ".join(words[:2])
        if pair in GOVERNMENT_SUBJECTS or words[0] in GOVERNMENT_SUBJECTS or words[0] in PRONOUNS:
            return Opening.PROSE
        kind = _by_words(words)
        if kind is Opening.ORDER:
            return kind
        if kind is Opening.PROSE and any(word in FINITE for word in words[1:8]):
            return kind
    return Opening.UNKNOWN


def _by_words(words: list[str]) -> Opening:
    first, *rest = words
    if first in SUBJECTS:
        return Opening.PROSE
    if (first in ADVERBS or first.endswith("ly")) and first not in VERBS:
        return _by_words(rest) if rest else Opening.UNKNOWN
    if first in VERBS:
        return Opening.PROSE if first in ALSO_NOUNS and _is_noun(first, rest) else Opening.ORDER
    if any(word in FINITE for word in rest[:6]):
        return Opening.PROSE
    return Opening.UNKNOWN


def _is_noun(first: str, rest: list[str]) -> bool:
    """Tell whether a word that may be verb or noun is a statement's subject: "Support for victims was …"."""
    if not rest:
        return False
    if rest[0] in ("of", "by") or (rest[0] in ("for", "from") and first in NOUNS_BEFORE_FOR):
        return True
    for word in rest[:6]:
        if word in RELATIVES:
            return False
        if word in PLAINLY_FINITE:
            return True
    return False


def asks_the_government(passage: str) -> bool:
    """Tell whether `passage` opens as "The government should …" does: a recommendation in prose."""
    return bool(_GOVERNMENT_SHOULD.match(passage[:_REACH]))


def speaks_of_the_government(passage: str) -> bool:
    """Tell whether `passage` opens with the subject that the report's own prose opens with."""
    words = [match.group().casefold() for match in _WORD.finditer(passage[:80])]
    return bool(words) and (words[0] in GOVERNMENT_SUBJECTS or " ".join(words[:2]) in GOVERNMENT_SUBJECTS)


def boundaries(text: str, start: int, end: int) -> Iterator[tuple[int, bool]]:
    """Yield where a new sentence begins inside the span, and whether it is glued to the one before.

    A full stop after an abbreviation, an initial or before a figure ends no sentence. A glued
    boundary ("trafficking.Stop") has a small letter, a figure or a closing mark before its stop.
    """
    for match in _BOUNDARY.finditer(text, start, end):
        stop, after = match.start(), match.end()
        mark = after + 1 if text[after] in "“\"‘'([" else after
        if mark >= end or not text[mark].isupper():
            continue
        glued = not match.group("gap")
        if glued and not _may_be_glued(text, stop, mark, end):
            continue
        if text[stop] == "." and not glued and _is_abbreviation(text, stop, mark):
            continue
        yield after, glued


def _may_be_glued(text: str, stop: int, mark: int, end: int) -> bool:
    before = text[stop - 1] if stop else ""
    small_next = mark + 1 < end and text[mark + 1].islower()
    return small_next and (
        before.islower() or before.isdigit() or before in _CLOSERS or _ends_in_capitals(text, stop)
    )


def _ends_in_capitals(text: str, stop: int) -> bool:
    """Tell whether the word before the stop is an acronym without stops: "the NAP.Increase"."""
    return stop >= 2 and text[stop - 1].isupper() and text[stop - 2].isupper()


def _is_abbreviation(text: str, stop: int, mark: int) -> bool:
    found = _LAST_WORD.search(text[max(0, stop - 24) : stop])
    if not found:
        return False
    word = found.group()
    if _ACRONYM.match(word):
        return not _starts_plain_order(text[mark : mark + 60])
    return word.casefold() in ABBREVIATIONS or (len(word) == 1 and word.isupper())


def _starts_plain_order(passage: str) -> bool:
    """Tell whether a passage opens with a verb that is nothing but a verb: "the U.S. Develop …"."""
    word = _WORD.match(passage)
    first = word.group().casefold() if word else ""
    return first in VERBS and first not in ALSO_NOUNS


def ends_sentence(passage: str) -> bool:
    """Tell whether `passage` ends with a full stop or the like; three dots mark something left out."""
    bare = passage.rstrip().rstrip(_CLOSERS).rstrip()
    return bare.endswith((".", "!", "?")) and not bare.endswith("..")
