"""What happened for one reader between two places in the event sequence.

Cut by sequence, never by clock: an event whose transaction commits late would be missed by a clock.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Model
from django.urls import reverse

from recommendations.choices import EventKind, Sensitivity, Status, UpdateKind
from recommendations.models import Ask, Citation, Event, Evidence, Recommendation, Report, StatusUpdate, User
from recommendations.models.visible import VisibleQuerySet

# What the news tells of; the rest of the sequence is history and custody.
TOLD_KINDS = (
    EventKind.IMPORTED,
    EventKind.CLOSED,
    EventKind.REOPENED,
    EventKind.VERSION_ADDED,
    EventKind.VERSION_UNDONE,
    EventKind.APPROVED,
    EventKind.COUNTED,
    EventKind.STATUS_CHANGED,
    EventKind.ASK_MOVED,
    EventKind.SPLIT,
    EventKind.ASK_RETIRED,
    EventKind.EVIDENCE_ADDED,
    EventKind.EVIDENCE_CHANGED,
    EventKind.GRANTED,
)
MOVES = (EventKind.STATUS_CHANGED, EventKind.ASK_MOVED)
ASK_CHANGES = (EventKind.SPLIT, EventKind.ASK_RETIRED)

# What the news says of an update beside its words.
UPDATE_PARTS = ("recommendation", "approved_by", "ask")


@dataclass
class Move:
    """A status that changed, and by which update; ``ask`` if it is the status of one ask.

    There is no update if that is restricted: the move is told to everybody, and nothing else of it.
    ``act`` names what moved it. ``by_ask`` is the move of an ask that moved the whole with it: the two are
    told as one.
    ``retired`` is the ask without which another update decides, ``why`` the reason for which it was retired.
    """

    recommendation: Recommendation
    update: StatusUpdate | None
    act: object
    before: Status
    after: Status
    citations: int = 0
    ask: Ask | None = None
    by_ask: "Move | None" = None
    retired: Ask | None = None
    why: str = ""


class AskChange(NamedTuple):
    """An ask that was added, or retired without moving the whole; ``why`` it was retired, and who did it."""

    ask: Ask
    recommendation: Recommendation
    is_retired: bool
    why: str
    by: User | None
    at: datetime


class VersionNews(NamedTuple):
    """A source version that a report got, or that was undone, and how many recommendations it changed."""

    report: Report
    number: int
    is_undone: bool
    new: int
    corrected: int
    gone: int

    @property
    def address(self) -> str:
        """The page of the version, or that of the report if the version is undone."""
        if self.is_undone:
            return reverse("report-detail", args=[self.report.slug])
        return reverse("source-version", args=[self.report.slug, self.number])


@dataclass
class News:
    """What one reader has to be told. Restricted things are only counted."""

    from_seq: int
    to_seq: int
    imported: list[Report] = field(default_factory=list)
    # Closed, or followed again: what was done last.
    closed: list[Report] = field(default_factory=list)
    reopened: list[Report] = field(default_factory=list)
    versions: list[VersionNews] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    confirmed: list[StatusUpdate] = field(default_factory=list)
    checks: list[StatusUpdate] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    asks: list[AskChange] = field(default_factory=list)
    # What was published, for those outside; the lists before it are of the team's own digests.
    published: list[StatusUpdate] = field(default_factory=list)
    restricted: int = 0
    # The restricted things by report; None for what has no report.
    restricted_in: Counter[int | None] = field(default_factory=Counter)

    def add(self, other: "News", tells: Callable[[int | None], bool]) -> None:
        """Add of other news what is about reports that are to be told. Args: ``tells``, asked of each."""
        for name in ("imported", "closed", "reopened"):
            getattr(self, name).extend(one for one in getattr(other, name) if tells(one.pk))
        self.versions += [one for one in other.versions if tells(one.report.pk)]
        self.moved += [one for one in other.moved if tells(one.recommendation.report_id)]
        self.asks += [one for one in other.asks if tells(one.recommendation.report_id)]
        for name in ("confirmed", "checks", "published"):
            getattr(self, name).extend(
                one for one in getattr(other, name) if tells(one.recommendation.report_id)
            )
        self.evidence += [one for one in other.evidence if tells(_report_of_item(one))]
        for report, number in other.restricted_in.items():
            if tells(report):
                self.restricted_in[report] += number
        self.restricted = self.restricted_in.total()

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened that this reader can know about."""
        told = (self.imported, self.moved, self.confirmed, self.checks, self.evidence, self.asks)
        reports = (self.closed, self.reopened, self.versions)
        return not (any(told) or any(reports) or self.published or self.restricted)


class Chronicle:
    """What happened up to a place in the sequence, as one reader can see it, from any place on.

    The events are read once, from the earliest place that is needed, however many readers there are.
    """

    def __init__(self, reader: User, to_seq: int, viewer: User | None = None) -> None:
        """Read nothing yet.

        Args:
            reader: a person, or ``audience.anybody``.
            to_seq: the last event that is included.
            viewer: somebody else who looks at it; then it includes nothing that they cannot see.
        """
        self.reader, self.to_seq, self.viewer = reader, to_seq, viewer
        self._events: list[Event] = []
        self._read_from = to_seq
        self._citations: Counter[int] = Counter()
        self._asks: dict[int, Ask] = {}
        self._news: dict[int, News] = {}

    def since(self, from_seq: int) -> News:
        """Return the ``News`` of what happened after ``from_seq``."""
        if from_seq < self._read_from:
            self._read_back_to(from_seq)
        if from_seq not in self._news:
            place = bisect_right(self._events, from_seq, key=lambda event: event.seq)
            self._news[from_seq] = self._sorted(self._events[place:], from_seq)
        return self._news[from_seq]

    def _read_back_to(self, from_seq: int) -> None:
        asked = Event.objects.filter(seq__gt=from_seq, seq__lte=self._read_from, kind__in=TOLD_KINDS)
        parts = [f"update__{name}" for name in UPDATE_PARTS]
        events = self._visible(asked).select_related("report", "evidence", "recommendation", "actor", *parts)
        events = events.defer("report__source_bytes", "report__text", "recommendation__text")
        found = list(events.order_by("seq"))
        self._events = found + self._events
        self._read_from = from_seq
        # A hidden citation is not even counted.
        moved = [event.update_id for event in found if event.kind in MOVES]
        seen = self._visible(Citation.objects.all()).filter(update__in=moved) if moved else []
        self._citations.update(citation.update_id for citation in seen)
        named = {event.payload["ask"] for event in found if "ask" in event.payload}
        self._asks |= Ask.objects.in_bulk(named) if named else {}

    def _visible[Row: Model](self, rows: VisibleQuerySet[Row]) -> VisibleQuerySet[Row]:
        rows = rows.visible_to(self.reader)
        return rows.visible_to(self.viewer) if self.viewer is not None else rows

    def _sorted(self, events: Iterable[Event], from_seq: int) -> News:
        news, moved = News(from_seq, self.to_seq), set()
        restricted: dict[tuple[int | None, int | None], int | None] = {}
        for event in events:
            about = [subject for subject in (event.evidence, event.update) if subject]
            if any(subject.sensitivity == Sensitivity.RESTRICTED for subject in about):
                about_one = (event.evidence_id, event.update_id if not event.evidence_id else None)
                restricted.setdefault(about_one, _report_of(event))
            elif event.kind in MOVES and event.recommendation:
                news.moved.append(self._move(event, event.recommendation))
                moved.add(event.update_id)
            elif event.payload.get("carried_from"):
                continue  # An ask of the year before: nobody split anything anew.
            elif event.kind in ASK_CHANGES and event.recommendation:
                news.asks += self._ask_changes(event, event.recommendation)
            else:
                _sort_in(news, event)
        news.restricted, news.restricted_in = len(restricted), Counter(restricted.values())
        news.moved = _told_once(news.moved)
        news.confirmed = [update for update in news.confirmed if update.pk not in moved]
        told = {move.retired.pk for move in news.moved if move.retired}
        news.asks = [one for one in news.asks if not (one.is_retired and one.ask.pk in told)]
        return news

    def _move(self, event: Event, recommendation: Recommendation) -> Move:
        """Return what changed; an ask is named only if the news is not about the whole."""
        update, payload = event.update, event.payload
        ask = None
        if event.kind == EventKind.ASK_MOVED:
            ask = update.ask if update else self._asks.get(payload["ask"])
        retired = payload.get("because") == EventKind.ASK_RETIRED
        return Move(
            recommendation=recommendation,
            update=update,
            act=update.pk if update else (recommendation.pk, event.at),
            before=Status(payload["before"]),
            after=Status(payload["after"]),
            citations=self._citations[update.pk] if update else 0,
            ask=ask,
            retired=self._asks.get(payload["ask"]) if retired else None,
            why=payload.get("reason", ""),
        )

    def _ask_changes(self, event: Event, recommendation: Recommendation) -> Iterator[AskChange]:
        """Yield what happened to an ask; nothing of one that is gone, with the demonstration."""
        if ask := self._asks.get(event.payload.get("ask", 0)):
            is_retired = event.kind == EventKind.ASK_RETIRED
            why = event.payload.get("reason", "")
            yield AskChange(ask, recommendation, is_retired, why, event.actor, event.at)


def _report_of(event: Event) -> int | None:
    """Return the report that an event is tied to, if any."""
    about = event.recommendation or (event.update and event.update.recommendation)
    return about.report_id if about else event.report_id


def _report_of_item(item: Evidence) -> int | None:
    return item.added_for.report_id if item.added_for else None


def _told_once(moved: list[Move]) -> list[Move]:
    """Return the moves, those of an ask that moved the whole with it told with the whole."""
    wholes = {
        move.act: move
        for move in moved
        if move.ask is None and (move.update is None or move.update.ask_id is not None)
    }
    for move in moved:
        if move.ask and move.act in wholes:
            wholes[move.act].by_ask = move
    return [move for move in moved if not (move.ask and move.act in wholes)]


def _sort_in(news: News, event: Event) -> None:
    if event.kind == EventKind.IMPORTED and event.report:
        news.imported.append(event.report)
    elif event.kind in (EventKind.CLOSED, EventKind.REOPENED) and event.report:
        both = (news.closed, news.reopened)
        for reports in both:
            if event.report in reports:
                reports.remove(event.report)
        both[event.kind == EventKind.REOPENED].append(event.report)
    elif event.kind in (EventKind.VERSION_ADDED, EventKind.VERSION_UNDONE) and event.report:
        _sort_version_in(news, event, event.report)
    elif event.kind == EventKind.APPROVED and event.update:
        is_check = event.update.kind == UpdateKind.CHECK
        (news.checks if is_check else news.confirmed).append(event.update)
    elif event.kind == EventKind.EVIDENCE_ADDED and event.evidence:
        event.evidence.added_for = event.recommendation
        news.evidence.append(event.evidence)


def _sort_version_in(news: News, event: Event, report: Report) -> None:
    """Tell of a source version; one that was undone before anybody was told of it is no news."""
    said = event.payload
    number, is_undone = said["version"], event.kind == EventKind.VERSION_UNDONE
    told = [one for one in news.versions if (one.report, one.number) == (report, number)]
    if is_undone and told:
        news.versions.remove(told[-1])
    else:
        counts = (said.get(name, 0) for name in ("new", "corrected", "gone"))
        news.versions.append(VersionNews(report, number, is_undone, *counts))
