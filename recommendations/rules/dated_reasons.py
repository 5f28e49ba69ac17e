"""Which update answers a dated reason (docs/domain.md, "When something is due").

It follows from the updates that count and from the asks, and from nothing else: a correction of the update
that answered a date opens it again, and a restricted update that does not count answers nothing.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from recommendations.rules.dates import FIRST_STAGE_DAYS
from recommendations.rules.facts import AskFacts, DatedReasonFacts, UpdateFacts
from recommendations.rules.status import LAST_OF_ALL, DerivedStatus


class Answered(NamedTuple):
    """A dated reason, and the update that answers it; None while it is open."""

    reason: DatedReasonFacts
    by: UpdateFacts | None


def answers_to(reasons: Iterable[DatedReasonFacts], found: DerivedStatus) -> list[Answered]:
    """Return which update answers each of the dated reasons of a recommendation that stands as ``found``."""
    return [Answered(one, answer_to(one.on, one.set_at, found)) for one in reasons]


def open_days(answers: Iterable[Answered]) -> list[date]:
    """Return the days of the dated reasons that no update answers."""
    return [one.reason.on for one in answers if one.by is None]


def answer_to(on: date, set_at: datetime, found: DerivedStatus) -> UpdateFacts | None:
    """Return the update that answers a dated reason, or None while it is open.

    That is the first, in the order in which they began to count, with which everything had been looked at
    within the reminder window of the day (14 days before it, or later): so acting on a reminder counts, and
    a routine check in March does not erase the date that was set for June. Everything is the whole, or each
    ask that was there then: one that is added later opens nothing again.

    Args:
        set_at: when the date was set; the asks of then have to be looked at, whenever that was.
    """
    opens = on - timedelta(days=FIRST_STAGE_DAYS)
    within = [update for update in found.uncorrected if update.as_of >= opens]
    looked_at = set[int | None]()
    for update in sorted(within, key=_counts_from):
        looked_at.add(update.ask_id)
        if _covers(looked_at, found.asks, max(set_at, update.counts_at or LAST_OF_ALL)):
            return update
    return None


def _counts_from(update: UpdateFacts) -> tuple[datetime, int]:
    return update.counts_at or LAST_OF_ALL, update.pk


def _covers(looked_at: set[int | None], asks: Iterable[AskFacts], then: datetime) -> bool:
    """Say whether what was looked at is all that there was: the whole (None), or each ask of that time."""
    if None in looked_at:
        return True
    there = {ask.pk for ask in asks if ask.created_at <= then}
    return bool(there) and there <= looked_at
