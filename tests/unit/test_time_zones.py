"""Five zones whose clocks jump, 400 days of ticks every five minutes: one row for each local date."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from recommendations.choices import MailKind, MailState, Role
from recommendations.models import Mail, Recommendation, User
from recommendations.rules import dates
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.factories import EVERY_DAY
from tests.support.reminding import let_go_out

# Half an hour of summer time in Lord Howe, a change at midnight in Cairo, none at all in Seoul.
ZONES = ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Seoul"]
# 400 days that hold 29 February 2024 and both changes of each zone.
FIRST, DAYS = datetime(2024, 2, 1, tzinfo=UTC), 400
TICK = timedelta(minutes=5)
HOUR = timedelta(hours=1)


def rows_by_every_tick(zone):
    """Return {local date: the first tick that queues its row} by the rule alone: each tick asks it anew."""
    rows = {}
    now = FIRST
    while now < FIRST + timedelta(days=DAYS):
        if dates.morning_has_come(now, zone):
            rows.setdefault(now.astimezone(zone).date(), now)
        now += TICK
    return rows


@pytest.mark.parametrize("name", ZONES)
def test_each_local_date_has_one_row_first_due_at_eight(name):
    zone = ZoneInfo(name)
    rows = rows_by_every_tick(zone)
    days = list(rows)
    assert date(2024, 2, 29) in rows
    assert all(later - earlier == timedelta(days=1) for earlier, later in pairwise(days)), (
        "none missing or extra"
    )
    assert DAYS - 1 <= len(days) <= DAYS + 1
    for day in days[1:]:
        local = rows[day].astimezone(zone)
        assert (local.date(), local.hour, local.minute) == (day, 8, 0)


def changes(name):
    """Return the local dates within the 400 days on which the clock of a zone jumps."""
    zone, at, found = ZoneInfo(name), FIRST, []
    while at < FIRST + timedelta(days=DAYS):
        if at.astimezone(zone).utcoffset() != (at + HOUR).astimezone(zone).utcoffset():
            found.append((at + HOUR).astimezone(zone).date())
        at += HOUR
    return found


def test_the_five_zones_are_what_they_are_chosen_for():
    assert [len(changes(name)) >= 2 for name in ZONES] == [True, True, True, True, False]
    lord_howe = ZoneInfo("Australia/Lord_Howe")
    summer, winter = (at.astimezone(lord_howe).utcoffset() for at in (FIRST, FIRST + 150 * 24 * HOUR))
    assert summer - winter == timedelta(minutes=30)


@pytest.fixture
def one_in_each_zone(db):
    """A person in each zone who has a new stage to be told of on each day: a review that is due that day."""
    people = {}
    for number, name in enumerate(ZONES):
        people[name] = factories.person(
            f"P{number}", Role.CONTRIBUTOR, time_zone=name, working_days=EVERY_DAY
        )
    report = factories.report(count=len(ZONES))
    for recommendation, person in zip(report.recommendations.all(), people.values(), strict=True):
        recommendation.owner = person
        recommendation.save()
    return people


@pytest.mark.parametrize("around", [*ZONES[:-1], "leap day"])
def test_the_planner_owes_one_row_a_date_around_each_change(one_in_each_zone, around):
    """Real ticks over three days around a change of the clock, in all five zones at once.

    Each local day something new is due: so a day without a row, or with two, is seen.
    """
    middle = date(2024, 2, 29) if around == "leap day" else changes(around)[0]
    start = datetime.combine(middle - timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    owed_at = {}
    now = start
    while now < start + timedelta(days=4):
        # The ticks around eight o'clock somewhere, and one in three hours: the others change nothing.
        if (now.minute == 0 and now.hour % 3 == 0) or any(is_near_eight(now, name) for name in ZONES):
            for person in one_in_each_zone.values():
                Recommendation.objects.filter(owner=person).update(next_review_on=person.today(now))
            before = set(Mail.objects.values_list("pk", flat=True))
            queue_reminders(now=now)
            let_go_out(now)
            for mail in Mail.objects.exclude(pk__in=before).select_related("recipient"):
                owed_at.setdefault((mail.recipient.time_zone, mail.period), []).append(now)
        now += TICK
    for name in ZONES:
        zone = ZoneInfo(name)
        dates_of = sorted(day for where, day in owed_at if where == name)
        wanted = [
            day.isoformat()
            for day in (middle + timedelta(days=offset) for offset in range(-3, 4))
            if start <= dates.local_morning(day, zone) < start + timedelta(days=4)
        ]
        assert set(wanted) <= set(dates_of) and len(dates_of) - len(wanted) <= 1
        for day in wanted:
            [moment] = owed_at[name, day]
            assert (moment.astimezone(zone).hour, moment.astimezone(zone).minute) == (8, 0)
    assert Mail.objects.filter(kind=MailKind.REMINDER, state=MailState.SENT).count() == len(owed_at)


def is_near_eight(now, name):
    """Say whether it is one of the ticks just before and at eight o'clock in a zone."""
    zone = ZoneInfo(name)
    eight = dates.local_morning(now.astimezone(zone).date(), zone)
    return -TICK <= now - eight <= timedelta(0)


def test_a_person_who_flies_around_the_earth_gets_one_mail_a_date(db):
    """Their zone changes each day, westward and back: no date has two mails."""
    person = factories.person("Fay", Role.CONTRIBUTOR, time_zone=ZONES[0], working_days=EVERY_DAY)
    report = factories.report(count=1)
    report.recommendations.update(owner=person)
    now = FIRST
    for number in range(8 * 6):
        User.objects.filter(pk=person.pk).update(time_zone=ZONES[number % len(ZONES)])
        person.refresh_from_db()
        person.__dict__.pop("zone", None)
        Recommendation.objects.update(next_review_on=person.today(now))
        queue_reminders(now=now)
        let_go_out(now)
        now += 4 * HOUR
    periods = list(Mail.objects.values_list("period", flat=True))
    assert len(periods) == len(set(periods)) >= 7
