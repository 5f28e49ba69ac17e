"""From a country's name, however it is printed, to its ISO 3166 alpha-2 code, and back to a plain name."""

import difflib
import re
import unicodedata
from functools import cache, lru_cache

import pycountry

from .country_names import STATE_NAMES

_WORD = re.compile(r"[^\W\d_]+")
_DELIMITER = re.compile(r"[/|>•·…\[\]]|https?://\S+|\s[-–—]\s|\d")
_MOST_WORDS = 9
# Two names that differ in one letter must not be taken for each other: a near name has to be this near,
# and no name of another country may be about as near.
_NEAR, _MARGIN = 0.87, 0.04


def _key(name: str) -> str:
    """Return the letters of `name` alone: no accents, case, article, apostrophes or spaces."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).casefold()
    letters = "".join(char for char in plain if char.isalpha())
    return letters[3:] if letters.startswith("the") and len(letters) > 6 else letters


def _spellings(name: str) -> list[str]:
    """Return `name`, and the same with its parts in the other order and "Saint" shortened."""
    names = [name]
    if "," in name:
        first, rest = name.split(",", 1)
        names.append(f"{rest} {first}")
    return names + [re.sub(r"\bSaint\b", "St.", each) for each in names if "Saint" in each]


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for country in pycountry.countries:
        for attribute in ("name", "official_name", "common_name"):
            for name in _spellings(getattr(country, attribute, "") or ""):
                codes.setdefault(_key(name), country.alpha_2)
    for code, names in STATE_NAMES.items():
        for name in names:
            codes.update({_key(spelling): code for spelling in _spellings(name)})
    codes.pop("", None)
    return codes


def plain_name(code: str) -> str:
    """Return the name of the country with ISO code `code` as people say it: "North Korea"."""
    if code in STATE_NAMES:
        return STATE_NAMES[code][0]
    country = pycountry.countries.get(alpha_2=code)
    return str(getattr(country, "common_name", None) or getattr(country, "name", code))


@lru_cache(maxsize=8192)
def lookup(name: str) -> str | None:
    """Return the code of the country that is named exactly `name` (case, accents, order aside)."""
    codes = _codes()
    for spelling in _spellings(name[:120]):
        if code := codes.get(_key(spelling)):
            return code
    return None


@lru_cache(maxsize=1024)
def closest(name: str) -> str | None:
    """Return the code of the one country whose name is nearly `name`, as in a typing error; else None."""
    key = _key(name)
    if not 5 <= len(key) <= 60:
        return None
    best: dict[str, float] = {}
    for near in difflib.get_close_matches(key, _codes(), n=6, cutoff=_NEAR - _MARGIN):
        code = _codes()[near]
        best[code] = max(best.get(code, 0.0), difflib.SequenceMatcher(None, near, key).ratio())
    ranked = sorted(best.items(), key=lambda pair: -pair[1])
    if not ranked or ranked[0][1] < _NEAR:
        return None
    clear = len(ranked) == 1 or ranked[0][1] - ranked[1][1] >= _MARGIN
    return ranked[0][0] if clear else None


def by_argument(given: str) -> str | None:
    """Return the code for what a user typed: a two- or three-letter code, or a name."""
    given = given.strip()
    upper = given.upper()
    if upper in STATE_NAMES or pycountry.countries.get(alpha_2=upper):
        return upper
    if len(upper) == 3 and (country := pycountry.countries.get(alpha_3=upper)):
        return country.alpha_2
    return lookup(given) or closest(given)


def first_in(phrase: str) -> str | None:
    """Return the code of the first country named in `phrase`, the longest name at that place."""
    words = [match.span() for match in _WORD.finditer(phrase)]
    for index, (start, _) in enumerate(words):
        for _, end in reversed(words[index : index + _MOST_WORDS]):
            if code := lookup(phrase[start:end]):
                return code
    return None


def opening(phrase: str) -> str | None:
    """Return the code of the country whose name `phrase` begins with, an article aside."""
    words = [match.span() for match in _WORD.finditer(phrase)]
    for _, end in reversed(words[:_MOST_WORDS]):
        if code := lookup(phrase[:end]):
            return code
    return None


def ending(phrase: str) -> tuple[str, int] | None:
    """Return the code of the country whose name `phrase` ends with, and where the name begins in it."""
    words = [match.start() for match in _WORD.finditer(phrase)]
    for start in words[-_MOST_WORDS:]:
        if code := lookup(phrase[start:]):
            return code, start
    return None


def last_segment(phrase: str) -> str:
    """Return what follows the last delimiter (bar, slash, spaced dash, address, figure) in `phrase`."""
    return _DELIMITER.split(phrase)[-1].strip(" :,-–—(\t")
