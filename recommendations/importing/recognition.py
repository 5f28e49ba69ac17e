"""What is one narrative, what is several, and what is something else."""

import re
from collections.abc import Iterator
from itertools import islice

from recommendations.choices import SectionKind

from . import columns, countries
from .assessment import Assessment, find_assessment
from .folding import fold, lines
from .headings import Heading
from .report import NotANarrative
from .tiers import TierHeading

_OTHER = (
    (
        re.compile(
            r"\bcurrent\s+situation\s*:[\s\S]{0,400}?traffick|\btier\s+rating\s*:|"
            r"\A[\s\S]{0,400}?field\s+listing\b[\s\S]{0,60}?trafficking\s+in\s+persons",
            re.IGNORECASE,
        ),
        "This is from the World Factbook, not the narrative itself. "
        "Choose the narrative of the Trafficking in Persons Report.",
    ),
    (
        re.compile(r"\A[\s\S]{0,1500}?\binterim\s+assessments?\b", re.IGNORECASE),
        "This is an Interim Assessment, not the yearly narrative. "
        "Choose the narrative of the Trafficking in Persons Report.",
    ),
)
_TRAFFICKING = re.compile(r"traffick", re.IGNORECASE)
_PERIOD = re.compile(r"\breporting\s{1,9}(?:period|year)|\bduring\s{1,9}the\s{1,9}year\b", re.IGNORECASE)
# Turns of phrase that the report uses in nearly every narrative, and that few other texts have together.
_PHRASES = tuple(
    re.compile(phrase, re.IGNORECASE)
    for phrase in (
        r"sufficiently\s{1,9}stringent",
        r"commensurate\s{1,9}with",
        r"serious\s{1,9}crimes,\s{1,9}such\s{1,9}as\s{1,9}rape",
        r"anti-trafficking",
        r"trafficking\s{1,9}victims",
        r"human\s{1,9}trafficking",
        r"sex\s{1,9}trafficking",
    )
)
_SEVERAL = re.compile(
    r"^\W*(?P<title>special\s+cases|(?:country\s+narratives\W+)?countries\s+[A-Z]\s+through\s+[A-Z])\W*$",
    re.IGNORECASE | re.MULTILINE,
)
_SHORTEST_NARRATIVE = 200
_MOST_NAMES = 2000  # lines; a whole report has about 190


def one_narrative(text: str, found: list[TierHeading], country: str | None) -> tuple[int, int, list[str]]:
    """Return the span of the one narrative to read, and warnings.

    A page of several narratives is read only where `country` says which; its span then ends where the
    next country's heading stands.

    Raises:
        NotANarrative: the text is of another sort, is two columns mixed, or holds several narratives.
    """
    for pattern, message in _OTHER:
        if pattern.search(text[:20_000]):
            raise NotANarrative(message)
    if columns.are_mixed(text):
        raise NotANarrative(
            "The lines of two columns are mixed in this text, as when a PDF is copied. "
            "Copy one column after the other, or take the text from the report's web page."
        )
    segments = _segments(text, found)
    codes = list(dict.fromkeys(code for code, _, _ in segments))
    if len(codes) > 1:
        return _chosen(segments, codes, country)
    warnings = []
    if several := _SEVERAL.search(text[:3000]):
        title = fold(several.group("title"))
        warnings.append(f"The page's title is “{title}”, for several countries: only one was found.")
    return 0, len(text), warnings


def _chosen(
    segments: list[tuple[str, int, int]], codes: list[str], country: str | None
) -> tuple[int, int, list[str]]:
    wanted = countries.by_argument(country) if country else None
    spans = [(start, end) for code, start, end in segments if code == wanted]
    if wanted is None or not spans:
        names = ", ".join(countries.plain_name(code) for code in codes[:6])
        more = f" and {len(codes) - 6} more" if len(codes) > 6 else ""
        raise NotANarrative(
            f"This page holds the narratives of several countries ({names}{more}). "
            "Say which one to read by giving its country."
        )
    name = countries.plain_name(wanted)
    return *spans[0], [f"The page holds narratives of {len(codes)} countries: only that of {name} was read."]


def _segments(text: str, found: list[TierHeading]) -> list[tuple[str, int, int]]:
    """Return (code, start, end) of each stretch that a country's heading opens and that holds a narrative."""
    opened = sorted({(h.start, h.code) for h in found} | set(islice(_bare_names(text), _MOST_NAMES)))
    stretches: list[tuple[str, int]] = []
    for start, code in opened:
        if stretches and stretches[-1][0] == code:
            continue
        stretches.append((code, start))
    ends = [start for _, start in stretches[1:]] + [len(text)]
    return [
        (code, start, end)
        for (code, start), end in zip(stretches, ends, strict=False)
        if end - start >= _SHORTEST_NARRATIVE and find_assessment(text, start, end)
    ]


def _bare_names(text: str) -> Iterator[tuple[int, str]]:
    """Yield (start, code) of lines that are a country's name in capitals and nothing else."""
    for start, end in lines(text, 0, len(text)):
        if (
            4 <= end - start <= 60
            and text[start:end].isupper()
            and (code := countries.lookup(text[start:end]))
        ):
            yield start, code


def check(
    text: str, titles: list[TierHeading], assessment: Assessment | None, headings: list[Heading]
) -> None:
    """Refuse a text that has none of a narrative's features.

    Raises:
        NotANarrative: there is no assessment, and neither heading, list nor turns of phrase make up for it.
    """
    subject = len(_TRAFFICKING.findall(text[:100_000]))
    if assessment and subject:
        return
    listed = any(heading.kind is SectionKind.RECOMMENDATIONS for heading in headings)
    phrases = sum(bool(phrase.search(text)) for phrase in _PHRASES) if _PERIOD.search(text) else 0
    if len({title.code for title in titles}) > 1:
        raise NotANarrative(
            "This names the tiers of several countries but holds no country's narrative. "
            "Choose the file with the narrative of one country."
        )
    if (titles and subject >= 3) or (listed and subject >= 3) or phrases >= 4:
        return
    raise NotANarrative(
        "This does not read like a country narrative of the Trafficking in Persons Report: "
        "it has no assessment and no tier. Check that you chose the right file."
    )
