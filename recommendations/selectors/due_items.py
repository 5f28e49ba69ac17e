"""One thing of which one person is reminded, and why it is told to them (``reminder_planner`` finds it)."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, auto

from recommendations.choices import Sensitivity, UpdateState
from recommendations.models import Advocacy, MailItem, Recommendation, StatusUpdate
from recommendations.rules import dates


class Why(Enum):
    """Why a person is reminded: it is their own task, or they are told as a reviewer."""

    OWNER = auto()
    DEPUTY = auto()
    STEP = auto()
    NOBODY = auto()  # a review for which nobody is there to answer
    LATE = auto()  # a review that is another's, and long overdue
    REVIEWER = auto()
    AUTHOR = auto()


THEIRS = (Why.OWNER, Why.DEPUTY, Why.STEP)


@dataclass
class DueItem:
    """One thing that a person is reminded of today: a review, an update left untouched, or a next step.

    ``since`` is the review date, or the day since which an update is untouched; ``days`` is how many days ago
    that was (negative: ahead). ``state`` is the update's, empty for a review. Of its stages the last one
    is the news; what is on record about them is written by ``told``.
    """

    recommendation: Recommendation | None  # of an update or a review; None of a next step
    since: date
    days: int
    stages: list[dates.Stage]
    why: Why
    update: StatusUpdate | None = None
    state: str = ""
    step: Advocacy | None = None
    # The newest stage was not told yet; it is on record with no mail at all.
    fresh: bool = True
    unrecorded: bool = True
    # Earlier stages that no mail is on record for, and older mails of it that still wait to be sent.
    overtaken: list[dates.Stage] = field(default_factory=list)
    waiting_mails: set[int] = field(default_factory=set)

    @property
    def is_restricted(self) -> bool:
        """Whether a mail can say nothing about it except that it exists."""
        about = self.update or self.step
        return bool(about and about.sensitivity == Sensitivity.RESTRICTED)

    @property
    def is_theirs(self) -> bool:
        """Whether it is a review or a step of the person's own, and not somebody else's."""
        return self.why in THEIRS

    @property
    def asks(self) -> bool:
        """Whether it asks its author if last year's finding is still so, and nobody has looked yet."""
        return bool(self.state == UpdateState.DRAFT and self.update and self.update.is_undated)

    @property
    def _reviewed(self) -> Recommendation:
        assert self.recommendation is not None  # only a next step has none
        return self.recommendation

    @property
    def title(self) -> str:
        """What a mail calls it."""
        return self.step.next_step if self.step else self._reviewed.short_title

    @property
    def reference(self) -> str:
        """What is written beside the title."""
        return str(self.step) if self.step else self._reviewed.reference

    @property
    def subject(self) -> Advocacy | StatusUpdate | Recommendation:
        """The row whose page a mail links to, if the act has no page of its own."""
        return self.step or self.update or self._reviewed

    @property
    def matter(self) -> str:
        """What this is, made of ids and dates: the same for as long as its date and state are."""
        if self.step:
            return matter_of_step(self.step.pk, self.since)
        if self.update:
            return matter_of_update(self.update.pk, self.state, self.since)
        return matter_of_review(self._reviewed.pk, self.since)

    def key(self, stage: dates.Stage) -> str:
        """Return the key under which a stage of this is told once to a person."""
        return f"{self.matter}:{stage.name}"

    def item(self, stage: dates.Stage, *, superseded: bool = False) -> MailItem:
        """Return the unsaved row that says which mail told a stage, or overtook it."""
        return MailItem(
            item_key=self.key(stage),
            recommendation=self.recommendation,
            update=self.update,
            advocacy=self.step,
            since=self.since,
            superseded=superseded,
        )

    def as_on(self, day: date, stage: dates.Stage) -> "DueItem":
        """Return this as it was on the earlier ``day``, when ``stage`` was its news."""
        return replace(self, days=(day - self.since).days, stages=[stage], overtaken=[], waiting_mails=set())


def matter_of_review(recommendation: int, due_on: date) -> str:
    """Return what the review of a recommendation that is due on a day is called."""
    return f"remind:{recommendation}:{due_on.isoformat()}"


def matter_of_update(update: int, state: str, since: date) -> str:
    """Return what an update that lies in a state since a day is called."""
    return f"review:{update}:{state}:{since.isoformat()}"


def matter_of_step(advocacy: int, due_on: date) -> str:
    """Return what the next step of an advocacy entry that is due on a day is called."""
    return f"step:{advocacy}:{due_on.isoformat()}"
