"""When the stories of the tests are told."""

from datetime import UTC, datetime, time, timedelta

NOW = datetime(2024, 9, 2, 9, 0, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
AS_OF = (NOW - 3 * DAY).date()


def at_noon(day):
    """Return noon of a day, in UTC."""
    return datetime.combine(day, time(12), tzinfo=UTC)
