"""Nothing ran for days; then it runs again: each missed digest once, and no heap of reminders."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations import jobs
from recommendations.choices import DigestFrequency, MailKind, MailState
from recommendations.models import Heartbeat, Mail, MailItem, User
from tests.support import factories
from tests.support.factories import DAY, EVERY_DAY
from tests.support.pages import browser_of, words

LAST_TICK = datetime(2024, 9, 19, 6, 0, tzinfo=UTC)  # a Thursday, at seven in London
BACK = datetime(2024, 9, 22, 8, 0, tzinfo=UTC)  # Sunday: three days and two hours later
ZONES = ["America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Seoul", "UTC"]


@pytest.fixture
def after_three_days(team, report, mailoutbox):
    """The tracker ran, stood still for three days, and ticked every four hours for a day after that."""
    User.objects.update(
        working_days=EVERY_DAY,
        date_joined=LAST_TICK - 400 * DAY,
        digest_frequency=DigestFrequency.WEEKLY,
        digest_weekday=6,
        digest_when_empty=True,
    )
    for person, zone in zip(team.values(), ZONES, strict=True):
        User.objects.filter(pk=person.pk).update(time_zone=zone)
    first, second, third = report.recommendations.all()
    factories.approve(team["author"], first, LAST_TICK - 3 * DAY, reviewer=team["reviewer"])
    # Within the three days one passes two stages, one a single one; the third is late for long.
    due = {first: date(2024, 9, 22), second: date(2024, 9, 21), third: date(2024, 9, 1)}
    for recommendation, day in due.items():
        report.recommendations.filter(pk=recommendation.pk).update(owner=team["author"], next_review_on=day)
    jobs.tick(LAST_TICK)
    before = set(Mail.objects.values_list("pk", flat=True))
    for hour in range(0, 24, 4):
        jobs.tick(BACK + hour * timedelta(hours=1))
    return Mail.objects.exclude(pk__in=before)


def test_each_missed_digest_is_sent_once(team, after_three_days):
    digests = after_three_days.filter(kind=MailKind.DIGEST)
    assert sorted(digests.values_list("recipient__name", "period", "state")) == sorted(
        (person.name, "2024-W38", MailState.SENT) for person in team.values()
    )


def test_nobody_gets_more_than_one_reminder_for_a_day(team, after_three_days):
    sent = after_three_days.filter(kind=MailKind.REMINDER, state=MailState.SENT)
    days = list(sent.values_list("recipient__name", "period"))
    assert days and len(set(days)) == len(days)
    for name in {name for name, _day in days}:
        assert sum(1 for other, _day in days if other == name) <= 2, "a day of ticks touches two local days"


def test_an_overtaken_stage_is_on_record_as_expired_with_its_reason_on_its_day(team, after_three_days):
    """That the review is due in three days was never told: now it is due."""
    expired = after_three_days.filter(kind=MailKind.REMINDER, state=MailState.EXPIRED)
    [mail] = expired
    assert (mail.recipient, mail.period, mail.text) == (team["author"], "2024-09-19", "")
    assert (
        mail.reason
        == "The background jobs did not run on that day. The reminder of 22 Sep 2024 says what is due."
    )
    [item] = mail.items.all()
    assert item.superseded and item.item_key.endswith(":2024-09-22:T-3")
    [told] = MailItem.objects.filter(item_key__endswith=":2024-09-22:D0")
    assert (told.mail.period, told.superseded) == ("2024-09-22", False)


def test_the_person_reads_it_on_their_page(team, after_three_days):
    page = words(browser_of(team["author"]).get("/settings/mails/"))
    assert "KP-01 is due Sunday" in page
    assert "Not sent The background jobs did not run on that day. The reminder of 22 Sep 2024 says" in page


def test_what_was_told_late_is_told_once(team, after_three_days):
    count = Mail.objects.count()
    for hour in range(24, 32, 2):
        jobs.tick(BACK + hour * timedelta(hours=1))
    assert Mail.objects.count() == count
    told = MailItem.objects.filter(superseded=False).values_list("recipient", "item_key")
    assert len(told) == len(set(told))


def test_ticks_that_ran_leave_no_such_rows(team, report, mailoutbox):
    User.objects.update(working_days=EVERY_DAY)
    report.recommendations.update(owner=team["author"], next_review_on=date(2024, 9, 23))
    for hour in range(0, 24 * 9, 6):
        jobs.tick(LAST_TICK - DAY + hour * timedelta(hours=1))
    assert Heartbeat.objects.get(name="tick")
    assert not Mail.objects.filter(state=MailState.EXPIRED).exists()
