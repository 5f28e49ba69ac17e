"""What is public of a report: plain values, which pages, files and programs show as they are.

It holds what anybody may read, and nothing else: no title of ours, no name, no key of an inner page. Whoever
reads from here cannot tell more (docs/domain.md, "What may be said outside").
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import chain

from recommendations.models import Ask, Edition, Publication, Recommendation, Report
from recommendations.selectors.editions_outside import published_with
from recommendations.selectors.published import facts_of, said_outside, with_status
from recommendations.selectors.telling import Level, ToldRecommendation, asks_of_each
from recommendations.selectors.told_words import ToldWords
from recommendations.selectors.wordings import worded_as_of


def public_today(recommendations: Collection[Recommendation]) -> list[ToldRecommendation]:
    """Return what is public today of recommendations, in their order. Eight statements for any number,
    and one more if a source version corrected words.

    Args:
        recommendations: with their report fetched; such as ``report.recommendations.listed()`` with
            ``select_related("report")``, ordered.
    """
    rows = list(recommendations)
    of_them = Publication.objects.published().filter(update__recommendation__in=rows)
    outside = dict(of_them.order_by().values_list("update", "extent"))
    return _told(rows, asks_of_each(rows), outside)


def public_of(report: Report) -> list[ToldRecommendation]:
    """Return what is public today of the recommendations of a report, in its order."""
    rows = list(report.recommendations.listed().order_by("position"))
    for one in rows:
        one.report = report
    return public_today(rows)


def public_in(edition: Edition) -> list[ToldRecommendation]:
    """Return what an edition shows outside: what was public when it was frozen, less what was withdrawn.

    The words are those of the report as they were then. The number of statements is always the same.
    """
    report, moment = edition.report, edition.known_until
    recommendations = report.recommendations.order_by("position").prefetch_related("asks")
    rows = [one for one in worded_as_of(report, moment, recommendations) if one.reference in _held(edition)]
    for one in rows:
        one.report = report
    asks = {one.pk: list(one.asks.all()) for one in rows}
    return _told(rows, asks, published_with(edition), moment)


def _held(edition: Edition) -> set[str]:
    return {held["reference"] for held in edition.content["recommendations"]}


def _told(
    rows: Sequence[Recommendation],
    asks: Mapping[int, Sequence[Ask]],
    outside: Mapping[int, str],
    moment: datetime | None = None,
) -> list[ToldRecommendation]:
    ToldWords(rows, moment).give(rows, chain.from_iterable(asks.values()))
    acts = Publication.objects.published().filter(update__in=outside)
    level = Level(
        facts=facts_of(rows, moment),
        with_status=with_status(outside),
        said=said_outside(outside),
        since=dict(acts.order_by().values_list("update", "decided_at")),
        title=lambda one: one.told_title,
    )
    return [level.tell(one, asks[one.pk]) for one in rows]
