"""What follows from approved updates, written into a recommendation and its asks (``rules.status``)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from recommendations.rules.dated_reasons import Answered, answers_to, open_days
from recommendations.rules.dates import next_review_on
from recommendations.rules.facts import (
    AskFacts,
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
    next_review_on: date


def approved_of(recommendation: RecommendationFacts) -> list[UpdateFacts]:
    """Return the approved updates of a recommendation that count, as much of them as the rule reads."""
    return list(recommendation.updates.counting().only(*FACTS))


def asks_of(recommendation: RecommendationFacts) -> tuple[list[AskFacts], list[AskFacts]]:
    """Return (asks that count, retired asks) of a recommendation."""
    asks = list(recommendation.asks.all())
    return [ask for ask in asks if not ask.retired_at], [ask for ask in asks if ask.retired_at]


def stood_at(recommendation: RecommendationFacts, until: datetime | None = None) -> DerivedStatus:
    """Return where a recommendation stood just before an instant, as it was known then; None for now.

    Two statements.
    """
    approved = list(recommendation.updates.counting(until).only(*FACTS))
    asks = list(recommendation.asks.all())
    if until is None:
        return derive_status(approved, [ask for ask in asks if not ask.retired_at])
    there = [ask for ask in asks if ask.created_at < until]
    return derive_status(approved, [ask for ask in there if not (ask.retired_at and ask.retired_at < until)])


def answers_of(recommendation: RecommendationFacts, found: DerivedStatus) -> list[Answered]:
    """Return which update answers each dated reason of a recommendation. One statement."""
    return answers_to(recommendation.dated_reasons.all(), found)


def fields_of(
    recommendation: RecommendationFacts, found: DerivedStatus, answers: Iterable[Answered]
) -> RecommendationFields:
    answered_on = found.whole.answered_on
    return {
        **found.whole.fields(),
        "split": found.split,
        "answered_on": answered_on,
        "next_review_on": next_review_on(
            answered_on=answered_on,
            tracked_from=recommendation.imported_on,
            interval_days=recommendation.interval_days,
            dated=open_days(answers),
        ),
    }


def if_counted(update: WrittenUpdate) -> DerivedStatus:
    """Return where a recommendation would stand if an update was approved and counted."""
    others = [one for one in approved_of(update.recommendation) if one.pk != update.pk]
    return derive_status([*others, update], *asks_of(update.recommendation))


def follow(recommendation: RecommendationFacts) -> list[tuple[Subject, str, str]]:
    """Write what follows from the approved updates into a recommendation, its asks and its dated reasons.

    Args:
        recommendation: locked until the commit.

    Returns: [(what, status before, status after), …] of what moved: the recommendation, or an ask.
    """
    asks, retired = asks_of(recommendation)
    found = derive_status(approved_of(recommendation), asks, retired)
    moved: list[tuple[Subject, str, str]] = []
    answers = answers_of(recommendation, found)
    fields_of_whole = fields_of(recommendation, found, answers)
    rows: list[tuple[Subject, Mapping[str, object]]] = [(recommendation, fields_of_whole)]
    rows += [(ask, found.by_ask[ask.pk].fields()) for ask in [*asks, *retired]]
    for row, fields in rows:
        before = row.status
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(update_fields=list(fields))
        if row.status != before:
            moved.append((row, before, row.status))
    _write_answers(answers)
    return moved


def follow_dates(recommendation: RecommendationFacts) -> None:
    """Write what follows once the interval or a dated reason was changed: answers, and the next review.

    Args:
        recommendation: locked until the commit.
    """
    found = derive_status(approved_of(recommendation), *asks_of(recommendation))
    answers = answers_of(recommendation, found)
    recommendation.next_review_on = fields_of(recommendation, found, answers)["next_review_on"]
    recommendation.save(update_fields=["interval_days", "next_review_on"])
    _write_answers(answers)


def _write_answers(answers: Iterable[Answered]) -> None:
    for reason, update in answers:
        answered_by_id = update.pk if update else None
        if reason.answered_by_id != answered_by_id:
            reason.answered_by_id = answered_by_id
            reason.save(update_fields=["answered_by"])
