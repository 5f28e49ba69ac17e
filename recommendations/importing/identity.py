"""Which country and which year: decided from everything that the text says and what the user gave."""

import re
from collections import Counter
from dataclasses import dataclass

from . import countries, years
from .folding import shorten
from .report import NotANarrative, YearNotStated

_TITLE = re.compile(
    r"trafficking\s{1,9}in\s{1,9}persons\s{1,9}report(?:[ \t\u00a0]{1,4}20\d\d)?[ \t\u00a0]{0,4}[:–—-]\s{0,4}"
    r"(?:country\s{1,9}narratives?\s{0,4}[:–—-]\s{0,4})?(?P<name>[^\r\n|(/]{3,70})",
    re.IGNORECASE,
)
EARLIEST, LATEST = 2001, 2099  # the report has come out since 2001


@dataclass(frozen=True, slots=True)
class Naming:
    """One place that names the country: its code, the words, and whether they are spelt as known."""

    code: str
    words: str
    exact: bool


def title_naming(text: str, start: int, end: int) -> list[Naming]:
    """Return the country in each title "2024 Trafficking in Persons Report: North Korea"."""
    namings = []
    for match in _TITLE.finditer(text, start, end):
        words = match.group("name").strip()
        if code := countries.opening(words):
            namings.append(Naming(code, words, True))
        elif len(words.split()) <= 6 and (code := countries.closest(words)):
            namings.append(Naming(code, words, False))
        if len(namings) == 3:
            break
    return namings


def settle_country(namings: list[Naming], given: str | None, warnings: list[str]) -> str:
    """Return the ISO code of the narrative's country.

    Raises:
        NotANarrative: `given` is no country, or not the one the text is about; or nothing names one.
    """
    wanted = _wanted(given)
    exact = Counter(naming.code for naming in namings if naming.exact)
    near = Counter(naming.code for naming in namings)
    counts = exact or near
    if wanted:
        if counts and wanted not in near and exact:
            raise NotANarrative(
                f"This narrative is about {countries.plain_name(counts.most_common(1)[0][0])}, but the "
                f"country given is {countries.plain_name(wanted)}. "
                "Choose the right file, or the right country."
            )
        code = wanted
    elif not counts:
        raise NotANarrative(
            "The text does not say which country it is about. Give the country, by name or code."
        )
    else:
        code = _most_named(counts)
    _note_namings(namings, code, warnings)
    return code


def _wanted(given: str | None) -> str | None:
    if given is None or not given.strip():
        return None
    code = countries.by_argument(given)
    if code is None:
        raise NotANarrative(
            f"“{shorten(given, 40)}” is not a country that the tracker knows. Give its name or "
            "two-letter code."
        )
    return code


def _most_named(counts: Counter[str]) -> str:
    (first, most), *others = counts.most_common()
    if others and others[0][1] == most:
        names = " and ".join(countries.plain_name(code) for code in (first, others[0][0]))
        raise NotANarrative(f"The text seems to be about both {names}. Give the country that it is about.")
    return first


def _note_namings(namings: list[Naming], code: str, warnings: list[str]) -> None:
    """Warn of places that name another country, or name this one in an unknown spelling."""
    name = countries.plain_name(code)
    noted = set()
    for naming in namings:
        if naming.words in noted or (naming.exact and naming.code == code):
            continue
        noted.add(naming.words)
        if naming.code != code:
            warnings.append(f"“{shorten(naming.words, 50)}” names a country other than {name}.")
        else:
            warnings.append(f"“{shorten(naming.words, 50)}” was read as {name}. Check the country.")


def settle_year(text: str, start: int, end: int, given: int | None, warnings: list[str]) -> int:
    """Return the year of publication, from `text[start:end]` (what stands before the narrative) and `given`.

    Raises:
        YearNotStated: no year is stated or given.
        NotANarrative: the year given is another than the report's own.
    """
    signs = years.years_in(text, start, end)
    stated = [year for _, year in signs]
    if given is not None:
        return _given_year(signs, given, warnings)
    if not signs:
        raise YearNotStated(
            "The text does not say which year's report it is from. Give the year of publication."
        )
    year = _best_year(signs)
    if set(stated) != {year}:
        others = ", ".join(str(other) for other in sorted(set(stated) - {year}))
        warnings.append(
            f"The text names {year} and also {others} as the report's year: {year} was used. Check it."
        )
    return year


def _best_year(signs: list[tuple[int, int]]) -> int:
    """Return the surest year; of several as sure, the latest."""
    return max(year for rank, year in signs if rank == signs[0][0])


def _given_year(signs: list[tuple[int, int]], given: int, warnings: list[str]) -> int:
    if not EARLIEST <= given <= LATEST:
        raise NotANarrative(
            f"{given} is not a year of this report. Give its year of publication, such as 2024."
        )
    stated = {year for _, year in signs}
    sure = [year for rank, year in signs if rank <= years.TITLE]
    if sure and given not in stated:
        raise NotANarrative(
            f"This is from the {sure[0]} report, but the year given is {given}. "
            "Choose the right file, or the right year."
        )
    if stated - {given}:
        others = ", ".join(str(other) for other in sorted(stated - {given}))
        warnings.append(
            f"The text names {others} as the report's year; {given} was given and used. Check it."
        )
    return given
