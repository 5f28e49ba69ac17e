"""The date rules, over clocks that jump."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from recommendations.choices import DigestFrequency
from recommendations.rules import dates

DUE = date(2024, 9, 20)
# Half an hour of summer time, a change at midnight, none at all.
ZONES = ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Seoul"]
TICK = timedelta(minutes=5)


def newest(today):
    stages = dates.review_stages(DUE, today)
    return stages[-1].name if stages else None


@pytest.mark.parametrize(
    ("days", "stage"),
    [
        (-15, None),
        (-14, "T-14"),
        (-4, "T-14"),
        (-3, "T-3"),
        (-1, "T-3"),
        (0, "D0"),
        (6, "D0"),
        (7, "O+7"),
        (13, "O+7"),
        (14, "O+14"),
        (27, "O+21"),
        (370, "O+364"),
    ],
)
def test_the_stages(days, stage):
    assert newest(DUE + timedelta(days=days)) == stage


def test_a_stage_is_reached_on_its_day_and_never_again():
    names = [newest(DUE + timedelta(days=days)) for days in range(-20, 60)]
    reached = [name for before, name in pairwise(names) if name != before]
    assert reached == ["T-14", "T-3", "D0", "O+7", "O+14", "O+21", "O+28", "O+35", "O+42", "O+49", "O+56"]


@pytest.mark.parametrize(("is_first", "days"), [(True, 14), (False, 28)])
def test_who_is_told_first_is_told_two_weeks_before_the_others(is_first, days):
    assert not dates.is_escalated(DUE, DUE + timedelta(days=days - 1), is_first=is_first)
    assert dates.is_escalated(DUE, DUE + timedelta(days=days), is_first=is_first)


@pytest.mark.parametrize(
    ("working_days", "due", "told"),
    [
        ("12345", date(2024, 9, 20), date(2024, 9, 20)),  # a Friday
        ("12345", date(2024, 9, 21), date(2024, 9, 20)),  # a Saturday
        ("12345", date(2024, 9, 22), date(2024, 9, 20)),
        ("3", date(2024, 9, 24), date(2024, 9, 18)),  # who works on Wednesdays
        ("1", date(2024, 9, 22), date(2024, 9, 16)),
        ("", date(2024, 9, 22), date(2024, 9, 22)),
    ],
)
def test_a_date_on_a_free_day_is_told_on_the_working_day_before(working_days, due, told):
    reached = [
        day
        for day in (due - timedelta(days=days) for days in range(9, -1, -1))
        if "D0" in {stage.name for stage in dates.review_stages(due, day, working_days)}
    ]
    assert reached[0] == told


def test_waiting_repeats_weekly_or_never():
    names = [stage.name for stage in dates.waiting_stages(DUE, DUE + timedelta(days=18), (3, 7))]
    assert names == ["W3", "W10", "W17"]
    assert [s.name for s in dates.waiting_stages(DUE, DUE + timedelta(days=90), (7, None))] == ["W7"]
    assert dates.waiting_stages(DUE, DUE + timedelta(days=2), (3, 7)) == []


def ticks(start, days):
    """Yield the moments of a tick every five minutes."""
    at = start
    while at < start + timedelta(days=days):
        yield at
        at += TICK


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=str)
def test_each_local_day_has_one_morning_at_eight(zone):
    """Over 400 days of ticks every local date comes up once, and first at 08:00 there."""
    first_seen = {}
    for now in ticks(datetime(2024, 3, 1, tzinfo=UTC), 400):
        if dates.morning_has_come(now, zone):
            first_seen.setdefault(now.astimezone(zone).date(), now)
    days = sorted(first_seen)
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days))
    assert len(days) in (400, 401)
    for day in days[1:]:
        local = first_seen[day].astimezone(zone)
        assert (local.hour, local.minute) == (8, 0)


@pytest.mark.parametrize("zone", [ZoneInfo(name) for name in ZONES], ids=str)
@pytest.mark.parametrize(
    ("frequency", "expected"),
    [(DigestFrequency.WEEKLY, 57), (DigestFrequency.BIWEEKLY, 28), (DigestFrequency.MONTHLY, 13)],
)
def test_each_period_has_one_digest(zone, frequency, expected):
    first_seen = {}
    for now in ticks(datetime(2024, 3, 1, tzinfo=UTC), 400):
        day = dates.digest_day_at(frequency, 3, now, zone)
        if day >= date(2024, 3, 1):
            first_seen.setdefault(dates.digest_period(frequency, day), (day, now))
    assert abs(len(first_seen) - expected) <= 1
    for day, now in first_seen.values():
        local = now.astimezone(zone)
        assert (local.date(), local.hour, local.minute) == (day, 8, 0)
        assert day.isoweekday() == 3


def test_every_second_week_keeps_its_step_over_a_long_year():
    """2026 has 53 weeks by ISO: the parity of their numbers would give two digests in a row."""
    days = {
        dates.digest_day(DigestFrequency.BIWEEKLY, 1, date(2026, 11, 1) + timedelta(days=n))
        for n in range(120)
    }
    ordered = sorted(days)
    steps = {(later - earlier).days for earlier, later in pairwise(ordered)}
    assert steps == {14}


def test_monthly_is_the_first_such_weekday():
    assert dates.digest_day(DigestFrequency.MONTHLY, 1, date(2024, 9, 1)) == date(2024, 8, 5)
    assert dates.digest_day(DigestFrequency.MONTHLY, 1, date(2024, 9, 2)) == date(2024, 9, 2)
    assert dates.digest_day(DigestFrequency.MONTHLY, 4, date(2024, 2, 29)) == date(2024, 2, 1)
    assert dates.digest_day(DigestFrequency.MONTHLY, 1, date(2025, 1, 1)) == date(2024, 12, 2)


def test_never_is_never():
    assert dates.digest_day(DigestFrequency.NEVER, 1, DUE) is None
    assert dates.digest_day_at(DigestFrequency.NEVER, 1, datetime(2024, 9, 2, tzinfo=UTC), UTC) is None


def test_the_period_of_new_year_is_the_iso_week():
    assert dates.digest_period(DigestFrequency.WEEKLY, date(2024, 12, 30)) == "2025-W01"
    assert dates.digest_period(DigestFrequency.MONTHLY, date(2024, 12, 30)) == "2024-12"


def test_working_days():
    assert dates.is_working_day(date(2024, 9, 1), "7")
    assert not dates.is_working_day(date(2024, 9, 1), "12345")
