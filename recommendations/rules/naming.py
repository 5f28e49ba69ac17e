"""Which instruments and countries some words name: offered as tags, and never more than an offer.

An instrument is written in one way however the text writes it, so that a list can be filtered by it.
"""

import re
from collections.abc import Iterator

from recommendations.choices import TagKind
from recommendations.importing.countries import lookup

# Resolutions of the Security Council: "UNSCRs 2375 and 2397", "Security Council resolution 2397".
_RESOLUTIONS = re.compile(
    r"(?:UNSCRs?|Security Council [Rr]esolutions?)\s+((?:\d{3,4})(?:\s*(?:,|and|,\s*and|or|/)\s*\d{3,4})*)"
)
# Conventions of the International Labour Organization: "ILO Convention No. 29", "ILO Conventions 29 and 105".
_ILO = re.compile(
    r"ILO(?:['’]s)? (?:Forced Labou?r )?(?:Conventions?|C\.?)\s*(?:No\.?s?\s*)?"
    r"((?:\d{2,3})(?:\s*(?:,|and)\s*\d{2,3})*)"
)
# Articles of the criminal code: "Articles 150 and 278 of the Criminal Code", "Penal Code article 244".
_ARTICLES = re.compile(
    r"[Aa]rticles?\s+((?:\d{1,4})(?:\s*(?:,|and|,\s*and|or)\s*\d{1,4})*)\s+of\s+(?:\w+[’']s?\s+)?"
    r"(?:the|its|their)?\s*(?:(?:\d{4}|DPRK|revised)\s+)?([Cc]riminal|[Pp]enal)\s+[Cc]ode"
)
_NUMBER = re.compile(r"\d+")
# Treaties, by how reports and people call them.
_TREATIES = {
    "UN TIP Protocol": r"(?:UN TIP Protocol|Palermo Protocol|Trafficking in Persons Protocol"
    r"|Protocol to Prevent,? Suppress,? and Punish Trafficking)",
    "UN Convention against Transnational Organized Crime": r"(?:UNTOC\b|Transnational Organi[sz]ed Crime)",
    "1951 Refugee Convention": r"(?:1951 (?:UN )?(?:Refugee )?Convention|Refugee Convention)",
    "1967 Refugee Protocol": r"1967 (?:UN )?(?:Refugee )?Protocol",
    "Convention against Torture": r"Convention [Aa]gainst Torture",
    "Convention on the Rights of the Child": r"Convention on the Rights of the Child",
    "CEDAW": r"(?:\bCEDAW\b|Elimination of (?:All Forms of )?Discrimination [Aa]gainst Women)",
    "ICCPR": r"(?:\bICCPR\b|Covenant on Civil and Political Rights)",
}
_TREATY_NAMES = {name: re.compile(pattern) for name, pattern in _TREATIES.items()}
# A name of a country begins with a capital letter, and has at most so many words.
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ][\w’'.-]*")
_MOST_WORDS = 7


def named_in(words: str, *, besides: str = "") -> list[tuple[TagKind, str]]:
    """Return what some words name, as kind and value of a tag; each once, instruments first.

    Args:
        words: of a recommendation, or of a passage of the narrative.
        besides: the ISO code of a country that is left out: the report's own.
    """
    found = [(TagKind.INSTRUMENT, name) for name in _instruments(words)]
    found += [(TagKind.COUNTRY, code) for code in _countries(words) if code != besides]
    return list(dict.fromkeys(found))


def _instruments(words: str) -> Iterator[str]:
    for match in _RESOLUTIONS.finditer(words):
        yield from (f"UNSCR {number}" for number in _NUMBER.findall(match[1]))
    for match in _ILO.finditer(words):
        yield from (f"ILO Convention {number}" for number in _NUMBER.findall(match[1]))
    for name, pattern in _TREATY_NAMES.items():
        if pattern.search(words):
            yield name
    for match in _ARTICLES.finditer(words):
        code = f"{match[2].capitalize()} Code"
        yield from (f"{code}, article {number}" for number in _NUMBER.findall(match[1]))


def _countries(words: str) -> Iterator[str]:
    """Yield the code of each country that is named, the longest name at each place."""
    at = 0
    for match in _CAPITAL.finditer(words):
        if match.start() < at:
            continue
        code, at = _longest_name(words, match.start())
        if code:
            yield code


def _longest_name(words: str, start: int) -> tuple[str | None, int]:
    """Return the country whose name begins here, and where what was read of it ends."""
    ends = [start + match.end() for match in re.finditer(r"[\w’'.-]+", words[start : start + 120])]
    for end in reversed(ends[:_MOST_WORDS]):
        if code := lookup(words[start:end].rstrip(".,")):
            return code, end
    return None, ends[0]
