"""A reminder and a digest of one morning: what the reminder lists, the digest does not list again."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations import jobs
from recommendations.choices import DigestFrequency, MailKind, MailState, Role
from recommendations.mail.outbox import send
from recommendations.models import Mail, Recommendation, User
from recommendations.selectors.reminded import WAIT
from recommendations.services.mail import digests, reminders
from recommendations.services.mail.digests import preview, queue_digests
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.digests import MONDAY, WEEK, digests_of
from tests.support.factories import DAY, EVERY_DAY, NOW, change

TICK = timedelta(minutes=5)


@pytest.fixture
def due(team, report):
    """Ana owns what is nine days overdue, Omar what is twelve; Ana and Vera read digests, every Monday."""
    report.recommendations.update(next_review_on=date(2030, 1, 1))
    User.objects.update(
        working_days=EVERY_DAY, date_joined=NOW - 400 * DAY, digest_frequency=DigestFrequency.NEVER
    )
    for name in ("author", "viewer"):
        change(team[name], digest_frequency=DigestFrequency.WEEKLY)
    first, second, _third = report.recommendations.all()
    own(first, team["author"], MONDAY.date() - 9 * DAY)
    own(second, team["other"], MONDAY.date() - 12 * DAY)
    factories.approve(team["author"], report.recommendations.last(), NOW, reviewer=team["reviewer"])
    report.recommendations.filter(position=3).update(next_review_on=date(2030, 1, 1))
    return report


def own(recommendation, owner, due_on):
    Recommendation.objects.filter(pk=recommendation.pk).update(owner=owner, next_review_on=due_on)


def overdue_in(mail):
    """Return the titles that a mail lists as overdue, in both of its parts alike."""
    _news, *listed = mail.text.split("\nOVERDUE")
    said = "".join(part.split("\nSTATUS:")[0] for part in listed)
    titles = [f"Thing {number}" for number in (1, 2, 3) if f"* Thing {number} (" in said]
    assert all(title in mail.html for title in titles)
    return titles


def reminder_of(person):
    return Mail.objects.get(recipient=person, kind=MailKind.REMINDER)


def listed(person):
    """Return what all mails to a person list as overdue that went out."""
    gone = Mail.objects.filter(recipient=person, state=MailState.SENT).order_by("pk")
    return [title for mail in gone for title in overdue_in(mail)]


def test_what_the_reminder_told_is_not_told_again_and_the_digest_says_where_it_is(team, due, mailoutbox):
    jobs.tick(MONDAY)
    [digest] = digests_of(team["author"])
    assert overdue_in(reminder_of(team["author"])) == ["Thing 1"]
    assert overdue_in(digest) == ["Thing 2"]
    assert digest.subject == "Digest: 1 status changed, 1 of others overdue"
    for part in (digest.text, digest.html):
        assert "Not listed here again: 1 thing that your reminder of Mon 9 Sep 2024 lists." in " ".join(
            part.split()
        )
    assert "Thing 1" in digest.text.split("STATUS:")[1], "the table of all is whole"
    [others] = digests_of(team["viewer"])
    assert overdue_in(others) == ["Thing 1", "Thing 2"] and "your reminder" not in others.text
    assert len({message.extra_headers["Message-ID"] for message in mailoutbox}) == len(mailoutbox)


def test_it_waits_until_it_is_known_whether_the_reminder_went_out(team, due, mailoutbox):
    for late in range(4):
        jobs.plan(MONDAY + late * TICK)
        assert not digests_of(team["author"]) and digests_of(team["viewer"])
    send(MONDAY + 4 * TICK)
    jobs.plan(MONDAY + 5 * TICK)
    jobs.plan(MONDAY + 6 * TICK)
    [digest] = digests_of(team["author"])
    assert (overdue_in(digest), digest.key) == (["Thing 2"], f"digest:weekly:{team['author'].pk}:2024-W37")


def test_a_reminder_that_does_not_get_out_holds_the_digest_up_for_an_hour_alone(team, due, mailoutbox):
    jobs.plan(MONDAY)
    jobs.plan(MONDAY + WAIT - TICK)
    assert not digests_of(team["author"])
    jobs.plan(MONDAY + WAIT)
    [digest] = digests_of(team["author"])
    assert overdue_in(digest) == ["Thing 1", "Thing 2"]
    send(MONDAY + WAIT)
    jobs.plan(MONDAY + WAIT + TICK)
    assert digests_of(team["author"]) == [digest] and set(listed(team["author"])) == {"Thing 1", "Thing 2"}


@pytest.mark.parametrize("state", ["failed", "unknown", "suppressed", "expired"])
def test_what_a_reminder_that_did_not_arrive_would_have_told_is_in_the_digest(team, due, state):
    queue_reminders(now=MONDAY)
    Mail.objects.filter(kind=MailKind.REMINDER).update(state=state)
    queue_digests(now=MONDAY + TICK)
    [digest] = digests_of(team["author"])
    assert overdue_in(digest) == ["Thing 1", "Thing 2"] and "your reminder" not in digest.text


def test_who_is_away_or_whose_reminder_cannot_be_written_gets_a_whole_digest(team, due, monkeypatch):
    change(team["author"], away_from=MONDAY.date(), away_until=MONDAY.date() + WEEK)
    queue_reminders(now=MONDAY)
    assert reminder_of(team["author"]).state == MailState.SUPPRESSED
    monkeypatch.setattr(reminders, "plan", lambda now: 1 / 0)
    with pytest.raises(ExceptionGroup):
        jobs.plan(MONDAY)
    [digest] = digests_of(team["author"])
    assert overdue_in(digest) == ["Thing 1", "Thing 2"]


def test_where_the_digest_came_first_both_are_whole(team, due, mailoutbox):
    queue_digests(now=MONDAY)
    jobs.tick(MONDAY + TICK)
    assert overdue_in(digests_of(team["author"])[0]) == ["Thing 1", "Thing 2"]
    assert overdue_in(reminder_of(team["author"])) == ["Thing 1"]


def test_the_reminder_of_another_day_hides_nothing(team, due, mailoutbox):
    queue_reminders(now=MONDAY - DAY)
    send(MONDAY - DAY)
    assert reminder_of(team["author"]).state == MailState.SENT
    jobs.tick(MONDAY)
    assert overdue_in(digests_of(team["author"])[-1]) == ["Thing 1", "Thing 2"]


def test_a_review_whose_date_moved_in_between_is_in_both(team, due):
    queue_reminders(now=MONDAY)
    send(MONDAY)
    own(due.recommendations.first(), team["author"], MONDAY.date() - DAY)
    queue_digests(now=MONDAY + TICK)
    assert overdue_in(digests_of(team["author"])[0]) == ["Thing 1", "Thing 2"]


def test_a_reminder_lists_no_more_than_it_shows(team, due, monkeypatch):
    """What it only counts ("… and 1 more") is listed by the digest."""
    own(due.recommendations.all()[1], team["author"], MONDAY.date() - 2 * DAY)
    monkeypatch.setattr("recommendations.mail.messages.LONGEST_LIST", 1)
    queue_reminders(now=MONDAY)
    send(MONDAY)
    assert overdue_in(reminder_of(team["author"])) == ["Thing 1"]
    queue_digests(now=MONDAY + TICK)
    assert overdue_in(digests_of(team["author"])[0]) == ["Thing 2"]


def test_what_waits_for_review_is_told_once_and_the_newer_not_left_out(team, due, mailoutbox):
    change(team["reviewer"], digest_frequency=DigestFrequency.WEEKLY)
    first, second, _third = due.recommendations.all()
    factories.submit(team["author"], first, MONDAY - 4 * DAY)
    factories.submit(team["author"], second, MONDAY - DAY)
    jobs.tick(MONDAY)
    [digest] = digests_of(team["reviewer"])
    waiting = digest.text.split("WAITING FOR REVIEW (1)")[1].split("\nOVERDUE")[0]
    assert "Thing 2" in waiting and "Thing 1" not in waiting
    assert "Thing 1" in reminder_of(team["reviewer"]).text


def test_a_digest_with_nothing_but_what_the_reminder_told_is_not_sent(team, due, mailoutbox):
    jobs.tick(MONDAY)
    own(due.recommendations.all()[1], team["other"], date(2030, 1, 1))
    own(due.recommendations.last(), team["author"], (MONDAY + WEEK).date() - DAY)
    jobs.tick(MONDAY + WEEK - DAY)  # a reminder of that day is none of the next
    change(team["author"], digest_weekday=1)
    own(due.recommendations.first(), team["author"], (MONDAY + WEEK).date() - 7 * DAY)
    jobs.tick(MONDAY + WEEK)
    last = digests_of(team["author"])[-1]
    assert (last.state, last.reason) == (
        MailState.SUPPRESSED,
        "Nothing happened but what the reminder of the same day says.",
    )
    sent = Mail.objects.get(recipient=team["author"], kind=MailKind.REMINDER, period="2024-09-16")
    assert overdue_in(sent) == ["Thing 1", "Thing 3"]


def test_the_preview_and_the_dry_run_say_what_the_mail_says(team, due):
    queue_reminders(now=MONDAY)
    send(MONDAY)
    shown = preview(reader=team["author"], manager=team["manager"], now=MONDAY)
    [dry] = [issue for issue in digests.plan(now=MONDAY) if issue.reader == team["author"]]
    queue_digests(now=MONDAY)
    [digest] = digests_of(team["author"])
    assert shown.subject == digest.subject == f"Digest: {dry.news}"
    assert shown.text.partition("\n--\n")[0] == digest.text.partition("\n--\n")[0]


def test_planning_asks_no_more_for_more_readers(team, due, mailoutbox):
    asked = []
    for number in (0, 1):
        for extra in range(20 * number):
            person = factories.person(f"Reader {extra}", Role.CONTRIBUTOR)
            change(person, date_joined=NOW - 400 * DAY, working_days=EVERY_DAY)
            own(due.recommendations.first(), person, MONDAY.date() - 9 * DAY)
        queue_reminders(now=MONDAY + number * WEEK)
        send(MONDAY + number * WEEK)
        with CaptureQueriesContext(connection) as queries:
            queue_digests(now=MONDAY + number * WEEK)
        asked.append(len(queries))
    assert asked[1] <= asked[0] + 2
