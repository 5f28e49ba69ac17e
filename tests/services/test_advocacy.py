"""The advocacy log and its moments: who reads it, that it moves no status, and who is reminded."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from recommendations.choices import EventKind, MailKind, MailState, Role, Sensitivity
from recommendations.mail.outbox.suppression import reason_to_hold_back
from recommendations.models import Advocacy, Event, Mail, MailItem, Recommendation, User
from recommendations.services import advocacy as service
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

TODAY = NOW.date()
LIST, ADD, MOMENTS = reverse("advocacy-list"), reverse("advocacy-add"), reverse("moments")
SECRET = "Ms. K. told us"


def step(owner, days):
    """Return the fields of a next step that is due in so many days."""
    return {"next_step": "Send the list", "next_on": TODAY + timedelta(days=days), "next_owner": owner}


def sent(team, report, **given):
    """Return what the form of the log sends."""
    return {
        "form_key": str(uuid.uuid4()),
        "kind": "letter",
        "held_on": "2024-08-30",
        "counterpart": "The TIP Office",
        "subject": "What we found",
        "result": "Received.",
        "recommendations": [report.recommendations.first().pk],
        "sensitivity": "internal",
        **given,
    }


def test_what_is_logged_is_read_by_the_team_and_moves_no_status(team, report):
    before = list(Recommendation.objects.values())
    answer = browser_of(team["author"]).post(ADD, sent(team, report), follow=True)
    assert "What we found" in text_of(answer)
    assert "Letter TIP-2024-KP-01" in text_of(browser_of(team["viewer"]).get(LIST)).replace(" · ", " ")
    assert list(Recommendation.objects.values()) == before
    assert Event.objects.get().kind == EventKind.ADVOCACY_LOGGED


def test_the_same_form_twice_logs_it_once(team, report):
    once = sent(team, report)
    for _time in range(2):
        browser_of(team["author"]).post(ADD, once)
    assert Advocacy.objects.count() == 1


def test_the_key_of_anothers_entry_logs_nothing_and_tells_nothing(team):
    """A forged key ended in an error page, which told that the key is taken."""
    hidden = factories.advocacy(team["author"], subject=SECRET, sensitivity=Sensitivity.RESTRICTED)
    page = browser_of(team["other"]).post(
        ADD,
        {
            "form_key": hidden.key,
            "kind": "meeting",
            "held_on": TODAY,
            "counterpart": "A clerk",
            "subject": "Forged",
            "sensitivity": "internal",
        },
    )
    assert page.status_code == 200
    assert "This form belongs to another entry." in text_of(page)
    assert SECRET not in text_of(page)
    assert Advocacy.objects.get().subject == SECRET


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"subject": ""}, "Say in a few words what it was about."),
        ({"kind": ""}, "Choose what it was."),
        ({"held_on": "yesterday"}, "Enter a valid date."),
        ({"held_on": "2024-09-03"}, "This day is in the future."),
        ({"kind": "bribe"}, "Select a valid choice."),
        ({"next_step": "Call again"}, "A next step needs three things"),
        ({"next_on": "2024-10-01"}, "A next step needs three things"),
    ],
)
def test_a_form_that_is_not_whole_says_what_to_do_and_loses_nothing(team, report, given, words):
    answer = browser_of(team["author"]).post(ADD, sent(team, report, **given))
    assert words in text_of(answer)
    assert "The TIP Office" in answer.content.decode()
    assert not Advocacy.objects.exists()


def test_a_restricted_entry_is_for_those_named_and_nobody_else(team, report):
    entry = factories.advocacy(
        team["author"],
        subject=SECRET,
        sensitivity=Sensitivity.RESTRICTED,
        readers=[team["viewer"]],
        **step(team["other"], 5),
    )
    for role, person in team.items():
        sees = role in ("author", "viewer", "other")
        browser = browser_of(person)
        assert (SECRET in browser.get(LIST).content.decode()) is sees, role
        assert browser.get(entry.get_absolute_url()).status_code == (200 if sees else 404), role
    assert not Event.objects.filter(kind=EventKind.ADVOCACY_LOGGED).exists()


def test_opening_an_entry_up_forgets_whom_it_named(team):
    entry = factories.advocacy(team["author"], sensitivity=Sensitivity.INTERNAL, readers=[team["viewer"]])
    assert entry.readers.count() == 0


def test_only_its_author_changes_it_and_only_who_is_concerned_finishes_the_step(team, report):
    entry = factories.advocacy(team["author"], **step(team["other"], 5))
    done = reverse("advocacy-finish", args=[entry.key])
    answer = browser_of(team["manager"]).post(done, follow=True)
    assert "can mark it as done" in text_of(answer)
    change = reverse("advocacy-change", args=[entry.key])
    refused = browser_of(team["other"]).post(change, sent(team, report), follow=True)
    assert refused.status_code == 409 and b"Only Ana, who logged it, can change it." in refused.content
    browser_of(team["other"]).post(done)
    entry.refresh_from_db()
    assert entry.done_at == NOW


def test_a_next_step_with_another_day_is_open_again(team, report):
    entry = factories.advocacy(team["author"], **step(team["other"], 5))
    service.finish(entry=entry, actor=team["other"], now=NOW)
    given = {"next_step": "Send it", "next_on": "2024-10-01", "next_owner": team["other"].pk}
    change = reverse("advocacy-change", args=[entry.key])
    browser_of(team["author"]).post(change, sent(team, report, **given))
    entry.refresh_from_db()
    assert entry.is_step_open


def test_the_tabs_leave_open_steps_and_ones_own(team):
    factories.advocacy(team["author"], subject="No step")
    factories.advocacy(team["author"], subject="His step", **step(team["other"], 5))
    for role, steps, found in (
        ("author", "open", ["His step"]),
        ("author", "mine", []),
        ("other", "mine", ["His step"]),
    ):
        page = browser_of(team[role]).get(LIST, {"steps": steps}).context["page"]
        assert [entry.subject for entry in page.object_list] == found


# --- Reminders ---------------------------------------------------------------------------------
def reminder_of(person):
    """Queue the reminders, and return the one of a person, or None."""
    queue_reminders(now=NOW)
    return Mail.objects.filter(kind=MailKind.REMINDER, recipient=person).first()


def test_who_takes_the_next_step_is_reminded_like_of_anything_due(team):
    entry = factories.advocacy(team["author"], **step(team["other"], -1))
    mail = reminder_of(team["other"])
    assert "1 overdue" in mail.subject
    assert "Send the list" in mail.text
    assert entry.get_absolute_url() in mail.text
    assert "Send the list" in mail.html
    assert reminder_of(team["author"]) is None
    # Told once for each stage: the same morning again queues nothing.
    assert queue_reminders(now=NOW) == 0
    Mail.objects.update(state=MailState.SENT, sent_at=NOW)
    assert queue_reminders(now=NOW + timedelta(days=1)) == 0
    assert MailItem.objects.get(advocacy=entry, superseded=False).item_key.endswith(":D0")
    assert queue_reminders(now=NOW + timedelta(days=7)) == 1


def test_a_step_that_was_done_meanwhile_is_not_mailed(team):
    entry = factories.advocacy(team["author"], **step(team["other"], 0))
    mail = reminder_of(team["other"])
    assert reason_to_hold_back(mail, NOW, is_local=True) == ""
    service.finish(entry=entry, actor=team["other"], now=NOW)
    assert reason_to_hold_back(mail, NOW, is_local=True)


def test_of_a_restricted_step_a_mail_says_no_more_than_that_it_waits(team):
    factories.advocacy(
        team["author"], subject=SECRET, sensitivity=Sensitivity.RESTRICTED, **step(team["other"], 0)
    )
    mail = reminder_of(team["other"])
    for words in (mail.subject, mail.text, mail.html):
        assert SECRET not in words
        assert "Send the list" not in words
    assert "1 restricted item waits for you" in mail.text
    assert not MailItem.objects.visible_to(team["manager"]).exists()


@pytest.mark.parametrize("how", ["left", "only reads"])
def test_whose_taker_does_not_answer_any_more_is_its_authors(team, how):
    factories.advocacy(team["author"], sensitivity=Sensitivity.RESTRICTED, **step(team["other"], 0))
    for_other = reminder_of(team["other"])
    if how == "left":
        User.objects.filter(pk=team["other"].pk).update(is_active=False)
    else:
        team["other"].groups.set(Group.objects.filter(name=Role.VIEWER))
    mail = reminder_of(team["author"])
    assert "1 restricted item waits for you" in mail.text
    assert Mail.objects.filter(kind=MailKind.REMINDER).count() == 2
    for_other.recipient.refresh_from_db()
    held = Mail.objects.get(pk=for_other.pk)
    assert reason_to_hold_back(held, NOW, is_local=True)
    assert reason_to_hold_back(mail, NOW, is_local=True) == ""
    page = browser_of(team["author"]).get(LIST, {"steps": "mine"}).context["page"]
    assert len(page.object_list) == 1
    # Back again, it is theirs, and the author's mail that still waits is not sent.
    User.objects.filter(pk=team["other"].pk).update(is_active=True)
    team["other"].groups.set(Group.objects.filter(name=Role.CONTRIBUTOR))
    assert reason_to_hold_back(mail, NOW, is_local=True)


def test_the_author_reads_why_the_step_is_theirs(team):
    entry = factories.advocacy(team["author"], **step(team["other"], -1))
    assert "Your next step." in reminder_of(team["other"]).text
    # A partner does not answer, whatever groups they were left with.
    User.objects.filter(pk=team["other"].pk).update(is_partner=True)
    mail = reminder_of(team["author"])
    words = f"{team['other']} was to take this step, but has left or can now only read."
    assert words in " ".join(mail.text.split())
    assert words in mail.html
    assert "Your next step." not in mail.text
    assert "Mark as done" in browser_of(team["author"]).get(entry.get_absolute_url()).content.decode()


def test_a_step_of_which_nobody_is_left_reminds_nobody(team):
    entry = factories.advocacy(team["author"], **step(team["other"], 0))
    User.objects.filter(pk=team["other"].pk).update(is_active=False)
    team["author"].groups.set(Group.objects.filter(name=Role.VIEWER))
    assert queue_reminders(now=NOW) == 0
    reader = browser_of(team["author"])
    assert list(reader.get(LIST, {"steps": "mine"}).context["page"].object_list) == []
    assert "Mark as done" not in reader.get(entry.get_absolute_url()).content.decode()


def test_a_step_that_is_far_away_reminds_nobody(team):
    factories.advocacy(team["author"], **step(team["other"], 15))
    assert reminder_of(team["other"]) is None


def test_my_work_shows_the_next_steps_that_are_due(team, report):
    factories.advocacy(team["author"], **step(team["other"], 3))
    home = reverse("home")
    assert "Your next steps in advocacy 1 Send the list" in text_of(browser_of(team["other"]).get(home))
    assert "Your next steps" not in text_of(browser_of(team["author"]).get(home))


def test_the_log_has_nothing_to_do_with_evidence(team, recommendation):
    factories.advocacy(team["author"], recommendations=[recommendation])
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    page = browser_of(team["viewer"]).get(recommendation.get_absolute_url())
    assert page.context["coverage"].evidence == 0
