"""Who is reminded of what and when: the stages, the grouping, and who is left in peace."""

from datetime import UTC, date, datetime, timedelta

import pytest

from recommendations.choices import MailState, ReminderChoice, Role, Sensitivity, UpdateState
from recommendations.mail.outbox import send
from recommendations.models import Grant, Mail, MailItem, Recommendation, StatusUpdate, User
from recommendations.selectors.mailing import reminder_words
from recommendations.services import people, updates
from recommendations.services.mail.reminders import plan, queue_reminders
from tests.support import factories
from tests.support.factories import DAY, EVERY_DAY, NOW, change
from tests.support.reminding import DUE, MORNING, bring_near, run_days, tell, told


@pytest.fixture(autouse=True)
def far_away(report):
    """Only what a test brings near is due."""
    report.recommendations.update(next_review_on=date(2030, 1, 1))


@pytest.fixture
def due(team, recommendation):
    return bring_near(team, recommendation)


def test_each_stage_is_told_once_at_eight(team, due):
    assert run_days(-20, 14) == {-14: 8, -3: 8, 0: 8, 7: 8}
    assert told(team["author"]) == [
        "KP-01 is due 20 Sep",
        "KP-01 is due Friday",
        "KP-01 is due today",
        "KP-01 is 7 days overdue",
    ]
    assert not told(team["reviewer"])


def test_what_is_due_on_a_free_day_is_told_on_the_working_day_before(team, due):
    Recommendation.objects.filter(pk=due.pk).update(next_review_on=DUE + 2 * DAY)
    change(team["author"], working_days="12345")
    assert run_days(-3, 3) == {-3: 8, -1: 8, 0: 8}, "14 days before, 3 days before, and on Friday"
    assert told(team["author"]) == ["KP-01 is due Sunday"] * 3


def test_a_second_tick_owes_nothing(team, due):
    assert queue_reminders(now=MORNING) == 1
    assert queue_reminders(now=MORNING) == 0
    assert queue_reminders(now=MORNING + timedelta(hours=5)) == 0


def test_all_of_a_person_goes_into_one_mail(team, due, report):
    report.recommendations.update(owner=team["author"], next_review_on=DUE)
    report.recommendations.filter(position=2).update(next_review_on=DUE - 8 * DAY)
    report.recommendations.filter(position=3).update(next_review_on=DUE + DAY)
    assert queue_reminders(now=MORNING) == 1
    mail = Mail.objects.get()
    assert mail.subject == "1 overdue, 1 due today, 1 due tomorrow"
    for title in ("Thing 1", "Thing 2", "Thing 3"):
        assert title in mail.text and title in mail.html


def test_nobody_is_mailed_on_a_free_day_or_before_eight(team, due):
    change(team["author"], working_days="1234", time_zone="Asia/Seoul")
    assert queue_reminders(now=MORNING) == 0
    monday_in_seoul = datetime(2024, 9, 22, 23, 0, tzinfo=UTC)
    assert queue_reminders(now=monday_in_seoul - timedelta(minutes=1)) == 0
    assert queue_reminders(now=monday_in_seoul) == 1
    assert Mail.objects.get().period == "2024-09-23"


def test_a_snooze_and_a_wish_for_none_are_kept(team, due):
    change(team["author"], snoozed_until=DUE + DAY)
    assert queue_reminders(now=MORNING) == 0
    assert Mail.objects.get().reason == "Reminders are paused until 21 Sep 2024."
    assert tell(MORNING + DAY) == 1
    change(team["author"], snoozed_until=None, reminders=ReminderChoice.NONE)
    assert queue_reminders(now=MORNING + 7 * DAY) == 0


def test_only_overdue_begins_after_the_date(team, due):
    change(team["author"], reminders=ReminderChoice.ONLY_OVERDUE)
    assert list(run_days(-20, 20)) == [7, 14]
    assert MailItem.objects.filter(superseded=True).count() == 0


def test_who_is_told_of_what_is_overdue_alone_is_told_of_a_draft_they_left_as_the_settings_say(team, due):
    change(team["author"], reminders=ReminderChoice.ONLY_OVERDUE)
    factories.write(team["author"], due, MORNING - 8 * DAY)
    assert tell(MORNING - DAY) == 1
    assert told(team["author"]) == ["Your draft on KP-01 is unfinished"]
    team["author"].refresh_from_db()
    assert "or an update waits for you" in reminder_words(team["author"], DUE)


def test_the_deputy_is_told_while_the_owner_is_away(team, due):
    change(team["author"], away_from=DUE, away_until=DUE + 3 * DAY)
    tell(MORNING)
    assert told(team["other"]) == ["KP-01 is due today"]
    [held_back] = Mail.objects.filter(recipient=team["author"])
    assert (held_back.state, held_back.reason) == (MailState.SUPPRESSED, "Away until 23 Sep 2024.")
    assert tell(MORNING + DAY) == tell(MORNING + 2 * DAY) == 0 and Mail.objects.count() == 2
    tell(MORNING + 4 * DAY)
    assert told(team["author"])[1:] == ["KP-01 is 4 days overdue"]


@pytest.mark.parametrize(
    "fields",
    [
        {"owner": None, "deputy": None},
        {"deputy": None, "gone": {"away_from": DUE, "away_until": DUE}},
        {"deputy": None, "gone": {"is_active": False}},
    ],
)
def test_where_nobody_answers_the_reviewers_are_told(team, due, fields):
    change(team["author"], **fields.pop("gone", {}))
    Recommendation.objects.filter(pk=due.pk).update(**fields)
    queue_reminders(now=MORNING)
    assert {mail.recipient for mail in Mail.objects.filter(state=MailState.PENDING)} == {
        team["reviewer"],
        team["second"],
        team["manager"],
    }


def test_a_draft_does_not_silence_and_a_closed_report_does(team, due, report):
    factories.write(team["author"], due, MORNING - DAY)
    assert len(list(plan(now=MORNING))) == 1
    report.closed_at = MORNING
    report.save()
    assert list(plan(now=MORNING)) == []


def test_an_approved_check_ends_the_stages_and_a_new_date_starts_them_anew(team, due):
    queue_reminders(now=MORNING + 7 * DAY)
    Recommendation.objects.filter(pk=due.pk).update(next_review_on=DUE + 90 * DAY)
    assert queue_reminders(now=MORNING + 14 * DAY) == 0
    assert queue_reminders(now=MORNING + (90 - 14) * DAY) == 1


def test_after_a_month_without_ticks_the_newest_stage_is_told_once(team, due):
    tell(MORNING - 14 * DAY)
    assert tell(MORNING + 16 * DAY) == 4
    assert queue_reminders(now=MORNING + 16 * DAY) == 0
    items = MailItem.objects.filter(recipient=team["author"]).order_by("pk")
    stages = {item.item_key.rpartition(":")[2]: item.superseded for item in items}
    assert stages == {"T-14": False, "T-3": True, "D0": True, "O+7": True, "O+14": False}
    assert queue_reminders(now=MORNING + 17 * DAY) == 0


def test_what_waits_for_review_is_told_to_who_can_decide(team, due):
    update = factories.submit(team["reviewer"], due, MORNING - 10 * DAY)
    change(team["author"], reminders=ReminderChoice.NONE)
    assert update.state == UpdateState.SUBMITTED
    queue_reminders(now=MORNING - 8 * DAY)
    assert not Mail.objects.exists()
    queue_reminders(now=MORNING - 7 * DAY)
    assert told(team["second"]) == told(team["manager"]) == ["An update on KP-01 waits for your review"]
    assert not told(team["reviewer"]) and not told(team["author"])


def test_what_was_returned_or_left_is_told_to_its_author_once(team, report):
    User.objects.update(working_days=EVERY_DAY)
    first, second = report.recommendations.all()[:2]
    returned = factories.write(team["author"], first, NOW)
    StatusUpdate.objects.filter(pk=returned.pk).update(
        state=UpdateState.RETURNED, submitted_at=NOW, returned_at=NOW
    )
    factories.write(team["author"], second, NOW)
    subjects = {}
    for day in range(40):
        if tell(NOW + day * DAY):
            subjects[day] = told(team["author"])[-1]
    assert subjects == {3: "Your update on KP-01 was returned", 7: "1 returned to you, 1 unfinished draft"}


def test_of_a_restricted_update_only_the_number_is_told_and_only_to_who_may_see_it(team, due):
    change(team["author"], reminders=ReminderChoice.NONE)
    Recommendation.objects.filter(pk=due.pk).update(short_title="CANARY-TITLE")
    due.refresh_from_db()
    update = factories.submit(
        team["author"], due, MORNING - 10 * DAY, sensitivity=Sensitivity.RESTRICTED, reason="CANARY-REASON"
    )
    Grant.objects.create(
        person=team["reviewer"], update=update, granted_by=team["author"], granted_at=NOW, reason="x"
    )
    queue_reminders(now=MORNING - 6 * DAY)
    mail = Mail.objects.get()
    assert mail.recipient == team["reviewer"]
    whole = mail.subject + mail.text + mail.html
    assert "1 restricted item waits for you" in mail.text and "CANARY" not in whole
    assert str(update.key) not in whole and due.reference not in whole
    assert mail.text_for(team["reviewer"]) == mail.text
    assert "restricted" not in mail.text_for(team["manager"]).lower()
    assert "restricted item" not in mail.html_for(team["manager"])


def test_what_is_done_before_it_is_sent_is_not_sent(team, due):
    queue_reminders(now=MORNING)
    Recommendation.objects.filter(pk=due.pk).update(next_review_on=DUE + 90 * DAY)
    assert send(MORNING + timedelta(hours=3)) == {"suppressed": 1}
    assert "done" in Mail.objects.get().reason


def test_a_former_owner_who_reviews_is_not_reminded_while_it_is_another_s(team, due):
    Recommendation.objects.filter(pk=due.pk).update(owner=team["reviewer"])
    queue_reminders(now=MORNING)
    Recommendation.objects.filter(pk=due.pk).update(owner=team["author"], deputy=None)
    assert send(MORNING) == {"suppressed": 1}
    assert queue_reminders(now=MORNING + timedelta(hours=1)) == 1
    assert Mail.objects.latest("pk").recipient == team["author"]


def test_a_reviewer_is_told_in_place_of_an_owner_until_that_one_is_back(team, due):
    change(team["author"], away_from=DUE, away_until=DUE)
    Recommendation.objects.filter(pk=due.pk).update(deputy=None)
    assert queue_reminders(now=MORNING) == 3, "two reviewers and the manager"
    assert send(MORNING) == {"sent": 3}
    Mail.objects.filter(recipient=team["second"]).update(state=MailState.PENDING, sent_at=None)
    assert send(MORNING + DAY) == {"suppressed": 1}


def test_who_only_reads_by_now_is_not_reminded_of_what_was_theirs_to_do(team, due):
    queue_reminders(now=MORNING)
    people.change_role(actor=team["manager"], person=team["author"], role=Role.VIEWER, now=MORNING)
    assert send(MORNING + timedelta(hours=1)) == {"suppressed": 1}


def test_a_draft_that_was_made_restricted_is_named_in_no_mail(team, due):
    left = factories.write(team["author"], due, MORNING - 8 * DAY)
    queue_reminders(now=MORNING)
    assert str(left.key) in Mail.objects.get().text
    about = {"author": team["author"], "recommendation": due, "key": left.key, "now": MORNING}
    fields = {"as_of": left.as_of, "sensitivity": Sensitivity.RESTRICTED}
    updates.save_draft(**about, fields=fields, places=[], citations=[])
    assert send(MORNING) == {"suppressed": 1}
    assert "has been restricted since" in Mail.objects.get().reason
    assert queue_reminders(now=MORNING + DAY) == 1
    mail = Mail.objects.latest("pk")
    assert str(left.key) not in mail.text and send(MORNING + DAY)["sent"] == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reminders": ReminderChoice.NONE}, "turned off"),
        ({"snoozed_until": DUE + 5 * DAY}, "paused until"),
        ({"away_from": DUE, "away_until": DUE + DAY}, "Away until"),
    ],
)
def test_wishes_are_asked_again_before_sending(team, due, fields, words):
    queue_reminders(now=MORNING)
    change(team["author"], **fields)
    assert send(MORNING + timedelta(hours=1)) == {"suppressed": 1}
    assert words in Mail.objects.get().reason


def test_what_expired_unsent_is_told_by_the_next_mail(team, due):
    queue_reminders(now=MORNING)
    assert send(MORNING + 3 * DAY) == {"expired": 1}
    assert queue_reminders(now=MORNING + 3 * DAY) == 1
    assert send(MORNING + 3 * DAY)["sent"] == 1
    assert Mail.objects.filter(state=MailState.EXPIRED).count() == 1


def test_the_plan_reads_in_a_constant_number_of_queries(team, due, django_assert_max_num_queries):
    for number in range(60):
        User.objects.create_user(f"p{number}@example.org", None, role="Contributor", name=f"P {number}")
    with django_assert_max_num_queries(13):
        assert len(list(plan(now=MORNING))) == 1
