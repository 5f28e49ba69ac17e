"""What happened for one reader between two places in the event sequence.

Cut by sequence, never by clock: an event whose transaction commits late would be missed by a clock.
"""

from collections import Counter
from dataclasses import dataclass, field

from recommendations.choices import EventKind, Sensitivity, Status, UpdateKind
from recommendations.models import Citation, Event

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

# What the news says of an update beside its words.
UPDATE_PARTS = ("recommendation", "approved_by", "ask")


@dataclass
class Move:
    """A status that moved, by which update; ``ask`` where it is that of one ask alone."""

    update: object
    before: Status
    after: Status
    citations: int = 0
    ask: object = None


@dataclass
class News:
    """What one reader has to be told. Restricted things are counted and nothing more is kept of them."""

    from_seq: int
    to_seq: int
    imported: list = field(default_factory=list)
    moved: list = field(default_factory=list)
    confirmed: list = field(default_factory=list)
    checks: list = field(default_factory=list)
    evidence: list = field(default_factory=list)
    restricted: int = 0

    @property
    def is_empty(self):
        """Whether nothing happened that this reader may know of."""
        told = (self.imported, self.moved, self.confirmed, self.checks, self.evidence, self.restricted)
        return not any(told)


def news_for(reader, from_seq, to_seq, viewer=None):
    """Return what happened after ``from_seq`` up to and with ``to_seq`` that ``reader`` may see.

    Args:
        viewer: somebody else who looks at it; nothing that they may not see is in it then.
    """
    events = Event.objects.filter(seq__gt=from_seq, seq__lte=to_seq, kind__in=TOLD_KINDS).visible_to(reader)
    if viewer is not None:
        events = events.visible_to(viewer)
    events = (
        events.select_related("report", "evidence", *(f"update__{name}" for name in UPDATE_PARTS))
        .defer("report__source_bytes", "report__text")
        .order_by("seq")
    )
    news, restricted, moved = News(from_seq, to_seq), set(), set()
    for event in events:
        about = [subject for subject in (event.evidence, event.update) if subject]
        if any(subject.sensitivity == Sensitivity.RESTRICTED for subject in about):
            restricted.add((event.evidence_id, event.update_id if not event.evidence_id else None))
        elif event.kind in (EventKind.STATUS_CHANGED, EventKind.ASK_MOVED) and event.update:
            news.moved.append(_move(event))
            moved.add(event.update_id)
        else:
            _sort_in(news, event)
    news.restricted = len(restricted)
    news.confirmed = [update for update in news.confirmed if update.pk not in moved]
    _count_citations(news, reader, viewer)
    return news


def _move(event):
    """Return what moved; an ask is named only where it is not the whole that is told of."""
    ask = event.update.ask if event.kind == EventKind.ASK_MOVED else None
    return Move(event.update, Status(event.payload["before"]), Status(event.payload["after"]), ask=ask)


def _sort_in(news, event):
    if event.kind == EventKind.IMPORTED and event.report:
        news.imported.append(event.report)
    elif event.kind == EventKind.APPROVED and event.update:
        is_check = event.update.kind == UpdateKind.CHECK
        (news.checks if is_check else news.confirmed).append(event.update)
    elif event.kind == EventKind.EVIDENCE_ADDED and event.evidence:
        news.evidence.append(event.evidence)


def _count_citations(news, reader, viewer):
    """Count for each moved status the citations that can be seen: a hidden one is not even counted."""
    citations = Citation.objects.visible_to(reader)
    if viewer is not None:
        citations = citations.visible_to(viewer)
    seen = citations.filter(update__in=[move.update.pk for move in news.moved])
    counts = Counter(seen.values_list("update", flat=True))
    for move in news.moved:
        move.citations = counts[move.update.pk]
