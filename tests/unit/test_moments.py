"""On which days a moment falls: once, every year, every few years, with and without an end."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.rules.dates import LAST_DAY
from recommendations.rules.moments import coming, days_of, last_day, moved_day, next_day


@dataclass
class At:
    """A moment, as far as the rule reads it."""

    on: date
    every_years: int | None = None
    until: date | None = None


FIRST, LAST = date(2020, 1, 1), date(2033, 12, 31)
JUNE = date(2024, 6, 24)


@pytest.mark.parametrize(
    ("moment", "years"),
    [
        (At(JUNE), [2024]),
        (At(JUNE, 1), range(2024, 2034)),
        (At(JUNE, 4), [2024, 2028, 2032]),
        (At(JUNE, 1, date(2026, 6, 24)), [2024, 2025, 2026]),
        (At(JUNE, 1, date(2026, 6, 23)), [2024, 2025]),
        (At(date(2012, 6, 24), 5), [2022, 2027, 2032]),
    ],
)
def test_it_falls_on_the_same_day_of_its_years_until_its_end(moment, years):
    assert list(days_of(moment, FIRST, LAST)) == [date(year, 6, 24) for year in years]


def test_on_a_leap_day_it_falls_a_day_earlier_where_there_is_none_and_comes_back_to_it():
    days = list(days_of(At(date(2024, 2, 29), 1), date(2024, 1, 1), date(2028, 12, 31)))
    assert [f"{day:%m-%d}" for day in days] == ["02-29", "02-28", "02-28", "02-28", "02-29"]
    # 2100 is no leap year.
    assert next_day(At(date(2096, 2, 29), 4), date(2097, 1, 1)) == date(2100, 2, 28)


def test_the_next_and_the_last_day_are_told_from_the_readers_day():
    yearly = At(JUNE, 1, date(2026, 12, 31))
    assert next_day(yearly, date(2025, 6, 24)) == date(2025, 6, 24)
    assert next_day(yearly, date(2025, 6, 25)) == date(2026, 6, 24)
    assert next_day(yearly, date(2026, 6, 25)) is None
    assert last_day(yearly, date(2025, 6, 24)) == JUNE
    assert last_day(yearly, date(2030, 1, 1)) == date(2026, 6, 24)
    assert last_day(yearly, JUNE) is None
    later = At(date(2025, 1, 1))
    assert [one.on for one in coming([yearly, later], date(2024, 12, 1))] == [later.on, date(2025, 6, 24)]


@pytest.mark.parametrize(
    ("before", "after", "day", "moved"),
    [
        # One that falls once goes wherever it is put.
        (At(JUNE), At(date(2026, 1, 1)), JUNE, date(2026, 1, 1)),
        (At(JUNE), At(date(2026, 1, 1), 1), JUNE, date(2026, 1, 1)),
        # One that comes back stays in its year, whichever year its first day is put in.
        (At(JUNE, 1), At(date(2024, 7, 1), 1), date(2026, 6, 24), date(2026, 7, 1)),
        (At(JUNE, 1), At(date(2026, 7, 1), 1), date(2026, 6, 24), date(2026, 7, 1)),
        (At(date(2024, 12, 30), 1), At(date(2025, 1, 2), 1), date(2025, 12, 30), date(2026, 1, 2)),
        # It has ended, or comes back more seldom: there is no such day near any more.
        (At(JUNE, 1), At(JUNE, 1, date(2025, 12, 31)), date(2027, 6, 24), None),
        (At(JUNE, 1), At(JUNE), date(2026, 6, 24), None),
        (At(JUNE, 1), At(JUNE, 4), date(2026, 6, 24), None),
        (At(JUNE, 1), At(JUNE), JUNE, JUNE),
    ],
)
def test_a_date_before_it_moves_with_the_day_that_is_meant(before, after, day, moved):
    assert moved_day(before, after, day) == moved


ANY_DAY = st.dates(date(1900, 1, 1), LAST_DAY)


@given(ANY_DAY, st.none() | st.integers(1, 10), ANY_DAY, ANY_DAY)
def test_days_are_in_order_and_within_what_was_asked_for(on, every, one, other):
    first, last = sorted([one, other])
    days = list(days_of(At(on, every), first, last))
    assert days == sorted(set(days))
    assert all(first <= day <= last and day >= on for day in days)
    assert all((day.year - on.year) % (every or 1) == 0 for day in days)
    if first <= on <= last:
        assert days[0] == on


@given(ANY_DAY, st.none() | st.integers(1, 10), ANY_DAY, st.none() | st.integers(1, 10), ANY_DAY)
def test_wherever_a_moment_is_moved_there_is_an_answer(on, every, to, rhythm, day):
    after = At(to, rhythm)
    moved = moved_day(At(on, every), after, day)
    assert moved is None or moved in days_of(after, moved, moved)
