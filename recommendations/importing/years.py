"""The year of publication, from the text before the narrative."""

import re
from collections.abc import Iterator

from .folding import lines

_YEAR = r"(20[0-3]\d)"
_REPORT = r"(?:trafficking\s{1,9}in\s{1,9}persons(?:\s{1,9}\(TIP\))?|TIP)\s{1,9}reports?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = rf"(?:\d{{1,2}}\s{{1,9}})?{_MONTH}\s{{1,9}}(?:\d{{1,2}},?\s{{1,9}})?"
# From the surest to the weakest: a labelled date, the report's own title, a date on a line, the rest.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"publication\s+date[\s|:]{{0,9}}{_DATE}{_YEAR}\b",
        rf"\b{_YEAR}\s{{1,9}}{_REPORT}\b|{_REPORT},?\s{{1,9}}(?:{_DATE})?{_YEAR}\b"
        rf"|\b{_YEAR}-trafficking-in-persons-report|/tiprpt/(?:countries/)?{_YEAR}/|TIP_?Report_?(?:Final_?)?{_YEAR}",
        rf"^{_DATE}{_YEAR}$|^\d{{1,2}}/\d{{1,2}}/{_YEAR}$|^\d{{1,2}}/\d{{1,2}}/([0-3]\d)$",
        rf"\(\s?(?:TIP\s)?{_YEAR}\s?\)|{_REPORT}\s?[(:–-]\s?{_YEAR}\b|\bTIP\s{_YEAR}\b",
    )
)
LABELLED, TITLE, DATE, LOOSE = range(4)


def years_in(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return (rank, year) for every sign of the report's year in `text[start:end]`, the surest first.

    The ranks are LABELLED, TITLE, DATE and LOOSE. A date on a line of its own counts as a date of
    publication; "last updated" and "accessed" dates stand inside lines and do not.
    """
    return sorted(set(_signs(text, start, end)), key=lambda sign: sign[0])


def _signs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for rank in (LABELLED, TITLE, LOOSE):
        for match in _PATTERNS[rank].finditer(text, start, end):
            yield rank, _year(match)
    for span in lines(text, start, end):
        if span[1] - span[0] <= 30 and (date := _PATTERNS[DATE].match(text[slice(*span)])):
            yield DATE, _year(date)


def _year(match: re.Match[str]) -> int:
    digits = next(value for value in match.groups() if value)
    return int(digits) if len(digits) == 4 else 2000 + int(digits)
