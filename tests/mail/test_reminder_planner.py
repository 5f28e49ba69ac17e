"""The rules of reminders, each with what would break it: pauses, changes of mind, delays and races."""

import random
from datetime import date, timedelta

import pytest

from recommendations.choices import MailKind, MailState, ReminderChoice, Role, Sensitivity
from recommendations.mail.messages import Letter
from recommendations.mail.outbox import Overtaken, QueuedMail, enqueue_many, leases, send
from recommendations.models import Heartbeat, Mail, MailItem, Recommendation, StatusUpdate, User
from recommendations.selectors.reminder_planner import ReminderPlanner
from recommendations.services.mail import reminders
from recommendations.services.mail.reminders import plan, queue_reminders
from tests.support import factories
from tests.support.factories import DAY, NOW, change
from tests.support.pages import browser_of, words
from tests.support.processes import free_port
from tests.support.reminding import DUE, MORNING, bring_near, tell
from tests.support.servers import smtp_mailer

HOUR = timedelta(hours=1)


@pytest.fixture
def due(team, recommendation):
    return bring_near(team, recommendation)


def rows_of(person):
    """Return (day, state) of a person's reminders, by day."""
    mails = Mail.objects.filter(recipient=person, kind=MailKind.REMINDER).order_by("period")
    return [(mail.period, str(mail.state)) for mail in mails]


# --- Pauses ------------------------------------------------------------------------------------
def test_each_stage_that_a_pause_withheld_has_one_row_and_the_newest_is_told_after_it(team, due):
    change(team["author"], snoozed_until=DUE + 16 * DAY)
    for day in range(-14, 18):
        tell(MORNING + day * DAY)
    assert rows_of(team["author"]) == [
        ("2024-09-06", "suppressed"),
        ("2024-09-17", "suppressed"),
        ("2024-09-20", "suppressed"),
        ("2024-09-27", "suppressed"),
        ("2024-10-04", "suppressed"),
        ("2024-10-06", "sent"),
    ]
    told = MailItem.objects.filter(recipient=team["author"], mail__state=MailState.SENT)
    assert [item.item_key.rpartition(":")[2] for item in told] == ["O+14"]


def test_a_person_reads_on_their_page_why_they_were_not_told(team, due):
    change(team["author"], away_from=DUE, away_until=DUE + 3 * DAY)
    tell(MORNING)
    page = words(browser_of(team["author"]).get("/settings/mails/"))
    assert "KP-01 is due today" in page and "Not sent Away until 23 Sep 2024." in page


def test_a_free_day_gets_no_row_and_the_stage_is_told_on_the_next_working_day(team, due):
    Recommendation.objects.filter(pk=due.pk).update(next_review_on=DUE + DAY)  # a Saturday
    change(team["author"], working_days="12345")
    tell(MORNING - 2 * DAY)
    for hour in range(24, 24 * 4, 6):
        tell(MORNING + hour * HOUR)
    assert rows_of(team["author"]) == [("2024-09-18", "sent"), ("2024-09-23", "sent")]


def test_where_the_deputy_is_away_too_the_reviewers_are_told(team, due):
    for name in ("author", "other"):
        change(team[name], away_from=DUE, away_until=DUE)
    tell(MORNING)
    sent = Mail.objects.filter(state=MailState.SENT).values_list("recipient__name", flat=True)
    assert sorted(sent) == ["Mina", "Rita", "Sam"]
    assert rows_of(team["author"]) == [("2024-09-20", "suppressed")]


def test_a_deputy_who_may_not_write_any_more_does_not_stand_in(team, due):
    change(team["author"], away_from=DUE, away_until=DUE)
    team["other"].groups.set(team["viewer"].groups.all())
    tell(MORNING)
    assert not rows_of(team["other"]) and rows_of(team["reviewer"])


def test_an_absence_counts_in_the_days_of_who_is_away(team, due):
    """At 23:30 UTC it is the next day in Seoul: the owner is back there, whatever the server's date."""
    change(team["author"], away_from=DUE - 5 * DAY, away_until=DUE, time_zone="Asia/Seoul")
    change(team["other"], time_zone="Asia/Seoul")
    tell(MORNING + 15 * HOUR + HOUR / 2)
    assert rows_of(team["author"]) == [("2024-09-21", "sent")] and not rows_of(team["other"])


def test_what_a_pause_held_back_at_the_last_moment_is_told_after_it(team, due):
    queue_reminders(now=MORNING)
    change(team["author"], snoozed_until=DUE + 2 * DAY)
    assert send(MORNING + HOUR) == {"suppressed": 1}
    assert tell(MORNING + DAY) == 0 and tell(MORNING + 2 * DAY) == 1
    assert rows_of(team["author"]) == [("2024-09-20", "suppressed"), ("2024-09-22", "sent")]


def test_made_up_people_are_held_back_once_for_each_stage(team, due, settings):
    settings.MAILERS = smtp_mailer(free_port())
    change(team["author"], is_example=True)
    for day in range(7):
        queue_reminders(now=MORNING + day * DAY)
        send(MORNING + day * DAY)
    assert rows_of(team["author"]) == [("2024-09-20", "suppressed")]


# --- Changes of mind ---------------------------------------------------------------------------
def test_a_new_owner_is_told_the_newest_stage_once_and_the_former_one_no_more(team, due):
    queue_reminders(now=MORNING)
    Recommendation.objects.filter(pk=due.pk).update(owner=team["other"], deputy=None)
    Heartbeat.objects.create(name="tick", at=MORNING)
    assert send(MORNING + HOUR) == {"suppressed": 1}
    assert tell(MORNING + DAY) == 1 and tell(MORNING + 2 * DAY) == 0
    assert rows_of(team["other"]) == [("2024-09-21", "sent")], "and nothing is said to have been missed"
    assert MailItem.objects.filter(recipient=team["other"], superseded=True).count() == 2


def test_a_moved_date_begins_anew_and_a_date_moved_back_tells_nothing_twice(team, due):
    tell(MORNING)
    Recommendation.objects.filter(pk=due.pk).update(next_review_on=DUE + 10 * DAY)
    assert tell(MORNING + DAY) == 1
    Recommendation.objects.filter(pk=due.pk).update(next_review_on=DUE)
    assert tell(MORNING + 2 * DAY) == 0
    assert tell(MORNING + 7 * DAY) == 1


def test_a_second_stage_on_a_day_waits_for_the_next(team, due, report):
    tell(MORNING)
    second = report.recommendations.get(position=2)
    Recommendation.objects.filter(pk=second.pk).update(owner=team["author"], next_review_on=DUE)
    assert tell(MORNING + 3 * HOUR) == 0, "at most one mail a day"
    assert tell(MORNING + DAY) == 1


def test_a_move_to_the_west_gives_no_second_mail_for_a_date(team, due):
    change(team["author"], time_zone="Asia/Seoul")
    tell(MORNING - 9 * HOUR)
    change(team["author"], time_zone="America/New_York")
    for hour in range(24):
        assert tell(MORNING - 8 * HOUR + hour * HOUR) == 0


def test_reminders_turned_on_again_tell_the_newest_stage(team, due):
    change(team["author"], reminders=ReminderChoice.NONE)
    assert tell(MORNING + 7 * DAY) == 0 and not Mail.objects.exists()
    change(team["author"], reminders=ReminderChoice.ONLY_OVERDUE)
    assert tell(MORNING + 8 * DAY) == 1


def test_a_draft_touched_again_begins_anew(team, report):
    report.recommendations.update(next_review_on=date(2030, 1, 1))
    left = factories.write(team["author"], report.recommendations.first(), MORNING - 8 * DAY)
    User.objects.update(working_days="1234567")
    assert tell(MORNING) == 1
    StatusUpdate.objects.filter(pk=left.pk).update(changed_at=MORNING)
    assert [tell(MORNING + day * DAY) for day in range(1, 10)] == [0, 0, 0, 0, 0, 0, 1, 0, 0]


# --- Delays ------------------------------------------------------------------------------------
def test_a_mail_that_could_not_be_sent_gives_way_to_the_next_and_no_heap_goes_out(team, due, mailoutbox):
    for day in range(3):
        queue_reminders(now=MORNING + (day - 3) * DAY)
        assert Mail.objects.filter(recipient=team["author"], state=MailState.PENDING).count() == 1
    queue_reminders(now=MORNING)
    send(MORNING + HOUR)
    assert [mail.subject for mail in mailoutbox] == ["KP-01 is due today"]
    assert rows_of(team["author"])[-2:] == [("2024-09-19", "expired"), ("2024-09-20", "sent")]
    reason = Mail.objects.get(period="2024-09-19").reason
    assert reason == "It could not be sent in time. The reminder of 20 Sep 2024 replaces it."


def test_a_mail_that_may_have_arrived_is_not_said_anew(team, due):
    queue_reminders(now=MORNING)
    Mail.objects.update(ambiguous=1)
    assert queue_reminders(now=MORNING + DAY) == 0
    assert rows_of(team["author"]) == [("2024-09-20", "pending")]


def queued(person, key, **more):
    """Return a plain mail that is to be queued."""
    letter = Letter(to=person.email, subject=key, text="Hello.", html="")
    return QueuedMail(key, MailKind.REMINDER, person, letter, 2 * DAY, **more)


def test_a_mail_that_is_being_sent_is_not_replaced(team):
    [waits, being_sent] = enqueue_many([queued(team["author"], "a"), queued(team["other"], "b")], NOW)
    Mail.objects.filter(pk=waits.pk).update(next_attempt_at=NOW + DAY)
    assert leases.take(NOW).mail == being_sent
    with pytest.raises(Overtaken):
        enqueue_many([queued(team["author"], "c", replaces={waits.pk, being_sent.pk})], NOW)
    assert not Mail.objects.filter(key="c").exists()
    assert Mail.objects.get(pk=waits.pk).state == MailState.PENDING


def test_two_that_meet_are_not_both_sent(team, due, monkeypatch):
    """The sender takes up yesterday's mail between the reading and the writing of the planner."""
    queue_reminders(now=MORNING)
    write = reminders.messages.reminder

    def claim_first(*args):
        leases.take(MORNING + DAY)
        return write(*args)

    monkeypatch.setattr(reminders.messages, "reminder", claim_first)
    assert queue_reminders(now=MORNING + DAY) == 0
    assert rows_of(team["author"]) == [("2024-09-20", "sending")]


# --- Batches -----------------------------------------------------------------------------------
def test_what_another_planner_owed_meanwhile_is_left_out_and_the_rest_is_owed(team):
    enqueue_many([queued(team["author"], "b")], NOW)
    made = enqueue_many([queued(team["author"], key) for key in ("c", "a", "b")], NOW)
    assert [mail.key for mail in made] == ["a", "c"]
    assert Mail.objects.count() == 3


def test_one_row_that_the_database_refuses_keeps_no_other_from_being_owed(team, report, monkeypatch):
    User.objects.update(working_days="1234567")
    report.recommendations.update(next_review_on=DUE - 30 * DAY)
    write = reminders.messages.reminder

    def spoil(reader, *args):
        letter = write(reader, *args)
        letter.headers |= {"X": object()} if reader == team["second"] else {}
        return letter

    monkeypatch.setattr(reminders.messages, "reminder", spoil)
    with pytest.raises(Exception, match="could not be written: 1;"):
        queue_reminders(now=MORNING)
    assert sorted(Mail.objects.values_list("recipient__name", flat=True)) == ["Mina", "Rita"]
    assert not Mail.objects.filter(items=None).exists()


# --- Who may be told of what waits -------------------------------------------------------------
@pytest.mark.parametrize("seed", range(3))
def test_each_reviewer_is_told_of_exactly_what_they_may_decide_on(team, report, seed):
    """The plan reads once for all reviewers; here each is asked for alone, with restricted ones about."""
    report.recommendations.update(next_review_on=date(2030, 1, 1))
    chance = random.Random(seed)
    people = [*team.values(), *(factories.person(f"Extra{number}", Role.REVIEWER) for number in range(4))]
    User.objects.update(working_days="1234567")
    writers = [one for one in people if one != team["viewer"]]
    for number in range(12):
        level = chance.choice(list(Sensitivity))
        target = report.recommendations.all()[number % 3]
        update = factories.submit(chance.choice(writers), target, MORNING - 9 * DAY, sensitivity=level)
        for let_in in chance.sample(people, chance.randrange(3)):
            if level == Sensitivity.RESTRICTED and let_in != update.author:
                factories.grant(let_in, update=update)
    found = ReminderPlanner(MORNING).due_items_of({one.pk: one for one in people})
    for one in people:
        alone = set(StatusUpdate.objects.decidable_by(one)) if one.is_reviewer else set()
        assert {due_item.update for due_item in found.get(one.pk, [])} == alone
    assert len({bundle.person for bundle in plan(now=MORNING)}) == sum(one.pk in found for one in people)
