"""A report's text as it was received, with the passages of its recommendations marked in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from recommendations.models import Recommendation, Report, Section

# How much of the source is shown on each side of a passage (characters).
AROUND = 450


def passage(recommendation: Recommendation) -> tuple[str, str, str]:
    """Return (before, words, after): the recommendation in its place in the stored text of its report."""
    text, start, end = recommendation.report.text, recommendation.start, recommendation.end
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    before, after = text[first:start], text[end:last]
    if first:
        before = "… " + before[before.find(" ") + 1 :]
    if last < len(text):
        after = after[: after.rfind(" ")] + " …"
    return before, text[start:end], after


@dataclass(slots=True)
class Piece:
    """A stretch of a report's text; ``recommendation`` or ``anchor`` say what begins or is there."""

    text: str
    recommendation: Recommendation | None = None
    anchor: str = ""


def pieces(
    report: Report, sections: Sequence[Section], recommendations: Sequence[Recommendation]
) -> list[Piece]:
    """Cut a report's text into the passages of its recommendations and what lies between.

    Nothing is left out or changed: the pieces put together are the text. Sections give anchors.
    """
    passages = {one.start: one for one in recommendations}
    anchors = {section.start: anchor_of(section) for section in reversed(sections)}
    edges = {0, len(report.text), *passages, *(one.end for one in recommendations), *anchors}
    # A section that begins inside a passage must not cut it in two.
    inside = {edge for edge in edges for one in recommendations if one.start < edge < one.end}
    return [
        Piece(report.text[start:end], passages.get(start), anchors.get(start, ""))
        for start, end in pairwise(sorted(edges - inside))
    ]


def anchor_of(section: Section) -> str:
    """Return the name by which an address points to a section of a report's page."""
    return f"section-{section.kind}"
