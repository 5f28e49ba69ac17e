"""The tier: as the heading has it, as the prose of the assessment has it, and which of them counts."""

import re
from dataclasses import dataclass
from itertools import islice

from recommendations.choices import Tier

from . import countries
from .folding import fold, line_end, line_start

_RANK = (
    r"(?:tier\s{1,9}(?:[123]|I{1,3}|one|two|three)\b(?:\s{0,9}[-–(]?\s{0,9}watch[\s-]{0,9}list\b\)?)?"
    r"|special\s{1,9}case)"
)
# A tier in a heading: in parentheses, after a colon or dash, or before the country's name.
_IN_HEADING = re.compile(
    rf"\(\s{{0,9}}(?P<inside>{_RANK}|not\s+rated)\s{{0,9}}[*†‡\d]{{0,3}}\s{{0,9}}\)"
    rf"|(?:tier\s+(?:ranking|rating|placement)\s*)?[:–—-]\s{{0,9}}(?P<after>{_RANK})(?![\w])"
    r"|(?P<before>special\s{1,9}case)\s{0,9}[:(](?=[\s\w])",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"^[^\S\r\n]*(?P<rank>{_RANK})[^\S\r\n]*[*†‡]?[^\S\r\n]*\r?$", re.IGNORECASE | re.MULTILINE
)
_MOVE = (
    r"(?:remain(?:s|ed)?|upgraded|downgraded|placed|ranked|moved|elevated|raised|lowered|dropped|kept|retained)"
    r"\s{1,9}(?:back\s{1,9})?(?:on|to|at|in)\s{1,9}(?:the\s{1,9})?"
)
_IN_PROSE = re.compile(
    rf"\b{_MOVE}(?P<moved>{_RANK})"
    r"|\b(?:remain(?:s|ed)?|retain(?:s|ed)?|is|was|designated\s{1,9}as)\s{1,9}(?:a\s{1,9})?(?P<kept>special\s{1,9}case)",
    re.IGNORECASE,
)
_ONLY_POSSIBLE = re.compile(r"\b(?:otherwise|would|could|may|might)\s+(?:\w+\s+){0,3}\Z", re.IGNORECASE)
# A whole report has some 400 such headings; more is no report, and must not take long to refuse.
_MOST_HEADINGS = 2000
_NUMERALS = {"one": "1", "two": "2", "three": "3", "i": "1", "ii": "2", "iii": "3"}


@dataclass(frozen=True, slots=True)
class TierHeading:
    """A country's heading with its tier: its span, the name in it as printed, and its code."""

    start: int
    end: int
    label: str
    name: str
    code: str
    exact: bool
    tier: Tier


def read_tier(words: str) -> Tier:
    """Return the tier that `words` name: "TIER 2 WATCH LIST", "Special Case", "not rated"."""
    folded = fold(words).casefold()
    if folded.startswith("special"):
        return Tier.SPECIAL_CASE
    if not folded.startswith("tier"):
        return Tier.NOT_STATED
    number = re.split(r"\W", folded[4:].strip())[0]
    number = _NUMERALS.get(number, number)
    if number == "2" and "watch" in folded:
        return Tier.TIER_2_WATCH_LIST
    return Tier(number)


def find_tier_headings(text: str, start: int, end: int) -> list[TierHeading]:
    """Return the headings that name a country with its tier in `text[start:end]`, in order."""
    headings: list[TierHeading] = []
    floor = start
    for match in islice(_IN_HEADING.finditer(text, start, end), _MOST_HEADINGS):
        heading = (
            _heading_after(text, match) if match.group("before") else _heading_before(text, match, floor)
        )
        if heading is not None:
            headings.append(heading)
            floor = match.end()
    return headings


def _heading_before(text: str, match: re.Match[str], floor: int) -> TierHeading | None:
    """Read the country's name in front of a tier: to the beginning of the line or of the last tier."""
    begin = max(floor, line_start(text, match.start(), reach=90))
    phrase = text[begin : match.start()].rstrip(" \t\u00a0:*-–—")
    tier = read_tier(match.group("inside") or match.group("after"))
    end = match.end()
    if known := countries.ending(phrase):
        start = begin + known[1]
        return TierHeading(start, end, fold(text[start:end]), fold(phrase[known[1] :]), known[0], True, tier)
    name = countries.last_segment(phrase)
    code = countries.closest(name) if len(name.split()) <= 8 else None
    if code is None:
        return None
    start = text.rindex(name, begin, match.start())
    return TierHeading(start, end, fold(text[start:end]), fold(name), code, False, tier)


def _heading_after(text: str, match: re.Match[str]) -> TierHeading | None:
    """Read "SPECIAL CASE: YEMEN", where the name follows."""
    phrase = text[match.end() : line_end(text, match.end(), reach=90)].split(")")[0]
    code = countries.opening(phrase)
    exact = code is not None
    if not exact:
        code = countries.closest(phrase)
    if code is None:
        return None
    end = (
        match.end() + len(phrase.rstrip()) if len(phrase.split()) <= 6 else match.end() + _name_length(phrase)
    )
    name = fold(text[match.end() : end])
    end += text[end : end + 1] == ")"
    return TierHeading(
        match.start(), end, fold(text[match.start() : end]), name, code, exact, Tier.SPECIAL_CASE
    )


def _name_length(phrase: str) -> int:
    """Return how far the capitals at the beginning of `phrase` reach."""
    found = re.match(r"\s*(?:[^\W\d_a-z][^\sa-z]*\s*){1,8}(?=\s|\Z)", phrase)
    return len(found.group().rstrip()) if found else len(phrase.rstrip())


def tier_alone(text: str, start: int, end: int) -> tuple[Tier, str] | None:
    """Return the tier that stands on a line of its own, without a country, and the line."""
    found = None
    for match in _ALONE.finditer(text, start, end):
        found = read_tier(match.group("rank")), fold(match.group("rank"))
    return found


def tier_in_prose(text: str, start: int, end: int) -> Tier | None:
    """Return the tier of the last "remained on …", "upgraded to …" of the assessment, or None.

    Placements that the prose only speaks of as possible ("otherwise required downgrade") do not count.
    """
    found = None
    for match in _IN_PROSE.finditer(text, start, end):
        if not _ONLY_POSSIBLE.search(text[max(start, match.start() - 60) : match.start()]):
            found = read_tier(match.group("moved") or match.group("kept"))
    return found


def label(tier: Tier) -> str:
    """Return the tier's name as the report prints it, untranslated, for messages."""
    return _LABELS[tier]


_LABELS = {
    Tier.TIER_1: "Tier 1",
    Tier.TIER_2: "Tier 2",
    Tier.TIER_2_WATCH_LIST: "Tier 2 Watch List",
    Tier.TIER_3: "Tier 3",
    Tier.SPECIAL_CASE: "Special Case",
    Tier.NOT_STATED: "no tier",
}
