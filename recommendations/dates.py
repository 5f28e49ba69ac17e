"""Date rules: pure functions in which the clock is always an argument."""

from datetime import date, timedelta

# The first reminder goes out this many days before the review date (domain, "When something is due").
FIRST_STAGE_DAYS = 14


def next_review_on(*, last_verified_on, tracked_from, interval_days, one_off_on=None):
    """Return the date on which a recommendation must be looked at next.

    Without a one-off date it is the last verification, or the import day before any, plus the
    interval. A one-off date (an advocacy moment) stands instead, until a verification made within
    its reminder window (14 days before it, or later) has answered it: a routine check in March must
    not erase the date that a manager set for June.

    Args:
        last_verified_on: as-of date of the latest approved update, or None.
        tracked_from: the day the recommendation was imported.
        interval_days: the review interval, in days.
        one_off_on: the one-off date, or None.
    """
    if one_off_on and not one_off_answered(one_off_on, last_verified_on):
        return one_off_on
    return (last_verified_on or tracked_from) + timedelta(days=interval_days)


def one_off_answered(one_off_on: date, last_verified_on: date | None) -> bool:
    """Say whether a verification on ``last_verified_on`` answers the one-off review date."""
    return bool(last_verified_on and last_verified_on >= one_off_on - timedelta(days=FIRST_STAGE_DAYS))


def age_in_days(then: date | None, today: date) -> int | None:
    """Return how many days ago ``then`` was, or None for never."""
    return None if then is None else (today - then).days


def quarter_start(day: date) -> date:
    """Return the first day of the calendar quarter that holds ``day``."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def month_bounds(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month that holds ``day``."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
