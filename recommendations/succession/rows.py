"""The rows that an import makes of what was read, before they are stored."""

from datetime import date

from recommendations.importing.nature import nature_of
from recommendations.importing.report import ParsedRecommendation
from recommendations.importing.titles import first_title_of
from recommendations.models import Recommendation, Report
from recommendations.rules.dates import next_review_on


def recommendation_of(
    report: Report,
    item: ParsedRecommendation,
    title: tuple[str, str] | None,
    today: date,
    number: int | None = None,
) -> Recommendation:
    """Return the recommendation that an item of a list becomes, not stored.

    Args:
        title: our short title and pillar for it, if there are any.
        number: that of its reference; at the first import its position.
    """
    short_title, pillar = title or (first_title_of(item.text), "")
    recommendation = Recommendation(
        report=report,
        position=item.position,
        reference=f"{report.slug}-{number or item.position:02}",
        text=item.text,
        start=item.start,
        end=item.end,
        short_title=short_title,
        pillar=pillar,
        nature=nature_of(item.text),
        imported_on=today,
    )
    recommendation.next_review_on = next_review_on(
        answered_on=None, tracked_from=today, interval_days=recommendation.interval_days
    )
    return recommendation
