"""What is public of a report: plain values, which pages, files and programs show as they are.

It holds what anybody may read, and nothing else: no title of ours, no name, no key of an inner page. Whoever
reads from here cannot tell more (docs/domain.md, "What may be said outside").
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from recommendations.choices import Status, criterion
from recommendations.importing.titles import first_title_of
from recommendations.models import (
    Ask,
    Citation,
    Edition,
    Evidence,
    Publication,
    Recommendation,
    Report,
    StatusUpdate,
)
from recommendations.rules.publication import told_since, told_status, told_with_status
from recommendations.rules.status import DerivedStatus
from recommendations.selectors.editions_outside import published_with
from recommendations.selectors.published import Facts, facts_of, said_outside, tells, with_status
from recommendations.selectors.told_words import ToldWords
from recommendations.selectors.wordings import worded_as_of


@dataclass(frozen=True)
class PublicSource:
    """A public evidence item that is cited; ``number`` is its footnote, counted through a recommendation."""

    number: int
    title: str
    kind: str
    published_by: str
    first_published_by: str
    published_on: date | None
    shows_on: date | None
    language: str
    reliability: str
    credibility: int
    address: str


@dataclass(frozen=True)
class PublicCitation:
    """That an update cites a source, and where in it to look; ``where`` is empty if that is not told."""

    source: PublicSource
    where: str


@dataclass(frozen=True)
class PublicUpdate:
    """The published words of an update; ``status`` is empty unless it is published too, and is told.

    ``criterion`` is the sentence by which the status was chosen. ``key`` names it outside: always the same,
    and not the key of its page inside.
    """

    key: uuid.UUID
    kind: str
    as_of: date
    words: str
    status: str
    criterion: str
    confidence: str
    movement: str
    published_at: datetime
    is_example: bool
    citations: tuple[PublicCitation, ...]

    @property
    def tells_status(self) -> bool:
        """Whether its status is told."""
        return bool(self.status)


@dataclass(frozen=True)
class PublicStanding:
    """The status of a recommendation or an ask: of which day it is, and since which day it is the same."""

    status: str
    as_of: date
    since: date
    confidence: str
    movement: str


@dataclass(frozen=True)
class PublicPart:
    """An ask: its words in the report, where it stands (None if that is not told), what was said of it."""

    words: str
    standing: PublicStanding | None
    updates: tuple[PublicUpdate, ...]


@dataclass(frozen=True)
class PublicRecommendation:
    """A recommendation in the words of its report, where it stands, and what was said of it, newest first.

    ``page_key`` is the last part of the address of its public page.
    """

    report: str
    reference: str
    position: int
    text: str
    nature: str
    standing: PublicStanding | None
    updates: tuple[PublicUpdate, ...]
    asks: tuple[PublicPart, ...]
    sources: tuple[PublicSource, ...]
    page_key: str

    @property
    def title(self) -> str:
        """What it is called outside: the beginning of the words that are told."""
        return first_title_of(self.text)

    @property
    def said(self) -> int:
        """How many published updates it has, those about its asks too."""
        return len(self.updates) + sum(len(ask.updates) for ask in self.asks)


def public_today(recommendations: Collection[Recommendation]) -> list[PublicRecommendation]:
    """Return what is public today of recommendations, in their order. Eight statements for any number,
    and one more if a source version corrected words.

    Args:
        recommendations: with their report fetched; such as ``report.recommendations.listed()`` with
            ``select_related("report")``, ordered.
    """
    rows = list(recommendations)
    of_them = Publication.objects.published().filter(update__recommendation__in=rows)
    outside = dict(of_them.order_by().values_list("update", "extent"))
    asks: dict[int, list[Ask]] = {one.pk: [] for one in rows}
    of_each = {one.pk: one for one in rows}
    for ask in Ask.objects.filter(recommendation__in=rows, retired_at=None).order_by("position"):
        # Its words are a part of those of the recommendation.
        ask.recommendation = of_each[ask.recommendation_id]
        asks[ask.recommendation_id].append(ask)
    return _told(rows, asks, outside)


def public_of(report: Report) -> list[PublicRecommendation]:
    """Return what is public today of the recommendations of a report, in its order."""
    rows = list(report.recommendations.listed().order_by("position"))
    for one in rows:
        one.report = report
    return public_today(rows)


def public_in(edition: Edition) -> list[PublicRecommendation]:
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
) -> list[PublicRecommendation]:
    ToldWords(rows, moment).give(rows, chain.from_iterable(asks.values()))
    reading = _Reading(outside, facts_of(rows, moment))
    return [reading.recommendation(one, asks[one.pk]) for one in rows]


class _Reading:
    """One read of what is outside, of which recommendations are told one after another."""

    def __init__(self, outside: Mapping[int, str], facts: Mapping[int, Facts]) -> None:
        self.published, self.facts = with_status(outside), facts
        self.said = said_outside(outside)
        acts = Publication.objects.published().filter(update__in=outside)
        self.published_at = dict(acts.order_by().values_list("update", "decided_at"))

    def recommendation(self, one: Recommendation, asks: Iterable[Ask]) -> PublicRecommendation:
        counting, split = self.facts[one.pk]
        stood = told_status(counting, self.published, split)
        since = told_since(counting, self.published, split)
        telling = {update.pk for update in told_with_status(counting, self.published)}
        footnotes = _Footnotes()

        def told(ask: Ask | None) -> tuple[PublicStanding | None, tuple[PublicUpdate, ...]]:
            key = ask.pk if ask else None
            shown = telling if tells(stood, key) else set()
            said = self.said.get((one.pk, key), ())
            updates = tuple(self._update(update, update.pk in shown, footnotes) for update in said)
            return _standing(stood, key, since), updates

        standing, updates = told(None)
        # One that was made of words that are not told yet has none.
        parts = tuple(
            PublicPart(ask.words, *told(ask)) for ask in asks if ask.pk in stood.by_ask and ask.words
        )
        return PublicRecommendation(
            report=one.report.slug,
            reference=one.reference,
            position=one.position,
            text=one.text,
            nature=one.nature,
            standing=standing,
            updates=updates,
            asks=parts,
            sources=footnotes.sources,
            page_key=one.reference,
        )

    def _update(self, update: StatusUpdate, is_telling: bool, footnotes: "_Footnotes") -> PublicUpdate:
        return PublicUpdate(
            key=uuid.uuid5(update.key, "outside"),
            kind=update.kind,
            as_of=update.as_of,
            words=update.public_text,
            status=update.status if is_telling else "",
            criterion=criterion(update.status, update.nature, update.criteria) if is_telling else "",
            confidence=update.confidence if is_telling else "",
            movement=update.movement if is_telling else "",
            published_at=self.published_at[update.pk],
            is_example=update.is_example,
            citations=tuple(footnotes.cite(cited) for cited in update.told_citations),
        )


def _standing(
    stood: DerivedStatus, ask: int | None, since: Mapping[int | None, date]
) -> PublicStanding | None:
    part = stood.whole if ask is None else stood.by_ask[ask]
    current = part.current
    if current is None or current.status == Status.NOT_ASSESSED:
        return None
    return PublicStanding(
        status=current.status,
        as_of=current.as_of,
        since=since[ask],
        confidence=current.confidence,
        movement=current.movement,
    )


class _Footnotes:
    """The sources of a recommendation, numbered as they are first cited: one cited twice has one number."""

    def __init__(self) -> None:
        self._numbered: dict[int, PublicSource] = {}

    @property
    def sources(self) -> tuple[PublicSource, ...]:
        return tuple(self._numbered.values())

    def cite(self, citation: Citation) -> PublicCitation:
        item = citation.evidence
        if item.pk not in self._numbered:
            self._numbered[item.pk] = _source(item, len(self._numbered) + 1)
        return PublicCitation(self._numbered[item.pk], citation.told_locator)


def _source(item: Evidence, number: int) -> PublicSource:
    return PublicSource(
        number=number,
        title=item.title,
        kind=item.kind,
        published_by=item.source,
        first_published_by=item.origin,
        published_on=item.published_on,
        shows_on=item.event_on,
        language=item.language,
        reliability=item.reliability,
        credibility=item.credibility,
        address=item.url,
    )
