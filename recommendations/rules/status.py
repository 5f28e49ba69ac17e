"""The status of a recommendation: it follows from its approved updates, and from nothing else.

Only this module decides it. Approvals store what it says (``rules.following``), the review page shows it
beforehand, the status on a past date follows from the same rule with what was approved by then, and
``check_data`` verifies it.

The rule (docs/domain.md, "Which update is current"):

- Restricted updates do not count: a status that follows from them would reveal that they exist.
- Among approved, not corrected assessments the latest as-of date decides, ties by approval time.
- A look is not a finding. *No reliable information* is a status only while nothing was found, or after an
  assessment that sets the earlier finding aside; else it is kept as the last look, and the finding stays.
- A recommendation that is split follows its asks: the least advanced of those that have a finding decides.
  Contrary action is the least advanced of all, so it always shows.
- Until every ask has a finding, the last finding of the whole counts beside them: splitting alone changes
  no status, and an ask without a finding erases nothing.
- A check, and any update about the whole, verifies all asks; a split recommendation is verified as of
  the ask that was looked at longest ago. A look verifies no finding, but it answers a review date.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypedDict

from recommendations.choices import LEAST_ADVANCED_FIRST, EarlierFinding, Status, UpdateKind
from recommendations.rules.facts import AskFacts, Subject, UpdateFacts

# The columns of an update that the rule reads.
FACTS = tuple(UpdateFacts.__annotations__)

# When something that is only proposed would be approved: after everything else.
LAST_OF_ALL = datetime.max.replace(tzinfo=UTC)


class StatusFields(TypedDict):
    """The fields of a recommendation or an ask that follow from its approved updates."""

    current_update: UpdateFacts | None
    status: str
    confidence: str
    movement: str
    last_verified_on: date | None
    looked_on: date | None


@dataclass(frozen=True)
class PartStatus:
    """Where something stands: a recommendation, or one of its asks.

    Args:
        current: the assessment that says so.
        last_verified_on: the day as of which that was last confirmed, by itself or by a check.
        looked_on: the day of the last look that came after it and found nothing reliable.
        answered_on: the latest of all these days: from it the time to the next review is counted.
    """

    current: UpdateFacts | None = None
    last_verified_on: date | None = None
    looked_on: date | None = None
    answered_on: date | None = None

    @property
    def status(self) -> str:
        """The status that the current update gives it."""
        return self.current.status if self.current else Status.NOT_ASSESSED

    def fields(self) -> StatusFields:
        return {
            "current_update": self.current,
            "status": self.status,
            "confidence": self.current.confidence if self.current else "",
            "movement": self.current.movement if self.current else "",
            "last_verified_on": self.last_verified_on,
            "looked_on": self.looked_on,
        }


@dataclass(frozen=True)
class DerivedStatus:
    """Where a recommendation stands, and each of its asks by number; ``split`` counts asks by status.

    ``uncorrected`` are the updates from which that follows, ``asks`` those that are not retired.
    """

    whole: PartStatus
    by_ask: dict[int, PartStatus] = field(default_factory=dict)
    split: dict[str, int] = field(default_factory=dict)
    uncorrected: Sequence[UpdateFacts] = ()
    asks: Sequence[AskFacts] = ()


def derive_status(
    approved: Sequence[UpdateFacts], asks: Iterable[AskFacts], retired: Iterable[AskFacts] = ()
) -> DerivedStatus:
    """Return where a recommendation stands.

    Args:
        approved: its approved updates with their ``FACTS``, in any order; one that is only proposed may
            be among them, and counts as approved last.
        asks: its asks that are not retired.
        retired: those that are; they decide nothing, and are told for themselves.
    """
    asks = list(asks)
    corrected = {update.corrects_id for update in approved}
    uncorrected = sorted((one for one in approved if one.pk not in corrected), key=_newest, reverse=True)
    by_ask = {ask.pk: _of_ask(uncorrected, ask.pk) for ask in asks}
    others = {ask.pk: _of_ask(uncorrected, ask.pk) for ask in retired}
    parts = {**by_ask, **others}
    return DerivedStatus(_of_whole(uncorrected, by_ask), parts, _counts(by_ask), uncorrected, asks)


def _newest(update: UpdateFacts) -> tuple[date, datetime, int]:
    return update.as_of, update.approved_at or LAST_OF_ALL, update.pk


def is_finding(what: UpdateFacts | Subject) -> bool:
    """Say whether something was found: by an update, or so far of a recommendation or an ask."""
    return what.status in LEAST_ADVANCED_FIRST


def is_look(update: UpdateFacts) -> bool:
    """Say whether an assessment only says that somebody looked and found nothing reliable."""
    if update.kind != UpdateKind.ASSESSMENT or is_finding(update):
        return False
    return update.earlier_finding != EarlierFinding.SET_ASIDE


def _of_ask(uncorrected: Sequence[UpdateFacts], ask_id: int) -> PartStatus:
    return _part(_assessment(uncorrected, ask_id), _about(uncorrected, ask_id))


def _about(uncorrected: Iterable[UpdateFacts], ask_id: int) -> list[UpdateFacts]:
    """Return the updates that look at an ask: those about it, and those about the whole."""
    return [update for update in uncorrected if update.ask_id in (None, ask_id)]


def _of_whole(uncorrected: Sequence[UpdateFacts], by_ask: Mapping[int, PartStatus]) -> PartStatus:
    whole, about = _assessment(uncorrected, None), [one for one in uncorrected if one.ask_id is None]
    if not by_ask:
        return _part(whole, about)
    current = [ask.current for ask in by_ask.values() if ask.current]
    if whole and sum(map(is_finding, current)) < len(by_ask):
        current.append(whole)
    deciding = _deciding(current)
    return PartStatus(
        current=deciding,
        last_verified_on=_longest_ago(
            _what_stands_for(ask_id, ask, whole, uncorrected).last_verified_on
            for ask_id, ask in by_ask.items()
        ),
        looked_on=_part(deciding, about).looked_on,
        answered_on=_longest_ago(ask.answered_on for ask in by_ask.values()),
    )


def _what_stands_for(
    ask_id: int, ask: PartStatus, whole: UpdateFacts | None, uncorrected: Sequence[UpdateFacts]
) -> PartStatus:
    """Return an ask as it stands; while nothing was found of it, the finding of the whole stands for it."""
    is_unfound = ask.current is None or is_look(ask.current)
    return _part(whole, _about(uncorrected, ask_id)) if whole and is_unfound else ask


def _longest_ago(days: Iterable[date | None]) -> date | None:
    """Return the earliest day; None where one of them never was."""
    days = list(days)
    return None if None in days else min(day for day in days if day)


def _part(current: UpdateFacts | None, about: Sequence[UpdateFacts]) -> PartStatus:
    """Return where a part stands.

    Args:
        current: the assessment that decides.
        about: the updates that look at the part, newest first; looks among them.
    """
    answered_on = about[0].as_of if about else None
    if current is None:
        # Nothing was said of it that could be verified.
        return PartStatus(answered_on=answered_on)
    if is_look(current):
        return PartStatus(current, answered_on, None, answered_on)
    looks = [one.as_of for one in about if is_look(one) and _newest(one) > _newest(current)]
    verified = [one.as_of for one in about if not is_look(one)]
    return PartStatus(current, next(iter(verified), None), next(iter(looks), None), answered_on)


def _assessment(uncorrected: Iterable[UpdateFacts], ask_id: int | None) -> UpdateFacts | None:
    """Return the assessment that counts for an ask, or for the whole (None): the newest that is no mere look.

    While there are looks alone, it is the newest of them.
    """
    about = [one for one in uncorrected if one.kind == UpdateKind.ASSESSMENT and one.ask_id == ask_id]
    return next((one for one in about if not is_look(one)), next(iter(about), None))


def _deciding(found: Iterable[UpdateFacts]) -> UpdateFacts | None:
    """Return the least advanced of those that could be assessed; ties go to the newest."""
    newest_first = sorted(found, key=_newest, reverse=True)
    assessed = [one for one in newest_first if one.status in LEAST_ADVANCED_FIRST]
    if not assessed:
        return next(iter(newest_first), None)
    return min(assessed, key=lambda one: LEAST_ADVANCED_FIRST.index(one.status))


def _counts(by_ask: Mapping[int, PartStatus]) -> dict[str, int]:
    """Return {status: number of asks}; empty without asks."""
    counted = Counter(ask.status for ask in by_ask.values())
    return {str(status): counted[status] for status in Status if counted[status]}
