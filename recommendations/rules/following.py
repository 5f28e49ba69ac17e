"""What follows from approved updates, written into a recommendation and its asks (``rules.status``)."""

from collections.abc import Mapping
from datetime import date

from recommendations.choices import Sensitivity
from recommendations.rules.dates import next_review_on, one_off_answered, unanswered
from recommendations.rules.facts import (
    AskFacts,
    FurtherDate,
    RecommendationFacts,
    Subject,
    UpdateFacts,
    WrittenUpdate,
)
from recommendations.rules.status import FACTS, DerivedStatus, StatusFields, derive_status


class RecommendationFields(StatusFields):
    """The fields of a recommendation that follow from its approved updates."""

    split: dict[str, int]
    answered_on: date | None
    one_off_on: date | None
    further_dates: list[FurtherDate]
    next_review_on: date


def approved_of(recommendation: RecommendationFacts) -> list[UpdateFacts]:
    """Return the approved updates of a recommendation that count, as much of them as the rule reads."""
    return list(recommendation.updates.counting().only(*FACTS))


def asks_of(recommendation: RecommendationFacts) -> tuple[list[AskFacts], list[AskFacts]]:
    """Return (asks that count, retired asks) of a recommendation."""
    asks = list(recommendation.asks.all())
    return [ask for ask in asks if not ask.retired_at], [ask for ask in asks if ask.retired_at]


def fields_of(recommendation: RecommendationFacts, found: DerivedStatus) -> RecommendationFields:
    answered_on = found.whole.answered_on
    one_off_on = recommendation.one_off_on
    if one_off_on and one_off_answered(one_off_on, answered_on):
        one_off_on = None
    further = unanswered(recommendation.further_dates, answered_on)
    return {
        **found.whole.fields(),
        "split": found.split,
        "answered_on": answered_on,
        "one_off_on": one_off_on,
        "further_dates": further,
        "next_review_on": next_review_on(
            answered_on=answered_on,
            tracked_from=recommendation.imported_on,
            interval_days=recommendation.interval_days,
            one_off_on=one_off_on,
            further=further,
        ),
    }


def if_approved(update: WrittenUpdate) -> DerivedStatus:
    """Return where a recommendation would stand if an update was approved; a restricted one moves nothing."""
    approved = [one for one in approved_of(update.recommendation) if one.pk != update.pk]
    proposed = [] if update.sensitivity == Sensitivity.RESTRICTED else [update]
    return derive_status([*approved, *proposed], *asks_of(update.recommendation))


def without(ask: AskFacts) -> DerivedStatus:
    """Return where a recommendation would stand if one of its asks was retired."""
    recommendation = ask.recommendation
    asks, retired = asks_of(recommendation)
    left = [one for one in asks if one.pk != ask.pk]
    return derive_status(approved_of(recommendation), left, [*retired, ask])


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
