"""A report's text as it was received, with the passages of its recommendations marked in it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from recommendations.importing import ParsedRecommendation, ParsedReport, ParsedSection
from recommendations.models import BaselineClaim, Recommendation, Report, Section, SourceVersion
from recommendations.text.spans import places_of

# How much of the source is shown on each side of a passage (characters).
AROUND = 450


def passage(recommendation: Recommendation) -> tuple[str, str, str]:
    """Return (before, words, after): the recommendation in its place in the stored text of its report.

    One that is gone from the source is shown in the last version that has it.
    """
    text, start, end = recommendation.report.text, recommendation.start, recommendation.end
    if recommendation.gone_since:
        text = SourceVersion.objects.get(
            report=recommendation.report_id, number=recommendation.gone_since - 1
        ).text
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = text[first:start], text[end:last]
    if first:
        before = "… " + before[before.find(" ") + 1 :]
    if last < len(text):
        after = after[: after.rfind(" ")] + " …"
    return before, text[start:end], after


@dataclass(slots=True)
class Piece:
    """A stretch of a report's text; ``recommendation`` and ``anchors`` say what begins or is there."""

    text: str
    recommendation: Recommendation | ParsedRecommendation | None = None
    anchors: Sequence[str] = ()
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """A report's text as it is read: the narrative, and what was on the page around it.

    ``start`` is where the narrative begins, in characters of the text. The three put together are the text.
    """

    before: str
    start: int
    pieces: list[Piece]
    after: str


def reading(
    report: Report | SourceVersion,
    sections: Sequence[Section | ParsedSection],
    recommendations: Sequence[Recommendation],
    claims: Sequence[BaselineClaim] = (),
) -> Reading:
    """Return the text of a report, with what stands around the narrative apart: menus, tags, footers.

    The text can be that of a source version; then the recommendations have their places in it. The narrative
    reaches from the first to the last section or recommendation. Where none was found, all of the text is the
    narrative. A claim gives an anchor where it begins, or where the recommendation does in which it begins,
    if it is of this text.
    """
    spans = [(section.start, section.end) for section in sections]
    spans += [(one.start, one.end) for one in recommendations]
    spans += _headings(report.text, sections).values()
    first = min((start for start, _end in spans), default=0)
    last = max((end for _start, end in spans), default=len(report.text))
    inside, at = [], 0
    kept = [claim for claim in claims if claim.sha256 == report.sha256]
    for piece in pieces(report, sections, recommendations, kept, edges={first, last}):
        if first <= at < last:
            inside.append(piece)
        at += len(piece.text)
    return Reading(report.text[:first], first, inside, report.text[last:])


def pieces(
    report: Report | SourceVersion | ParsedReport,
    sections: Sequence[Section | ParsedSection],
    recommendations: Sequence[Recommendation | ParsedRecommendation],
    claims: Sequence[BaselineClaim] = (),
    edges: Collection[int] = (),
) -> list[Piece]:
    """Cut a report's text into the passages of its recommendations, its headings, and what lies between.

    Nothing is left out or changed: the pieces put together are the text. Sections and claims give anchors.

    Args:
        edges: further places at which the text is cut, unless they are inside a recommendation.
    """
    passages = {one.start: one for one in recommendations}
    headings = _headings(report.text, sections)
    anchors: dict[int, list[str]] = {}
    for section in reversed(sections):
        at = headings.get(str(section.kind), (section.start, 0))[0]
        anchors[at] = [anchor_of(section)]
    for claim in claims:
        around = (one.start for one in recommendations if one.start < claim.start < one.end)
        anchors.setdefault(next(around, claim.start), []).append(claim.anchor)
    spans = dict(headings.values())
    cuts = {0, len(report.text), *passages, *(one.end for one in recommendations), *anchors, *edges}
    cuts |= {*spans, *spans.values()}
    # A section that begins inside a passage must not cut it in two.
    inside = {edge for edge in cuts for one in recommendations if one.start < edge < one.end}
    return [
        Piece(
            report.text[start:end],
            passages.get(start),
            anchors.get(start, ()),
            is_heading=spans.get(start) == end,
        )
        for start, end in pairwise(sorted(cuts - inside))
    ]


def _headings(text: str, sections: Sequence[Section | ParsedSection]) -> dict[str, tuple[int, int]]:
    """Return {kind of a section: where its heading stands}, between it and the section before."""
    found, at = {}, 0
    for section in sorted(sections, key=lambda one: one.start):
        places = places_of(section.heading, text[at : section.start])
        if places:
            start, end = places[-1]
            found[str(section.kind)] = (at + start, at + end)
        at = max(at, section.end)
    return found


def anchor_of(section: Section | ParsedSection) -> str:
    """Return the name by which an address points to a section of a report's page."""
    return f"section-{section.kind}"
