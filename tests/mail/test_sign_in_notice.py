"""A manager who changes how somebody signs in could read in their place: the person is told."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from recommendations.choices import EventKind, MailKind, MailState
from recommendations.mail import outbox
from recommendations.models import Event, Mail
from recommendations.selectors import mailing
from recommendations.services import people
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_the_time_of_the_story")]


@pytest.fixture
def ana(team):
    """The author, who has signed in before."""
    get_user_model().objects.filter(pk=team["author"].pk).update(last_login=NOW - timedelta(days=9))
    return get_user_model().objects.get(pk=team["author"].pk)


def notice():
    return Mail.objects.get(kind=MailKind.SIGN_IN)


def test_a_new_address_is_told_to_the_old_one_and_a_password_to_the_present_one(team, ana, mailoutbox):
    mina = team["manager"]
    people.rename(actor=mina, person=ana, email="new@example.org", name=ana.name, now=NOW)
    assert notice().fixed_address == "ana@example.org"
    people.give_password(actor=mina, person=ana, now=NOW + timedelta(minutes=1))
    assert outbox.send(NOW + timedelta(minutes=2))["sent"] == 2
    assert [(sent.to, sent.subject) for sent in mailoutbox] == [
        (["ana@example.org"], "A manager changed the address you sign in with"),
        (["new@example.org"], "A manager gave you a one-time password"),
    ]
    for sent in mailoutbox:
        assert "Mina" in sent.body and "cannot be turned off" in sent.body
        assert "new@example.org" not in sent.body and "List-Unsubscribe" not in sent.message()


@pytest.mark.parametrize(
    "changed", [{"is_active": False}, {"is_partner": True}, {"is_active": False, "is_partner": True}]
)
def test_who_changed_it_cannot_silence_it_by_taking_the_account_away(team, ana, mailoutbox, changed):
    people.rename(actor=team["manager"], person=ana, email="new@example.org", name=ana.name, now=NOW)
    get_user_model().objects.filter(pk=ana.pk).update(**changed)
    ana.groups.clear()
    assert outbox.send(NOW)["sent"] == 1
    assert mailoutbox[0].to == ["ana@example.org"]


def test_no_setting_silences_it_and_doing_it_twice_is_told_twice(team, ana, mailoutbox):
    get_user_model().objects.filter(pk=ana.pk).update(
        reminders="none", digest_frequency="never", snoozed_until=NOW.date() + timedelta(days=90)
    )
    for minute in range(2):
        people.give_password(actor=team["manager"], person=ana, now=NOW + timedelta(minutes=minute))
    assert outbox.send(NOW + timedelta(minutes=5))["sent"] == len(mailoutbox) == 2


def test_the_settings_page_shows_it_to_the_person_and_to_nobody_else(team, ana):
    people.give_password(actor=team["manager"], person=ana, now=NOW)
    ana.refresh_from_db()
    ana.password_is_temporary = False
    ana.save(update_fields=["password_is_temporary"])
    said = words(browser_of(ana).get(reverse("settings")))
    assert "Managers changed how you sign in:" in said and "A one-time password, Mina" in said
    assert "Managers changed" not in words(browser_of(team["other"]).get(reverse("settings")))
    assert "A manager changed how you sign in." in words(browser_of(ana).get(reverse("my-mails")))
    assert not mailing.sign_in_changes(ana, NOW + mailing.SHOWN_FOR)


def test_a_corrected_name_or_somebody_who_never_signed_in_is_no_notice(team, ana):
    people.rename(actor=team["manager"], person=ana, email=ana.email, name="Ana K.", now=NOW)
    newcomer = team["other"]
    assert newcomer.last_login is None
    people.rename(actor=team["manager"], person=newcomer, email="omar2@example.org", name="Omar", now=NOW)
    people.give_password(actor=team["manager"], person=newcomer, now=NOW)
    assert not Mail.objects.exists()
    assert Event.objects.filter(kind=EventKind.SIGN_IN_CHANGED).count() == 2


def test_a_change_that_fails_leaves_neither_mail_nor_event(team, ana, monkeypatch):
    monkeypatch.setattr(people.log, "record", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        people.give_password(actor=team["manager"], person=ana, now=NOW)
    assert not Mail.objects.exists()
    ana.refresh_from_db()
    assert not ana.password_is_temporary


def test_it_waits_where_no_mail_server_answers_and_is_useful_for_two_weeks(team, ana):
    people.give_password(actor=team["manager"], person=ana, now=NOW)
    assert (notice().state, notice().not_after) == (MailState.PENDING, NOW + people.NOTICE_USEFUL_FOR)
