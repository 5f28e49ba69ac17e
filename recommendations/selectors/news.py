"""What happened for one reader between two places in the event sequence.

Cut by sequence, never by clock: an event whose transaction commits late would be missed by a clock.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Model

from recommendations.choices import EventKind, Sensitivity, Status, UpdateKind
from recommendations.models import Ask, Citation, Event, Evidence, Report, StatusUpdate, User
from recommendations.models.visible import VisibleQuerySet

# What the news tells of; the rest of the sequence is history and custody.
TOLD_KINDS = (
    EventKind.IMPORTED,
    EventKind.APPROVED,
    EventKind.STATUS_CHANGED,
    EventKind.ASK_MOVED,
    EventKind.EVIDENCE_ADDED,
    EventKind.EVIDENCE_CHANGED,
    EventKind.GRANTED,
)
MOVES = (EventKind.STATUS_CHANGED, EventKind.ASK_MOVED)

# What the news says of an update beside its words.
UPDATE_PARTS = ("recommendation", "approved_by", "ask")


@dataclass
class Move:
    """A status that changed, and by which update; ``ask`` if it is the status of one ask.

    ``by_ask`` is the move of an ask that moved the whole with it: the two are told as one.
    ``retired`` is the ask without which another update decides, ``why`` the reason for which it was retired.
    """

    update: StatusUpdate
    before: Status
    after: Status
    citations: int = 0
    ask: Ask | None = None
    by_ask: "Move | None" = None
    retired: Ask | None = None
    why: str = ""


@dataclass
class News:
    """What one reader has to be told. Restricted things are only counted."""

    from_seq: int
    to_seq: int
    imported: list[Report] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    confirmed: list[StatusUpdate] = field(default_factory=list)
    checks: list[StatusUpdate] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    # What was published, for those outside; the lists before it are of the team's own digests.
    published: list[StatusUpdate] = field(default_factory=list)
    restricted: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened that this reader can know about."""
        told = (self.imported, self.moved, self.confirmed, self.checks, self.evidence, self.published)
        return not (any(told) or self.restricted)


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
        self._news: dict[int, News] = {}

    def since(self, from_seq: int) -> News:
        """Return the ``News`` of what happened after ``from_seq``."""
        if from_seq < self._read_from:
            self._read_back_to(from_seq)
        if from_seq not in self._news:
            place = bisect_right(self._events, from_seq, key=lambda event: event.seq)
            self._news[from_seq] = _sorted(self._events[place:], from_seq, self.to_seq, self._citations)
        return self._news[from_seq]

    def _read_back_to(self, from_seq: int) -> None:
        asked = Event.objects.filter(seq__gt=from_seq, seq__lte=self._read_from, kind__in=TOLD_KINDS)
        parts = [f"update__{name}" for name in UPDATE_PARTS]
        events = self._visible(asked).select_related("report", "evidence", "recommendation", *parts)
        events = events.defer("report__source_bytes", "report__text", "recommendation__text")
        found = list(events.order_by("seq"))
        self._events = found + self._events
        self._read_from = from_seq
        # A hidden citation is not even counted.
        moved = [event.update_id for event in found if event.kind in MOVES]
        seen = self._visible(Citation.objects.all()).filter(update__in=moved) if moved else []
        self._citations.update(citation.update_id for citation in seen)

    def _visible[Row: Model](self, rows: VisibleQuerySet[Row]) -> VisibleQuerySet[Row]:
        rows = rows.visible_to(self.reader)
        return rows.visible_to(self.viewer) if self.viewer is not None else rows


def _sorted(events: Iterable[Event], from_seq: int, to_seq: int, citations: Mapping[int, int]) -> News:
    news, restricted, moved = News(from_seq, to_seq), set(), set()
    for event in events:
        about = [subject for subject in (event.evidence, event.update) if subject]
        if any(subject.sensitivity == Sensitivity.RESTRICTED for subject in about):
            restricted.add((event.evidence_id, event.update_id if not event.evidence_id else None))
        elif event.kind in MOVES and event.update:
            news.moved.append(_move(event, event.update, citations))
            moved.add(event.update_id)
        else:
            _sort_in(news, event)
    news.restricted = len(restricted)
    news.moved = _told_once(news.moved)
    news.confirmed = [update for update in news.confirmed if update.pk not in moved]
    return news


def _move(event: Event, update: StatusUpdate, citations: Mapping[int, int]) -> Move:
    """Return what changed; an ask is named only if the news is not about the whole."""
    ask = update.ask if event.kind == EventKind.ASK_MOVED else None
    before, after = Status(event.payload["before"]), Status(event.payload["after"])
    retired = None
    if event.payload.get("because") == EventKind.ASK_RETIRED:
        retired = Ask.objects.filter(pk=event.payload["ask"]).first()
    why = event.payload.get("reason", "")
    return Move(update, before, after, citations[update.pk], ask, retired=retired, why=why)


def _told_once(moved: list[Move]) -> list[Move]:
    """Return the moves, those of an ask that moved the whole with it told with the whole."""
    wholes = {move.update.pk: move for move in moved if move.ask is None and move.update.ask_id}
    for move in moved:
        if move.ask and move.update.pk in wholes:
            wholes[move.update.pk].by_ask = move
    return [move for move in moved if not (move.ask and move.update.pk in wholes)]


def _sort_in(news: News, event: Event) -> None:
    if event.kind == EventKind.IMPORTED and event.report:
        news.imported.append(event.report)
    elif event.kind == EventKind.APPROVED and event.update:
        is_check = event.update.kind == UpdateKind.CHECK
        (news.checks if is_check else news.confirmed).append(event.update)
    elif event.kind == EventKind.EVIDENCE_ADDED and event.evidence:
        event.evidence.added_for = event.recommendation
        news.evidence.append(event.evidence)
