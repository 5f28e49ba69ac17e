"""Who was given access to a restricted item by somebody other than its author, also after the access ended.

Read from the record of events, from which removing a grant removes nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from recommendations.choices import EventKind
from recommendations.models import Event, Evidence, StatusUpdate, User

# It stays on the settings page of those who see the item for so long, and on the item's page for good.
SHOWN_FOR = timedelta(days=90)


@dataclass(slots=True)
class LetIn:
    """Access that a manager gave one person to one item; without ``until`` they still have it."""

    item: Evidence | StatusUpdate | None
    person: User | None
    actor: User | None
    since: datetime
    until: datetime | None

    @property
    def is_own_act(self) -> bool:
        """Whether a manager gave access to themselves."""
        return self.person == self.actor


def on_item(item: Evidence | StatusUpdate) -> list[LetIn]:
    """Return the ``LetIn`` of one item, the latest first; two statements, three where there are any."""
    about = {"evidence" if isinstance(item, Evidence) else "update": item}
    return _told(Event.objects.filter(**about))


def told_to(person: User, now: datetime) -> list[LetIn]:
    """Return those of the last ``SHOWN_FOR`` on items that ``person`` can see, except their own acts."""
    seen = Event.objects.visible_to(person)
    return _told(seen, since=now - SHOWN_FOR, but_by=person)


def _told(events: QuerySet[Event], since: datetime | None = None, but_by: User | None = None) -> list[LetIn]:
    events = events.filter(redacted_at=None).select_related("actor", "evidence", "update__recommendation")
    by_others = ~Q(actor=F("evidence__uploaded_by")) & Q(evidence__isnull=False)
    by_others |= ~Q(actor=F("update__author")) & Q(update__isnull=False)
    grants = events.filter(by_others, kind=EventKind.GRANTED)
    if since:
        grants = grants.filter(at__gt=since).exclude(actor=but_by)
    granted = list(grants.order_by("-seq"))
    if not granted:
        return []
    ended = events.filter(kind=EventKind.REVOKED, seq__gt=granted[-1].seq).order_by("seq")
    ends = [(_whom_on(event), event) for event in ended]
    people = User.objects.in_bulk({event.payload.get("person") for event in granted} - {None})
    rows = []
    for event in granted:
        later = (end.at for key, end in ends if key == _whom_on(event) and end.seq > event.seq)
        person = people.get(event.payload.get("person"))
        rows.append(LetIn(event.evidence or event.update, person, event.actor, event.at, next(later, None)))
    return rows


def _whom_on(event: Event) -> tuple[int | None, int | None, int | None]:
    return event.payload.get("person"), event.evidence_id, event.update_id
