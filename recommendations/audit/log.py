"""The event sequence: appended to under a lock, so that its order is the order of the commits.

A digest that reads "everything after number 41" would miss a row numbered 40 whose transaction
commits late. The writer's lock is held until the commit, so there can be no such row. It
is always taken after the locks of rows (CONTRIBUTING, "The order of locks").
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from recommendations.choices import EventKind
from recommendations.models import Event, Evidence, Recommendation, Report, StatusUpdate, User

# Any number will do, if nobody else's lock has the same.
ADVISORY_LOCK = 0x7261636B
GENESIS = "0" * 64
# What an event is about.
POINTERS = ("actor", "report", "recommendation", "update", "evidence")


def record(
    kind: EventKind,
    *,
    now: datetime,
    actor: User | None = None,
    report: Report | None = None,
    recommendation: Recommendation | None = None,
    update: StatusUpdate | None = None,
    evidence: Evidence | None = None,
    **payload: object,
) -> Event:
    """Append one event.

    Must be called inside the transaction of what it is about, so that both happen or neither does.

    Args:
        actor: who did it; None for the system.
        report, recommendation, update, evidence: what it is about.
        payload: details, JSON values only; never contents of restricted items.

    Raises: TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "Record an event in the same transaction as what it is about."
        )
    hold()
    last = Event.objects.order_by("-seq").first()
    event = Event(
        seq=last.seq + 1 if last else 1,
        kind=kind,
        at=now,
        actor=actor,
        report=report or (recommendation.report if recommendation else None),
        recommendation=recommendation,
        update=update,
        evidence=evidence,
        payload=payload,
        salt=secrets.token_hex(16),
        previous_hash=last.hash if last else GENESIS,
    )
    event.digest = digest(event)
    event.hash = chain_hash(event)
    event.save(force_insert=True)
    return event


def hold() -> None:
    """Hold the sequence until the commit, after the locks of all rows; ``record`` does so by itself.

    Call it directly before an act that would make other writers wait for us at their commit, while they hold
    the sequence: deleting a row that others point to, or changing a column with a unique index. SQLite's
    IMMEDIATE transactions already hold everything.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])


def said(event: Event) -> str:
    """Return everything that an event says, in the one form that is hashed."""
    words = {
        "kind": str(event.kind),
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": event.actor_id,
        "report": event.report_id,
        "recommendation": event.recommendation_id,
        "update": event.update_id,
        "evidence": event.evidence_id,
        "payload": event.payload,
    }
    return json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(event: Event) -> str:
    """Return the salted SHA-256 over everything that an event says."""
    return hashlib.sha256(f"{event.salt}|{said(event)}".encode()).hexdigest()


def chain_hash(event: Event) -> str:
    """Return the SHA-256 that ties an event to its place and to the one before it."""
    return hashlib.sha256(f"{event.seq}|{event.previous_hash}|{event.digest}".encode()).hexdigest()


def redact(events: QuerySet[Event], *, now: datetime, keep: Collection[str] = ()) -> list[int]:
    """Remove the words from events; their places in the sequence stay and still verify.

    The database allows no other change of an event (``triggers.py``). The caller records an event of the
    kind ``REDACTED`` last, with ``spans`` of what this returns, and with the reason: a redaction that no
    later event reports is a breach.

    Args:
        keep: those of ``POINTERS`` that continue to say what and whom it was about.

    Returns: the numbers of the events, in order.
    """
    hold()  # an event that is being recorded just now is redacted too
    numbers = sorted(events.values_list("seq", flat=True))
    gone = {name: None for name in POINTERS if name not in keep}
    Event.objects.filter(seq__in=numbers).update(payload={}, salt="", redacted_at=now, **gone)
    return numbers


def spans(numbers: Iterable[int]) -> list[list[int]]:
    """Return sorted numbers as [first, last] pairs of those that follow one another."""
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def last_actor(*kinds: EventKind, **about: object) -> User | None:
    """Return who did the latest act of some kinds to a row, or None. Args: as filters of events."""
    event = Event.objects.filter(kind__in=kinds, **about).select_related("actor").order_by("-seq").first()
    return event.actor if event else None


def head() -> int:
    """Return the number of the latest event; 0 if there is none."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def breaches() -> Iterator[str]:
    """Yield a sentence for each place where the sequence was changed, cut or reordered."""
    expected_seq, previous = 1, GENESIS
    for event in Event.objects.order_by("seq").iterator(chunk_size=500):
        if event.seq != expected_seq:
            yield f"Event {expected_seq} is missing: the next one is {event.seq}."
        if event.previous_hash != previous:
            yield f"Event {event.seq} does not follow from the one before it."
        if not is_untouched(event):
            yield f"Event {event.seq} was changed after it was recorded."
        expected_seq, previous = event.seq + 1, event.hash


def is_untouched(event: Event) -> bool:
    """Say whether an event is as it was recorded; for a redacted one, only whether it was there."""
    return bool(event.redacted_at or event.digest == digest(event)) and event.hash == chain_hash(event)


def faults_in(events: QuerySet[Event]) -> list[tuple[int, str]]:
    """Verify a part of the sequence: what its events say, and that each is tied to both its neighbours.

    Args:
        events: such as those of one evidence item.

    Returns: [(number, sentence)], empty when all is well. It takes three statements, however many events.
    """
    before = events.annotate(beside=F("seq") - 1).order_by().values("beside")
    after = events.annotate(beside=F("seq") + 1).order_by().values("beside")
    hash_of = dict(Event.objects.filter(seq__in=before).values_list("seq", "hash"))
    follows = dict(Event.objects.filter(seq__in=after).values_list("seq", "previous_hash"))
    faults = []
    for event in events.order_by("seq").iterator(chunk_size=500):
        if not is_untouched(event):
            faults.append((event.seq, _("It was changed after it was recorded.")))
        if event.previous_hash != (GENESIS if event.seq == 1 else hash_of.get(event.seq - 1)):
            faults.append((event.seq, _("It does not follow from the entry before it.")))
        if follows.get(event.seq + 1, event.hash) != event.hash:
            faults.append((event.seq, _("The entry after it does not follow from it.")))
    return faults


def unexplained_redactions() -> Iterator[str]:
    """Yield a sentence for each event whose words were redacted although no later event reports it."""
    told: set[int] = set()
    for payload in Event.objects.filter(kind=EventKind.REDACTED).values_list("payload", flat=True):
        for first, last in payload.get("events", []):
            told.update(range(first, last + 1))
    redacted = Event.objects.exclude(redacted_at=None).order_by("seq").values_list("seq", flat=True)
    for number in redacted:
        if number not in told:
            yield f"The words of event {number} were redacted, but no event says by whom and why."
