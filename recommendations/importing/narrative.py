"""From a text to a parsed report: the steps that use everything else in this package."""

from dataclasses import dataclass, field

from recommendations.choices import SectionKind, Tier

from . import countries, identity, lists, marks, recognition, regions, sections, tiers
from .assessment import Assessment, country_of_profile, find_assessment
from .folding import fold, line_end, trim
from .headings import Heading, cut_heading, find_headings
from .identity import Naming
from .report import ParsedRecommendation, ParsedReport, ParsedSection
from .tiers import TierHeading

# Characters. The longest lists have about 12,000; beyond this limit something else is being read.
_LONGEST_LIST = 60_000


@dataclass(slots=True)
class _Layout:
    """What was found where, in one narrative that spans `text[start:end]`."""

    text: str
    start: int
    end: int
    tier_headings: list[TierHeading]
    assessment: Assessment | None
    headings: list[Heading]
    warnings: list[str] = field(default_factory=list)

    @property
    def title(self) -> TierHeading | None:
        """The country's heading: the last one before the assessment, or else the first of all."""
        begin = self.assessment.start if self.assessment else self.end
        before = [heading for heading in self.tier_headings if heading.start < begin]
        return before[-1] if before else next(iter(self.tier_headings), None)

    @property
    def front(self) -> int:
        """Where what stands before the narrative ends, the rest of its heading's line included."""
        if self.assessment:
            return self.assessment.start
        if title := self.title:
            return line_end(self.text, title.end)
        return next((heading.start for heading in self.headings), self.start)

    @property
    def body(self) -> int:
        """Where the narrative's own text begins: after its heading."""
        title = self.title
        if title and (self.assessment is None or title.start < self.assessment.start):
            return title.end
        return self.start


@dataclass(slots=True)
class _List:
    """The list as read: its heading, its span, its parts, and whether it is known to be whole."""

    heading: str = ""
    begin: int = 0
    span: tuple[int, int] | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)
    complete: bool = False


def parse(text: str, *, sha256: str, country: str | None = None, year: int | None = None) -> ParsedReport:
    """Read a country narrative of the Trafficking in Persons Report, of any year and layout.

    Args:
        text: what was read from the document (``recommendations.documents``). It is kept untouched.
        sha256: the digest of the document itself.
        country: name or ISO code, where the text does not say it; checked where it does.
        year: year of publication, likewise.

    Raises:
        NotANarrative: the text is no narrative, holds several, or contradicts what was given. What it
            says is a plain sentence that says what is wrong and what to do.
    """
    layout = _layout(text, country)
    code = identity.settle_country(_namings(layout), country, layout.warnings)
    published = _year(layout, year)
    found = _read_list(layout)
    tier = _tier(layout, found)
    _note_missing(layout, found, tier)
    return ParsedReport(
        country_code=code,
        country_name=countries.plain_name(code),
        heading=layout.title.label if layout.title else "",
        year=published,
        tier=tier,
        complete=found.complete,
        recommendations=tuple(
            ParsedRecommendation(position, fold(text[start:end]), start, end)
            for position, (start, end) in enumerate(found.spans, 1)
        ),
        sections=_sections(layout, found),
        warnings=tuple(dict.fromkeys(layout.warnings)),
        text=text,
        sha256=sha256,
    )


def _layout(text: str, country: str | None) -> _Layout:
    tier_headings = tiers.find_tier_headings(text, 0, len(text))
    start, end, warnings = recognition.one_narrative(text, tier_headings, country)
    inside = [heading for heading in tier_headings if start <= heading.start < end]
    assessment = find_assessment(text, start, end)
    headings = find_headings(text, start, end)
    if assessment:
        headings = [heading for heading in headings if heading.start >= assessment.start]
    layout = _Layout(text, start, end, inside, assessment, headings, warnings)
    recognition.check(text, inside, assessment, headings)
    return layout


def _namings(layout: _Layout) -> list[Naming]:
    """Return every place that says which country the narrative is about."""
    text, namings = layout.text, []
    if title := layout.title:
        namings.append(Naming(title.code, title.name, title.exact))
    if layout.assessment and layout.assessment.code:
        namings.append(Naming(layout.assessment.code, "the assessment", True))
    for heading in layout.headings:
        if heading.name and (code := countries.first_in(heading.name)):
            namings.append(Naming(code, heading.name, True))
    front = layout.front if layout.assessment else layout.end
    namings.extend(identity.title_naming(text, layout.start, front))
    if not any(naming.exact for naming in namings) and (
        code := country_of_profile(text, layout.start, layout.end)
    ):
        namings.append(Naming(code, "the profile", True))
    return namings


def _year(layout: _Layout, given: int | None) -> int:
    return identity.settle_year(layout.text, 0, layout.front, given, layout.warnings)


def _read_list(layout: _Layout) -> _List:
    """Find the list, part it, and say whether it is whole."""
    text, headings = layout.text, layout.headings
    index = next((i for i, h in enumerate(headings) if h.kind is SectionKind.RECOMMENDATIONS), None)
    if index is not None:
        heading = headings[index]
        limit = headings[index + 1].start if index + 1 < len(headings) else layout.end
        return _part_list(layout, heading.label, heading.start, heading.end, limit, limit < layout.end)
    first = next((heading.start for heading in headings), layout.end)
    after = layout.assessment.end if layout.assessment else layout.body
    start = regions.find_start(text, after, first)
    if start is None:
        return _List(begin=first)
    return _part_list(layout, "", start, start, first, first < layout.end)


def _part_list(layout: _Layout, heading: str, begin: int, start: int, limit: int, headed: bool) -> _List:
    """Read the list in `text[start:limit]`; `headed` says that a heading follows at `limit`."""
    text = layout.text
    start, limit = trim(text, start, limit)
    within = min(limit, start + _LONGEST_LIST)
    if not headed and within == limit:
        within = _without_cut_heading(layout, start, within)
    stop, followed = regions.find_end(text, start, within)
    if start >= stop:
        return _List(heading=heading, begin=begin)
    parting = lists.part(text, start, stop)
    layout.warnings.extend(parting.warnings)
    shortened = lists.drop_cut_mark(text, parting)
    if shortened:
        layout.warnings.append(
            "The list ends with dots or a similar mark: its last recommendations are missing."
        )
    span = trim(text, start, stop)
    found = _List(heading, begin, span, parting.spans)
    if not parting.spans:
        return found
    ended = (headed and within == limit) or followed or parting.closed
    cut = lists.breaks_off(text, parting, ended) or shortened
    if cut and not shortened:
        layout.warnings.append(f"Recommendation {len(found.spans)} breaks off: the list may be incomplete.")
    headless = _begins_headless(layout, heading)
    found.complete = ended and not (cut or headless or parting.doubtful)
    return found


def _without_cut_heading(layout: _Layout, start: int, limit: int) -> int:
    """Return where the list ends before a heading that the end of the text cut short, and warn of it."""
    text = layout.text
    marked = bool(marks.bullet_marks(text, start, limit) or marks.asterisk_marks(text, start, limit))
    at = cut_heading(text, start, limit, marked)
    if at is None:
        return limit
    layout.warnings.append(
        f"The text ends in “{fold(text[at:limit])}”, the beginning of a heading: the list was cut there."
    )
    return trim(text, start, at)[1]


def _begins_headless(layout: _Layout, heading: str) -> bool:
    """Tell whether nothing shows that the list's beginning is there, and warn if so."""
    if not heading and not layout.assessment:
        layout.warnings.append("The text begins with the list: its first recommendations may be missing.")
        return True
    return False


def _tier(layout: _Layout, found: _List) -> Tier:
    """Return the tier: the assessment's sentence decides, a heading that differs is a warning."""
    headed = layout.title.tier if layout.title else Tier.NOT_STATED
    stated = Tier.NOT_STATED
    if headed is Tier.NOT_STATED and (alone := tiers.tier_alone(layout.text, 0, layout.front)):
        headed = alone[0]
    if layout.assessment:
        end = min([found.begin or layout.end, *(heading.start for heading in layout.headings)])
        stated = tiers.tier_in_prose(layout.text, layout.assessment.start, end) or Tier.NOT_STATED
    if headed and stated and headed is not stated:
        layout.warnings.append(
            f"The heading says {tiers.label(headed)}, the assessment {tiers.label(stated)}: "
            f"{tiers.label(stated)} was used. Check it."
        )
    tier = stated or headed
    if tier is Tier.NOT_STATED:
        layout.warnings.append("The text does not say which tier the country is on.")
    return tier


def _note_missing(layout: _Layout, found: _List, tier: Tier) -> None:
    """Say why a list is not known to be whole, and which parts could not be told apart."""
    if not found.spans:
        special = tier is Tier.SPECIAL_CASE
        layout.warnings.append(
            "This is a Special Case: its narrative has no list of recommendations."
            if special
            else "No list of recommendations was found: it is missing from the text, or cut off."
        )
    elif not found.complete and not any(
        "incomplete" in warning or "missing" in warning for warning in layout.warnings
    ):
        layout.warnings.append(
            "Nothing follows the list: its end may be cut off, and the list may be incomplete."
        )
    if not layout.assessment:
        layout.warnings.append("The assessment, with which a narrative opens, was not found in the text.")


def _sections(layout: _Layout, found: _List) -> tuple[ParsedSection, ...]:
    parts: list[ParsedSection] = []
    if layout.assessment:
        end = min([found.begin or layout.end, *(heading.start for heading in layout.headings)])
        parts += sections.opening_sections(layout.text, layout.body, layout.assessment, end)
    if found.span:
        parts.append(ParsedSection(SectionKind.RECOMMENDATIONS, found.heading, *found.span))
    parts += sections.headed_sections(layout.text, layout.headings, layout.end)
    kinds = {part.kind: part for part in reversed(parts)}
    return tuple(sorted(kinds.values(), key=lambda part: part.start))
