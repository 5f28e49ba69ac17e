"""A whole report as it stood at some moment in the past.

*As it stood* means as it was known then: approved by then, not corrected by then, split as it was then.
What was found out later about that time is not in it; later corrections are named beside it. The words are
those of the source version that the report had then. Titles are today's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Prefetch

from recommendations.models import Ask, Citation, Recommendation, Report, StatusUpdate, User
from recommendations.rules.status import FACTS, DerivedStatus, PartStatus, derive_status
from recommendations.selectors.wordings import worded_as_of


@dataclass(frozen=True)
class Part:
    """A recommendation or an ask as it stood; ``update`` is its source, if the reader can see it."""

    derived: PartStatus
    ask: Ask | None = None
    update: StatusUpdate | None = None
    citations: list[Citation] = field(default_factory=list)


@dataclass(frozen=True)
class Row:
    """One recommendation as it stood, and its asks; ``split`` counts them by status."""

    recommendation: Recommendation
    whole: Part
    asks: list[Part]
    split: dict[str, int]


def report_as_of(report: Report, moment: datetime, person: User) -> list[Row]:
    """Return the rows of a report as it stood just before ``moment``. Six statements, or seven.

    Args:
        report: a report; one that was imported later has no rows then, unless it was worked on before.
        moment: the end of what counts; what counts from that very instant on does not.
        person: the reader. Everybody can see statuses, but the text only of updates that they can see.
    """
    approved = StatusUpdate.objects.counting(moment).only(*FACTS)
    asks = Ask.objects.filter(created_at__lt=moment).order_by("start")
    numbered = report.recommendations.visible_to(person).order_by("position")
    numbered = numbered.prefetch_related(Prefetch("updates", approved), Prefetch("asks", asks))
    if report.imported_at >= moment and not approved.filter(recommendation__report=report).exists():
        return []
    stood = [(one, *_stood(one, moment)) for one in worded_as_of(report, moment, numbered)]
    current = {part.current.pk for _one, found, _asks in stood for part in _parts(found) if part.current}
    seen = StatusUpdate.objects.visible_to(person).select_related("author", "approved_by").in_bulk(current)
    cited: dict[int, list[Citation]] = {}
    for citation in Citation.objects.visible_to(person).filter(update__in=seen).select_related("evidence"):
        cited.setdefault(citation.update_id, []).append(citation)
    return [_row(one, found, live, seen, cited) for one, found, live in stood]


def _stood(recommendation: Recommendation, moment: datetime) -> tuple[DerivedStatus, list[Ask]]:
    """Return (its state then, the asks that counted)."""
    live = [ask for ask in recommendation.asks.all() if not (ask.retired_at and ask.retired_at < moment)]
    return derive_status(list(recommendation.updates.all()), live), live


def _parts(found: DerivedStatus) -> list[PartStatus]:
    return [found.whole, *found.by_ask.values()]


def _row(
    recommendation: Recommendation,
    found: DerivedStatus,
    live: list[Ask],
    seen: Mapping[int, StatusUpdate],
    cited: Mapping[int, list[Citation]],
) -> Row:
    def part(derived: PartStatus, ask: Ask | None = None) -> Part:
        if derived.current is None:
            return Part(derived, ask)
        pk = derived.current.pk
        return Part(derived, ask, seen.get(pk), cited.get(pk, []))

    for ask in live:
        ask.recommendation = recommendation
    return Row(
        recommendation=recommendation,
        whole=part(found.whole),
        asks=[part(found.by_ask[ask.pk], ask) for ask in live],
        split=found.split,
    )


def corrections_after(report: Report, moment: datetime, person: User) -> list[StatusUpdate]:
    """Return the corrections that count since ``moment``, of what counted before it, oldest first."""
    later = StatusUpdate.objects.visible_to(person).counting()
    later = later.filter(recommendation__report=report, corrects__counts_at__lt=moment)
    later = later.filter(counts_at__gte=moment).select_related(
        "recommendation", "ask", "corrects", "author", "approved_by"
    )
    return list(later.order_by("counts_at", "pk"))
