"""What is said outside: words and statuses of published updates, and the public evidence that they cite.

Every outward thing reads it from here: the digests of partners, the public view of an edition, public lists.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import ExtractYear

from recommendations.choices import EventKind, Extent
from recommendations.models import (
    Ask,
    Citation,
    Event,
    Evidence,
    Publication,
    Recommendation,
    Report,
    StatusUpdate,
)
from recommendations.rules.publication import told_status
from recommendations.rules.status import FACTS, DerivedStatus, PartStatus
from recommendations.selectors.audience import anybody
from recommendations.selectors.held_back import told_items
from recommendations.selectors.news import News
from recommendations.selectors.told_words import ToldWords


@dataclass
class PublishedRow:
    """A recommendation, and its status where that is told; never overdue, since dates are the house's."""

    recommendation: Recommendation
    told: PartStatus

    @property
    def status(self) -> str:
        """Its status, empty where none is told."""
        return self.told.status if self.told.current else ""

    @property
    def as_of(self) -> date | None:
        """The day as of which that is its status."""
        return self.told.current.as_of if self.told.current else None


@dataclass
class PublishedMatrix:
    """One tracked report with its rows in the report's order."""

    report: Report
    rows: list[PublishedRow]
    overdue: tuple[()] = ()


def extents(known_until: datetime | None = None) -> dict[int, str]:
    """Return {primary key of an update: how much of it is outside}. Args: as ``published``."""
    return dict(Publication.objects.published(known_until).order_by().values_list("update", "extent"))


def with_status(outside: Mapping[int, str]) -> set[int]:
    """Return those of which the status is outside too."""
    return {pk for pk, extent in outside.items() if extent == Extent.WORDS_AND_STATUS}


def standing(
    recommendations: Collection[Recommendation], published: Collection[int], moment: datetime | None = None
) -> dict[int, DerivedStatus]:
    """Return {primary key: where a recommendation stands outside}. Two statements.

    Args:
        published: the updates that are published with their status.
        moment: leaves out what counts, and was split, from this instant on; nothing, when left out.
    """
    facts = facts_of(recommendations, moment)
    return {pk: told_status(one.counting, published, one.asks) for pk, one in facts.items()}


class Facts(NamedTuple):
    """What decides where a recommendation stands: the updates that count, and its asks."""

    counting: list[StatusUpdate]
    asks: list[Ask]


def facts_of(recommendations: Collection[Recommendation], moment: datetime | None = None) -> dict[int, Facts]:
    """Return {primary key: what decides where a recommendation stands}. Two statements.

    Args: as ``standing``.
    """
    counting = StatusUpdate.objects.counting(moment).filter(recommendation__in=recommendations).only(*FACTS)
    asks = Ask.objects.filter(recommendation__in=recommendations).order_by("start")
    if moment:
        asks = asks.filter(created_at__lt=moment)
        asks = asks.filter(Q(retired_at=None) | Q(retired_at__gte=moment))
    else:
        asks = asks.filter(retired_at=None)
    updates_of, asks_of = _by_recommendation(counting), _by_recommendation(asks)
    return {one.pk: Facts(updates_of[one.pk], asks_of[one.pk]) for one in recommendations}


def telling_status(outside: Mapping[int, str]) -> set[int]:
    """Return the updates of which a status is told outside, each with its day.

    Not those about an ask that was retired since, nor about what has no status outside.
    """
    published = with_status(outside)
    updates = StatusUpdate.objects.filter(pk__in=published).only("recommendation", "ask")
    stood = standing(Recommendation.objects.filter(updates__in=published).distinct(), published)
    return {one.pk for one in updates if tells(stood[one.recommendation_id], one.ask_id)}


def tells(stood: DerivedStatus, ask: int | None) -> bool:
    """Say whether an ask, or the whole (None), has a status outside."""
    part = stood.by_ask.get(ask) if ask else stood.whole
    return part is not None and part.current is not None


def _by_recommendation[Row: (StatusUpdate, Ask)](rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.recommendation_id].append(row)
    return found


def published_citations(outside: Collection[int]) -> QuerySet[Citation]:
    """Return the citations that may be told: by updates that are outside, of public items that are there.

    Not of those that are held back (``held_back``).
    """
    return Citation.objects.told().filter(update__in=outside, evidence__in=told_items())


def said_outside(outside: Collection[int]) -> dict[tuple[int, int | None], list[StatusUpdate]]:
    """Return {(recommendation, its ask or None): what is said of it outside}, newest first. Two statements.

    Each with what it cites that may be told (``told_citations``).
    """
    cited: dict[int, list[Citation]] = {}
    for one in published_citations(outside).select_related("evidence").order_by("pk"):
        cited.setdefault(one.update_id, []).append(one)
    said: dict[tuple[int, int | None], list[StatusUpdate]] = {}
    for update in StatusUpdate.objects.filter(pk__in=outside).newest_first():
        update.told_citations = cited.get(update.pk, [])
        said.setdefault((update.recommendation_id, update.ask_id), []).append(update)
    return said


class PublishedChronicle:
    """What was published up to a place in the event sequence, told from any place on.

    What was withdrawn meanwhile is not told, wherever it was published.
    """

    def __init__(self, to_seq: int) -> None:
        self.to_seq = to_seq
        self.outside = extents()
        self.telling = telling_status(self.outside)
        self.words = ToldWords(Recommendation.objects.filter(updates__in=self.outside))
        self._news: dict[int, News] = {}

    def since(self, from_seq: int) -> News:
        """Return the ``News`` of what was published after ``from_seq``."""
        if from_seq not in self._news:
            window = Event.objects.filter(seq__gt=from_seq, seq__lte=self.to_seq)
            self._news[from_seq] = News(
                from_seq,
                self.to_seq,
                imported=_imported(window),
                published=self._updates(window),
                evidence=self._evidence(from_seq),
            )
        return self._news[from_seq]

    def _updates(self, window: QuerySet[Event]) -> list[StatusUpdate]:
        """Return the updates of which something was published, in the order in which it was."""
        acts = window.filter(kind=EventKind.PUBLISHED, update__in=self.outside).order_by("seq")
        keys = list(dict.fromkeys(acts.values_list("update", flat=True)))
        found = StatusUpdate.objects.select_related("recommendation", "ask").in_bulk(keys)
        for update in found.values():
            update.says_status = update.pk in self.telling
            if update.ask:
                update.ask.recommendation = update.recommendation
            self.words.give([update.recommendation], [update.ask] if update.ask else ())
        return [found[pk] for pk in keys]

    def _evidence(self, from_seq: int) -> list[Evidence]:
        """Return the public items that could first be told in this part of the sequence.

        Their first citing update was published in it, or a second person said that they may be told after
        they had been raised to public.
        """
        acts = Event.objects.filter(kind=EventKind.PUBLISHED, update__in=self.outside)
        first = dict(acts.order_by().values_list("update").annotate(first=Min("seq")))
        raised = Event.objects.filter(kind=EventKind.EVIDENCE_TOLD, payload__raised=True)
        since = dict(raised.order_by().values_list("evidence").annotate(last=Max("seq")))
        told: dict[int, tuple[int, Citation]] = {}
        cited = published_citations(self.outside).select_related("evidence", "update__recommendation")
        for one in cited:
            seq = max(first[one.update_id], since.get(one.evidence_id, 0))
            if one.evidence_id not in told or seq < told[one.evidence_id][0]:
                told[one.evidence_id] = (seq, one)
        new = sorted((seq, pk) for pk, (seq, _one) in told.items() if from_seq < seq <= self.to_seq)
        for _seq, pk in new:
            told[pk][1].evidence.added_for = told[pk][1].update.recommendation
            self.words.give([told[pk][1].update.recommendation])
        return [told[pk][1].evidence for _seq, pk in new]


def _imported(window: QuerySet[Event]) -> list[Report]:
    """Return the reports that came in; an old year that comes in later is no news."""
    imported = window.filter(kind=EventKind.IMPORTED, report__closed_at=None)
    imported = imported.filter(report__year__gte=ExtractYear("at") - 1).order_by("seq")
    events = imported.select_related("report").defer("report__source_bytes", "report__text")
    return [event.report for event in events if event.report]


class PublishedMatrices:
    """Where all tracked recommendations stand, as far as that is said outside."""

    def __init__(self, outside: Mapping[int, str], words: ToldWords) -> None:
        self.recommendations: list[Recommendation] = list(
            Recommendation.objects.visible_to(anybody())
            .tracked()
            .select_related("report")
            .defer("report__source_bytes", "report__text")
            .order_by("-report__year", "report__country_name", "position")
        )
        words.give(self.recommendations)
        self.standing = standing(self.recommendations, with_status(outside))

    def on(self, _today: date) -> list[PublishedMatrix]:
        """Return a ``PublishedMatrix`` for each report that is tracked, newest first."""
        by_report: dict[int, PublishedMatrix] = {}
        for one in self.recommendations:
            matrix = by_report.setdefault(one.report_id, PublishedMatrix(one.report, []))
            matrix.rows.append(PublishedRow(one, self.standing[one.pk].whole))
        return list(by_report.values())


class PublishedSource:
    """The news and the table for outside partners; nothing waits for them."""

    waiting: tuple[()] = ()

    def __init__(self, head: int) -> None:
        self.chronicle = PublishedChronicle(head)
        self.matrices = PublishedMatrices(self.chronicle.outside, self.chronicle.words)
