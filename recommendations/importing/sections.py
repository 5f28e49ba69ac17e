"""The parts of a narrative as spans, and where the page around it begins again."""

import re

from recommendations.choices import SectionKind

from .assessment import Assessment
from .folding import lines, trim
from .grammar import ends_sentence
from .headings import Heading
from .report import ParsedSection

_PAGE = re.compile(
    r"#*\s*\[?(?:tags|related|share|permalink|view the full report|back to top|copyright|footnotes?|"
    r"previous|next|sources?|archives?|contact us)\b.{0,60}\Z",
    re.IGNORECASE,
)
_SHORTEST_PROFILE = 150  # characters of prose before the assessment that make a part of their own


def opening_sections(text: str, body: int, found: Assessment, end: int) -> list[ParsedSection]:
    """Return the assessment up to `end`, and the profile before it where the narrative begins with one."""
    parts = []
    before = _prose_before(text, body, found.start)
    if before:
        parts.append(ParsedSection(SectionKind.PROFILE, "", *before))
    start, stop = trim(text, found.start, end)
    if start < stop:
        parts.append(ParsedSection(SectionKind.ASSESSMENT, "", start, stop))
    return parts


def _prose_before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return the span of the prose in `text[start:end]`, page noise at its beginning left out."""
    prose = [line for line in lines(text, start, end) if line[1] - line[0] >= 60]
    if not prose:
        return None
    span = trim(text, prose[0][0], end)
    return (
        span
        if span[1] - span[0] >= _SHORTEST_PROFILE
        and ends_sentence(text[max(span[0], span[1] - 12) : span[1]])
        else None
    )


def headed_sections(text: str, headings: list[Heading], end: int) -> list[ParsedSection]:
    """Return a section for each heading but the list's own; the first of a kind counts."""
    parts: dict[SectionKind, ParsedSection] = {}
    for heading, after in zip(headings, [*headings[1:], None], strict=False):
        if heading.kind is SectionKind.RECOMMENDATIONS or heading.kind in parts:
            continue
        stop = after.start if after else page_begins(text, heading.end, end)
        start, stop = trim(text, heading.end, stop)
        if start < stop:
            parts[heading.kind] = ParsedSection(heading.kind, heading.label, start, stop)
    return list(parts.values())


def page_begins(text: str, start: int, end: int) -> int:
    """Return where the narrative's last part ends and the page around it (tags, links, footer) begins.

    A line that is known to open a footer ends it, and so do two or more short lines at the very end
    that are no sentences. One such line may be the beginning of a sentence that was cut.
    """
    tail: list[int] = []
    for line in lines(text, start, end):
        if _PAGE.match(text, *line) and line[1] - line[0] <= 80:
            return tail[0] if tail else line[0]
        short = line[1] - line[0] <= 80 and not ends_sentence(text[max(line[0], line[1] - 12) : line[1]])
        tail = [*tail, line[0]] if short and len(tail) < 3 else (tail if short else [])
    return tail[0] if len(tail) >= 3 else end
