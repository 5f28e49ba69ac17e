"""The sentence with the assessment in every narrative, and the country that it is about."""

import re
from dataclasses import dataclass

from . import countries
from .folding import LINE_BREAKS, line_start

_FORMULA = re.compile(
    r"\b(?:meets?|met|compl(?:y|ies|ied)(?:\s{1,9}with)?)\s{1,9}(?:all\s{1,9}(?:of\s{1,9})?)?the\s{1,9}(?:TVPA[’']s\s{1,9})?"
    r"minimum\s{1,9}standards\s{1,9}for\s{1,9}the\s{1,9}elimination\s{1,9}of\s{1,9}"
    r"(?:severe\s{1,9}forms\s{1,9}of\s{1,9})?(?:human\s{1,9})?trafficking(?!\s+in\s+persons)",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    r"\b(?:remain(?:s|ed)|is|was|retain(?:s|ed))\s{1,9}(?:again\s{1,9})?(?:a\s{1,9})?special\s{1,9}case\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:the\s{1,9})?(?:governments?\s{1,9}of|authorities\s{1,9}(?:of|in|on))\s", re.IGNORECASE
)
# What the sentence is not about one country with: the report's own explanations, laws, notices.
_GENERAL = re.compile(r"\b(?:countries|nations|whether|(?:degree|extent)\s+to\s+which)\b", re.IGNORECASE)
_INDIRECT = re.compile(r"\b(?:whether|that|if)\s+\Z", re.IGNORECASE)
_BARE_SUBJECT = re.compile(r"the\s{1,9}government\s(?:[^.]{0,40})\Z", re.IGNORECASE)
_SOURCE_COUNTRY = re.compile(
    r"\b(?:is|are|was)\s{1,9}(?:primarily\s{1,9})?an?\s{1,9}(?:[a-z-]{1,20},?\s{1,9}){0,6}?(?:source|transit|destination)",
    re.IGNORECASE,
)
_REACH = 420


@dataclass(frozen=True, slots=True)
class Assessment:
    """Where the assessment begins, where its turning sentence's fixed words end, and the country in it."""

    start: int
    end: int
    code: str | None


def find_assessment(text: str, start: int, end: int) -> Assessment | None:
    """Return the assessment: "The Government of X does not fully meet the minimum standards …".

    A sentence about countries at large (the report's own front matter explains the tiers so) is passed
    over. Failing that, "X remains a Special Case" is one; failing both, None.
    """
    nameless = None
    for match in _FORMULA.finditer(text, start, end):
        begin = _sentence_start(text, match.start(), start)
        subject = text[begin : match.start()]
        if _GENERAL.search(subject) or _INDIRECT.search(text[max(start, begin - 12) : begin]):
            continue
        if code := countries.first_in(subject):
            return Assessment(begin, match.end(), code)
        if _BARE_SUBJECT.match(subject):
            nameless = nameless or Assessment(begin, match.end(), None)
    return nameless or _special(text, start, end)


def _special(text: str, start: int, end: int) -> Assessment | None:
    """Find the sentence of a special case; its paragraph is the assessment."""
    for match in _SPECIAL.finditer(text, start, end):
        begin = _sentence_start(text, match.start(), start)
        if found := countries.ending(text[begin : match.start()].rstrip()):
            paragraph = max(start, line_start(text, begin, reach=4000))
            return Assessment(paragraph, match.end(), found[0])
    return None


def _sentence_start(text: str, position: int, floor: int) -> int:
    """Return where the sentence before `position` begins: at its subject, or at the beginning of its line."""
    lowest = max(floor, position - _REACH)
    window = text[lowest:position]
    subjects = list(_SUBJECT.finditer(window))
    if subjects:
        return lowest + subjects[0 if len(subjects) == 1 else _nearest(window, subjects)].start()
    breaks = [window.rfind(mark) + len(mark) for mark in (". ", ".  ", *LINE_BREAKS) if mark in window]
    start = lowest + max(breaks, default=0)
    return start + len(window[start - lowest :]) - len(window[start - lowest :].lstrip())


def _nearest(window: str, subjects: list[re.Match[str]]) -> int:
    """Return the index of the subject that begins the last sentence of `window`.

    The last but one is it where no full stop stands between the two: "the Government of the Republic of
    the Marshall Islands, like the Government of …".
    """
    index = len(subjects) - 1
    while index and not re.search(r"[.!?]\s", window[subjects[index - 1].end() : subjects[index].start()]):
        index -= 1
    return index


def country_of_profile(text: str, start: int, end: int) -> str | None:
    """Return the country of "Kiribati is a source country for …", with which older narratives begin."""
    match = _SOURCE_COUNTRY.search(text, start, end)
    if match is None:
        return None
    begin = max(start, match.start() - 160)
    line = max(begin, line_start(text, match.start(), reach=160))
    return countries.first_in(text[line : match.start()])
