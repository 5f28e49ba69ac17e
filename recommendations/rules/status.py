"""Where a recommendation stands: what follows from its approved updates, and from nothing else.

The one place that decides. Approvals write what it says, the review page tells it beforehand, a date in
the past is answered by the same rule over what was approved by then, and ``check_data`` verifies.

The rule (docs/domain.md, "Which update is current"):

- Restricted updates do not count: what follows from them would tell everybody that they are there.
- Among approved, not corrected assessments the latest as-of date decides, ties by approval time.
- A recommendation that is split follows its asks: the least advanced of those that could be assessed
  decides. Asks without reliable information are counted beside it. Contrary action is the least advanced
  of all, so it shows wherever it occurs.
- Until every ask is assessed, the last assessment of the whole stands for those that are not: splitting
  alone moves no status, and one good ask does not hide the others.
- A check, and any update about the whole, verifies all asks; a split recommendation is verified as of
  the ask that was looked at longest ago.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypedDict

from recommendations.choices import LEAST_ADVANCED_FIRST, Status, UpdateKind
from recommendations.rules.dates import next_review_on, one_off_answered, unanswered
from recommendations.rules.facts import AskFacts, FurtherDate, RecommendationFacts, Subject, UpdateFacts

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


class RecommendationFields(StatusFields):
    """Those of a recommendation."""

    split: dict[str, int]
    one_off_on: date | None
    further_dates: list[FurtherDate]
    next_review_on: date


@dataclass(frozen=True)
class PartStatus:
    """Where something stands: a recommendation, or one of its asks. ``current`` is what says so."""

    current: UpdateFacts | None = None
    last_verified_on: date | None = None

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
        }


@dataclass(frozen=True)
class DerivedStatus:
    """Where a recommendation stands, and each of its asks by number; ``split`` counts asks by status."""

    whole: PartStatus
    by_ask: dict[int, PartStatus] = field(default_factory=dict)
    split: dict[str, int] = field(default_factory=dict)


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
    corrected = {update.corrects_id for update in approved}
    uncorrected = sorted((one for one in approved if one.pk not in corrected), key=_newest, reverse=True)
    by_ask = {ask.pk: _of_ask(uncorrected, ask.pk) for ask in asks}
    others = {ask.pk: _of_ask(uncorrected, ask.pk) for ask in retired}
    return DerivedStatus(_of_whole(uncorrected, by_ask), {**by_ask, **others}, _counts(by_ask))


def _newest(update: UpdateFacts) -> tuple[date, datetime, int]:
    return update.as_of, update.approved_at or LAST_OF_ALL, update.pk


def _of_ask(uncorrected: Sequence[UpdateFacts], ask_id: int) -> PartStatus:
    about = [update for update in uncorrected if update.ask_id in (None, ask_id)]
    return PartStatus(_assessment(uncorrected, ask_id), about[0].as_of if about else None)


def _of_whole(uncorrected: Sequence[UpdateFacts], by_ask: Mapping[int, PartStatus]) -> PartStatus:
    whole = _assessment(uncorrected, None)
    if not by_ask:
        looked = [update.as_of for update in uncorrected if update.ask_id is None]
        return PartStatus(whole, looked[0] if looked else None)
    found = [ask.current for ask in by_ask.values() if ask.current]
    if whole and len(found) < len(by_ask):
        found.append(whole)
    verified = [ask.last_verified_on for ask in by_ask.values() if ask.last_verified_on]
    return PartStatus(_deciding(found), min(verified) if len(verified) == len(by_ask) else None)


def _assessment(uncorrected: Iterable[UpdateFacts], ask_id: int | None) -> UpdateFacts | None:
    """Return the assessment that counts for an ask, or for the whole (None)."""
    found = (one for one in uncorrected if one.kind == UpdateKind.ASSESSMENT and one.ask_id == ask_id)
    return next(found, None)


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


def approved_of(recommendation: RecommendationFacts) -> list[UpdateFacts]:
    """Return the approved updates of a recommendation that count, as much of them as the rule reads."""
    return list(recommendation.updates.counting().only(*FACTS))


def asks_of(recommendation: RecommendationFacts) -> tuple[list[AskFacts], list[AskFacts]]:
    """Return (asks that count, retired asks) of a recommendation."""
    asks = list(recommendation.asks.all())
    return [ask for ask in asks if not ask.retired_at], [ask for ask in asks if ask.retired_at]


def fields_of(recommendation: RecommendationFacts, found: DerivedStatus) -> RecommendationFields:
    last_verified_on = found.whole.last_verified_on
    one_off_on = recommendation.one_off_on
    if one_off_on and one_off_answered(one_off_on, last_verified_on):
        one_off_on = None
    further = unanswered(recommendation.further_dates, last_verified_on)
    return {
        **found.whole.fields(),
        "split": found.split,
        "one_off_on": one_off_on,
        "further_dates": further,
        "next_review_on": next_review_on(
            last_verified_on=last_verified_on,
            tracked_from=recommendation.imported_on,
            interval_days=recommendation.interval_days,
            one_off_on=one_off_on,
            further=further,
        ),
    }


def follow(recommendation: RecommendationFacts) -> list[tuple[Subject, str, str]]:
    """Write what follows from the approved updates into a recommendation and its asks.

    Args:
        recommendation: locked until the commit.

    Returns: [(what, status before, status after), …] of what moved: the recommendation, or an ask.
    """
    asks, retired = asks_of(recommendation)
    found = derive_status(approved_of(recommendation), asks, retired)
    moved: list[tuple[Subject, str, str]] = []
    rows: list[tuple[Subject, Mapping[str, object]]] = [(recommendation, fields_of(recommendation, found))]
    rows += [(ask, found.by_ask[ask.pk].fields()) for ask in [*asks, *retired]]
    for row, fields in rows:
        before = row.status
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
        if row.status != before:
            moved.append((row, before, row.status))
    return moved
