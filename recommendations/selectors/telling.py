"""What is told of recommendations, as plain values: the shapes, and one way to fill them for each level.

A level says which updates are told, which of them with their status, and with which citations
(``selectors/outside``, ``selectors/inside``). Whoever reads the values cannot tell more than they hold.
"""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from recommendations.choices import Status, criterion
from recommendations.models import Ask, Citation, Evidence, Recommendation, StatusUpdate
from recommendations.rules.publication import told_since, told_status, told_with_status
from recommendations.rules.status import DerivedStatus
from recommendations.selectors.published import Facts, tells


@dataclass(frozen=True)
class ToldSource:
    """An evidence item that is cited; ``number`` is its footnote, counted through a recommendation."""

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
class ToldCitation:
    """That an update cites a source, and where in it to look; ``where`` is empty if that is not told."""

    source: ToldSource
    where: str


@dataclass(frozen=True)
class Beside:
    """What is told beside the words of an update, for the team alone: what it is, and what it says."""

    label: str
    words: str


@dataclass(frozen=True)
class ToldUpdate:
    """The words of an update that are told; ``status`` is empty unless it is told too.

    ``criterion`` is the sentence by which the status was chosen. ``key`` names it outside: always the same,
    and not the key of its page inside. ``told_since`` is when its words were published, or approved.
    """

    key: uuid.UUID
    kind: str
    as_of: date
    words: str
    status: str
    criterion: str
    confidence: str
    movement: str
    told_since: datetime
    is_example: bool
    citations: tuple[ToldCitation, ...]
    beside: tuple[Beside, ...] = ()

    @property
    def tells_status(self) -> bool:
        """Whether its status is told."""
        return bool(self.status)


@dataclass(frozen=True)
class ToldStanding:
    """The status of a recommendation or an ask: of which day it is, and since which day it is the same."""

    status: str
    as_of: date
    since: date
    confidence: str
    movement: str


@dataclass(frozen=True)
class ToldPart:
    """An ask: its words in the report, where it stands (None if that is not told), what was said of it."""

    words: str
    standing: ToldStanding | None
    updates: tuple[ToldUpdate, ...]


@dataclass(frozen=True)
class EarlierWords:
    """What the report of an earlier year said of the same demand; ``is_same`` if it is word for word that."""

    year: int
    words: str
    is_same: bool


@dataclass(frozen=True)
class ToldRecommendation:
    """A recommendation in the words of its report, where it stands, and what was said of it, newest first.

    ``page_key`` is the last part of the address of its public page. ``earlier`` and ``work``, what the team
    did itself about it, are for the team alone.
    """

    report: str
    reference: str
    position: int
    title: str
    text: str
    nature: str
    standing: ToldStanding | None
    updates: tuple[ToldUpdate, ...]
    asks: tuple[ToldPart, ...]
    sources: tuple[ToldSource, ...]
    page_key: str
    earlier: EarlierWords | None = None
    work: tuple[str, ...] = ()

    @property
    def said(self) -> int:
        """How many updates are told of it, those about its asks too."""
        return len(self.updates) + sum(len(ask.updates) for ask in self.asks)


@dataclass(frozen=True)
class Level:
    """What may be told at a level.

    Args:
        facts: {recommendation: what decides where it stands}.
        with_status: the updates whose status may be told.
        said: {(recommendation, its ask or None): the updates whose words are told, newest first}, each with
            its ``told_citations``.
        since: {update: since when it is told}.
        title: what a recommendation is called.
        beside: what is told beside the words of an update.
    """

    facts: Mapping[int, Facts]
    with_status: Collection[int]
    said: Mapping[tuple[int, int | None], Sequence[StatusUpdate]]
    since: Mapping[int, datetime]
    title: Callable[[Recommendation], str]
    beside: Callable[[StatusUpdate], tuple[Beside, ...]] = lambda update: ()

    def tell(self, one: Recommendation, asks: Iterable[Ask]) -> ToldRecommendation:
        """Return what is told of a recommendation and of its asks."""
        counting, split = self.facts[one.pk]
        stood = told_status(counting, self.with_status, split)
        since = told_since(counting, self.with_status, split)
        telling = {update.pk for update in told_with_status(counting, self.with_status)}
        footnotes = Footnotes()

        def told(ask: Ask | None) -> tuple[ToldStanding | None, tuple[ToldUpdate, ...]]:
            key = ask.pk if ask else None
            shown = telling if tells(stood, key) else set()
            said = self.said.get((one.pk, key), ())
            updates = tuple(self._update(update, update.pk in shown, footnotes) for update in said)
            return _standing(stood, key, since), updates

        standing, updates = told(None)
        # One that was made of words that are not told yet has none.
        parts = tuple(ToldPart(ask.words, *told(ask)) for ask in asks if ask.pk in stood.by_ask and ask.words)
        return ToldRecommendation(
            report=one.report.slug,
            reference=one.reference,
            position=one.position,
            title=self.title(one),
            text=one.text,
            nature=one.nature,
            standing=standing,
            updates=updates,
            asks=parts,
            sources=footnotes.sources,
            page_key=one.reference,
        )

    def _update(self, update: StatusUpdate, is_telling: bool, footnotes: "Footnotes") -> ToldUpdate:
        return ToldUpdate(
            key=uuid.uuid5(update.key, "outside"),
            kind=update.kind,
            as_of=update.as_of,
            words=update.public_text,
            status=update.status if is_telling else "",
            criterion=criterion(update.status, update.nature, update.criteria) if is_telling else "",
            confidence=update.confidence if is_telling else "",
            movement=update.movement if is_telling else "",
            told_since=self.since[update.pk],
            is_example=update.is_example,
            citations=tuple(footnotes.cite(cited) for cited in update.told_citations),
            beside=self.beside(update),
        )


def _standing(stood: DerivedStatus, ask: int | None, since: Mapping[int | None, date]) -> ToldStanding | None:
    part = stood.whole if ask is None else stood.by_ask[ask]
    current = part.current
    if current is None or current.status == Status.NOT_ASSESSED:
        return None
    return ToldStanding(
        status=current.status,
        as_of=current.as_of,
        since=since[ask],
        confidence=current.confidence,
        movement=current.movement,
    )


class Footnotes:
    """The sources of a recommendation, numbered as they are first cited: one cited twice has one number."""

    def __init__(self) -> None:
        self._numbered: dict[int, ToldSource] = {}

    @property
    def sources(self) -> tuple[ToldSource, ...]:
        return tuple(self._numbered.values())

    def cite(self, citation: Citation) -> ToldCitation:
        item = citation.evidence
        if item.pk not in self._numbered:
            self._numbered[item.pk] = _source(item, len(self._numbered) + 1)
        return ToldCitation(self._numbered[item.pk], citation.told_locator)


def _source(item: Evidence, number: int) -> ToldSource:
    return ToldSource(
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


def asks_of_each(rows: Iterable[Recommendation]) -> dict[int, list[Ask]]:
    """Return {recommendation: its asks that count}, in their order. One statement."""
    of_each = {one.pk: one for one in rows}
    asks: dict[int, list[Ask]] = {pk: [] for pk in of_each}
    for ask in Ask.objects.filter(recommendation__in=of_each, retired_at=None).order_by("position"):
        # Its words are a part of those of the recommendation.
        ask.recommendation = of_each[ask.recommendation_id]
        asks[ask.recommendation_id].append(ask)
    return asks
