"""What the rules read from rows: the caller passes models, and this room below them knows no model.

Any object with these parts fits: a model, a row of plain values, an object of a test.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Protocol

from recommendations.choices import Role


class Member(Protocol):
    """A person, as far as rules ask them."""

    def has_role(self, role: Role) -> bool: ...

    def today(self, now: datetime) -> date: ...


class Rows[Row](Protocol):
    """Rows that belong to another one, as its manager has them."""

    def all(self) -> Iterable[Row]: ...

    def exists(self) -> bool: ...


class Updates(Protocol):
    """The updates of a recommendation, or the corrections of an update, as their manager has them."""

    # A queryset of updates: a rule narrows it further, and its class stands above this room.
    def counting(self, known_until: datetime | None = None) -> Any: ...

    def in_force(self) -> Any: ...

    def correcting(self, update: Any) -> Any: ...


class Lines(Protocol):
    """The lines of a recommendation to those of earlier reports, as their manager has them."""

    # A queryset, as above.
    def of_the_same_demand(self, before: datetime | None = None) -> Any: ...


class UpdateFacts(Protocol):
    """What decides where a recommendation stands."""

    pk: int
    recommendation_id: int
    ask_id: int | None
    kind: str
    status: str
    confidence: str
    earlier_finding: str
    movement: str
    as_of: date
    approved_at: datetime | None
    counts_at: datetime | None
    corrects_id: int | None


class Subject(Protocol):
    """What an update is about, a recommendation or an ask."""

    pk: int
    status: str

    def save(self, *, update_fields: Iterable[str]) -> None: ...


class AskFacts(Subject, Protocol):
    """An ask."""

    recommendation_id: int
    current_update_id: int | None
    created_at: datetime
    retired_at: datetime | None

    @property
    def recommendation(self) -> "RecommendationFacts": ...


class DatedReasonFacts(Protocol):
    """A day on which a recommendation is to be reviewed, beside the interval."""

    pk: int
    on: date
    set_at: datetime
    answered_by_id: int | None

    def save(self, *, update_fields: Iterable[str]) -> None: ...


class MomentFacts(Protocol):
    """A moment: its first day, and for one that comes back after how many years, and until when."""

    @property
    def on(self) -> date: ...

    @property
    def every_years(self) -> int | None: ...

    @property
    def until(self) -> date | None: ...


class ReportFacts(Protocol):
    """A report."""

    period_start: date
    closed_at: datetime | None
    year: int


class RecommendationFacts(Subject, Protocol):
    """A recommendation."""

    current_update_id: int | None
    imported_on: date
    answered_on: date | None
    interval_days: int
    next_review_on: date

    @property
    def report(self) -> ReportFacts: ...

    @property
    def updates(self) -> Updates: ...

    @property
    def asks(self) -> Rows[AskFacts]: ...

    @property
    def ancestors(self) -> Lines: ...

    @property
    def dated_reasons(self) -> Rows[DatedReasonFacts]: ...


class PlaceFacts(Protocol):
    """A place where somebody looked."""

    looked_on: date


class WrittenUpdate(UpdateFacts, Protocol):
    """An update as its author wrote it, with what belongs to it."""

    state: str
    sensitivity: str
    reason: str
    government_answer: str
    government_claim: str
    claimed_status: str
    submitted_at: datetime | None
    counts_at: datetime | None
    public_text: str
    proposed_extent: str

    @property
    def author(self) -> Member: ...

    @property
    def recommendation(self) -> RecommendationFacts: ...

    @property
    def ask(self) -> AskFacts | None: ...

    @property
    def subject(self) -> Subject: ...

    @property
    def corrects(self) -> "WrittenUpdate | None": ...

    @property
    def is_undated(self) -> bool: ...

    @property
    def corrections(self) -> Updates: ...

    @property
    def places(self) -> Rows[PlaceFacts]: ...

    @property
    def citations(self) -> Rows[object]: ...


class ItemFacts(Protocol):
    """What is said of an evidence item."""

    kind: str
    consent: str
    published_on: date | None
    event_on: date | None


class ReceivedFile(Protocol):
    """A file that came in: an item, or one that waits for its form."""

    is_sealed: bool
