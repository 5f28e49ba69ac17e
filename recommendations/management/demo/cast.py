"""The made-up team, and the shapes in which its story is told."""

from dataclasses import dataclass, field

from recommendations.choices import (
    Confidence,
    EvidenceKind,
    Movement,
    ReminderChoice,
    Role,
    Sensitivity,
    Stance,
    Status,
)


@dataclass(frozen=True)
class Person:
    """A member of the made-up team; ``name`` is also the part before the @ of their address."""

    name: str
    role: Role
    time_zone: str
    reminders: str = ReminderChoice.ALL


@dataclass(frozen=True)
class Item:
    """An evidence item: a link when it has a path, else a small text file."""

    title: str
    kind: EvidenceKind
    source: str
    path: str = ""
    text: str = ""
    sensitivity: Sensitivity = Sensitivity.INTERNAL
    stance: Stance = Stance.SUPPORTS
    locator: str = ""


@dataclass(frozen=True)
class Entry:
    """An update: ``days`` ago, by whom, on which recommendation, and how it ended.

    An entry without a status is a check. ``reviewer`` approves it two days later; with a ``comment``
    it is returned. Without a reviewer it waits, or stays a draft with ``draft``. ``ask`` is the number of
    the ask that it is about; the whole recommendation without one.
    """

    days: int
    position: int
    author: str
    status: Status | None = None
    confidence: Confidence = Confidence.MEDIUM
    movement: Movement = Movement.SAME
    reason: str = ""
    public_text: str = ""
    claim: str = ""
    claimed: str = ""
    note: str = ""
    places: tuple[str, ...] = ()
    evidence: tuple[Item, ...] = field(default=())
    reviewer: str = ""
    comment: str = ""
    draft: bool = False
    ask: int = 0


PEOPLE = (
    Person("Mina", Role.MANAGER, "Asia/Seoul"),
    Person("Rosa", Role.REVIEWER, "Europe/Madrid"),
    Person("Samuel", Role.REVIEWER, "America/New_York"),
    Person("Ana", Role.CONTRIBUTOR, "Asia/Seoul"),
    Person("Jun", Role.CONTRIBUTOR, "Asia/Seoul", ReminderChoice.ONLY_OVERDUE),
    Person("Tomas", Role.CONTRIBUTOR, "Europe/Prague"),
    Person("Vera", Role.VIEWER, "Europe/London"),
)

# (position, owner, deputy); what is missing has no owner yet.
OWNERS = (
    (1, "Ana", "Jun"),
    (2, "Jun", "Ana"),
    (3, "Tomas", "Ana"),
    (4, "Tomas", "Jun"),
    (5, "Ana", ""),
    (6, "Jun", "Tomas"),
    (7, "Jun", ""),
    (8, "Samuel", "Tomas"),
    (9, "Rosa", ""),
    (10, "Ana", "Tomas"),
)
