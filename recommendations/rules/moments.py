"""On which days a moment falls that comes back every year, or every few years (docs/domain.md, "Moments").

The days are computed and never stored, so nothing has to be added each year. One on 29 February falls on
28 February in a year that has no such day, and on the 29th again in one that has.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from recommendations.rules.dates import LAST_DAY
from recommendations.rules.facts import MomentFacts

LEAP_DAY, DAY_BEFORE = 29, 28
HALF_A_YEAR = 183


class Occurrence[M](NamedTuple):
    """A moment, and one of the days on which it falls."""

    moment: M
    on: date


def days_of(moment: MomentFacts, first: date, last: date) -> Iterator[date]:
    """Yield the days between ``first`` and ``last``, both included, on which a moment falls."""
    year, step = moment.on.year, moment.every_years
    if step and first.year > year:
        year += (first.year - year) // step * step
    while (day := _in_year(moment.on, year)) <= min(last, moment.until or LAST_DAY):
        if day >= first:
            yield day
        year += step or LAST_DAY.year
        if year > LAST_DAY.year:
            return


def next_day(moment: MomentFacts, today: date) -> date | None:
    """Return the first day from ``today`` on on which a moment falls; None if it comes no more."""
    return next(days_of(moment, today, LAST_DAY), None)


def last_day(moment: MomentFacts, before: date) -> date | None:
    """Return the last day before ``before`` on which a moment fell; None if it has not come yet."""
    days = [day for day in days_of(moment, moment.on, before) if day < before]
    return days[-1] if days else None


def coming[M: MomentFacts](moments: Iterable[M], today: date) -> list[Occurrence[M]]:
    """Return the moments that are still to come, each with its next day, the first of them first."""
    found = [Occurrence(one, day) for one in moments if (day := next_day(one, today))]
    return sorted(found, key=lambda one: one.on)


def moved_day(before: MomentFacts, after: MomentFacts, day: date) -> date | None:
    """Return the day to which a moment moves that fell on ``day``; None if it falls nowhere near any more.

    One that falls once moves to wherever it is put. One that comes back stays in its year, or almost.
    """
    if not before.every_years and not after.every_years:
        return after.on
    days = [after.on, *days_of(after, day.replace(year=max(day.year - 10, 1), day=1), _years_on(day))]
    nearest = min(days, key=lambda one: abs((one - day).days))
    if not before.every_years:
        return nearest
    return nearest if abs((nearest - day).days) <= before.every_years * HALF_A_YEAR else None


def _years_on(day: date) -> date:
    return min(day.replace(year=min(day.year + 10, LAST_DAY.year), day=1), LAST_DAY)


def _in_year(on: date, year: int) -> date:
    """Return the same day of another year."""
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (on.month, on.day) == (2, LEAP_DAY) and not is_leap:
        return date(year, 2, DAY_BEFORE)
    return on.replace(year=year)
