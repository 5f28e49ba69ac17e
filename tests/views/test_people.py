"""One's own settings: what can be chosen, what it comes to in words, and what is not one's own."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from recommendations.forms.people import SettingsForm
from recommendations.models import User
from recommendations.selectors import mailing
from recommendations.services import own_account
from tests.support.factories import NOW, PASSWORD
from tests.support.forms import OWN_SETTINGS
from tests.support.pages import words

TODAY = date(2024, 9, 2)


def saved(team):
    return User.objects.get(pk=team["author"].pk)


def test_what_is_chosen_is_kept_and_said_in_words(team, ana):
    answer = ana.post("/settings/", OWN_SETTINGS, follow=True)
    text = words(answer)
    assert "Your settings are saved." in text
    assert "You will get one digest every week, on Monday at 08:00 Seoul time." in text
    assert "When something of yours is overdue, or an update waits for you, you will get at most one" in text
    assert "on working days (Monday to Thursday)" in text
    person = saved(team)
    assert (person.name, person.time_zone, person.working_days) == ("Ana Park", "Asia/Seoul", "1234")
    assert person.digest_when_empty is False


def test_the_page_comes_back_with_what_was_saved(team, ana):
    ana.post("/settings/", {**OWN_SETTINGS, "away_from": "2030-01-02", "away_until": "2030-01-09"})
    page = ana.get("/settings/").content.decode()
    assert 'value="2030-01-02"' in page
    assert re.search(r'<option value="Asia/Seoul"\s+selected', page)
    assert "From 2 Jan 2030 to 9 Jan 2030, your deputies get them." in words(ana.get("/settings/"))


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": "a" * 121}, "name", "120"),
        ({"time_zone": "Mars/Olympus"}, "time_zone", "Choose a time zone from the list."),
        ({"working_days": []}, "working_days", "Choose at least one working day."),
        ({"working_days": ["8"]}, "working_days", "Select a valid choice"),
        ({"reminders": "often"}, "reminders", "Select a valid choice"),
        ({"digest_frequency": "hourly"}, "digest_frequency", "Select a valid choice"),
        ({"digest_weekday": "9"}, "digest_weekday", "Select a valid choice"),
        ({"snoozed_until": "2024-09-02"}, "snoozed_until", "This date is in the past."),
        ({"snoozed_until": "soon"}, "snoozed_until", "Enter a valid date."),
        ({"away_from": "2024-09-09"}, "away_until", "Give both the first and the last day"),
        ({"away_until": "2024-09-09"}, "away_until", "Give both the first and the last day"),
        ({"away_from": "2024-09-09", "away_until": "2024-09-08"}, "away_until", "before the first"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(team, wrong, field, message):
    form = SettingsForm({**OWN_SETTINGS, **wrong}, instance=team["author"], today=TODAY)
    assert not form.is_valid()
    assert message in str(form.errors[field])


def test_a_refused_form_keeps_what_was_typed_and_the_name_in_the_head(team, ana):
    answer = ana.post("/settings/", {**OWN_SETTINGS, "name": "New Name", "time_zone": "Mars/Olympus"})
    assert 'value="New Name"' in answer.content.decode()
    assert "Signed in as Ana" in words(answer)
    assert saved(team).name == "Ana"


def test_an_old_pause_is_forgotten_without_a_word(team, ana):
    User.objects.filter(pk=team["author"].pk).update(snoozed_until=TODAY - timedelta(days=400))
    page = ana.post(
        "/settings/", {**OWN_SETTINGS, "snoozed_until": str(TODAY - timedelta(days=400))}, follow=True
    )
    assert "Your settings are saved." in words(page)
    assert saved(team).snoozed_until is None


def test_nothing_but_ones_settings_can_be_sent(team, ana):
    before = saved(team)
    more = {"email": "x@evil.example", "is_superuser": "on", "is_active": "", "password": "x", "groups": "4"}
    ana.post("/settings/", {**OWN_SETTINGS, **more})
    after = saved(team)
    for name in ("email", "is_superuser", "is_active", "password"):
        assert getattr(after, name) == getattr(before, name)
    assert after.rank == before.rank


def test_saving_does_not_write_back_what_changed_meanwhile(team):
    form = SettingsForm(OWN_SETTINGS, instance=saved(team), today=TODAY)
    assert form.is_valid()
    User.objects.filter(pk=team["author"].pk).update(is_active=False)
    own_account.keep_settings(person=team["author"], fields=form.given(), seen=None, now=NOW)
    assert saved(team).is_active is False


def test_the_words_follow_the_settings(team):
    person = team["author"]
    person.time_zone, person.working_days = "America/Argentina/Buenos_Aires", "135"
    assert "08:00 Buenos Aires time" in mailing.digest_words(person, NOW)
    assert "(Monday, Wednesday and Friday)" in mailing.reminder_words(person, TODAY)
    person.working_days = "1234567"
    assert "(every day)" in mailing.reminder_words(person, TODAY)
    # It is 06:00 on Monday, 2 September in Buenos Aires: today's is still to come.
    assert "The next one is due on 2 Sep 2024." in mailing.digest_words(person, NOW)
    assert "on 9 Sep 2024." in mailing.digest_words(person, NOW + timedelta(hours=2))
    person.digest_frequency = "never"
    assert (
        mailing.digest_words(person, NOW) == "You will get no digest. You can read all of them on the site."
    )
    person.digest_frequency, person.digest_when_empty = "monthly", True
    assert "one digest a month, on its first Monday" in mailing.digest_words(person, NOW)
    assert "on 2 Sep 2024." in mailing.digest_words(person, NOW)
    assert "on 7 Oct 2024." in mailing.digest_words(person, NOW + timedelta(days=1))
    assert "even when nothing happened" in mailing.digest_words(person, NOW)
    person.snoozed_until = TODAY + timedelta(days=1)
    assert "Paused until 3 Sep 2024." in mailing.reminder_words(person, TODAY)
    person.reminders = "none"
    assert "no reminders" in mailing.reminder_words(person, TODAY)


class TestPassword:
    """Choosing a password, and the one-time password that has to be replaced."""

    def change(self, client, new="a new and longer password", old=PASSWORD):
        data = {"old_password": old, "new_password1": new, "new_password2": new}
        return client.post("/accounts/password/", data, follow=True)

    def test_a_new_password_ends_the_other_sessions_and_not_this_one(self, team, ana):
        elsewhere = Client()
        elsewhere.force_login(team["author"])
        assert "Your password is changed" in words(self.change(ana))
        assert ana.get("/settings/").status_code == 200
        assert elsewhere.get("/settings/").status_code == 302

    @pytest.mark.parametrize("new", ["short", "ana@example.org123"])
    def test_a_weak_one_is_refused_with_the_reason(self, team, ana, new):
        assert "needs your attention" in words(self.change(ana, new))
        assert saved(team).check_password(PASSWORD)

    def test_the_old_one_is_asked_for(self, team, ana):
        assert "old password was entered incorrectly" in words(self.change(ana, old="wrong"))

    def test_a_one_time_password_opens_nothing_but_its_replacement(self, team, ana):
        User.objects.filter(pk=team["author"].pk).update(password_is_temporary=True)
        for address in ("/", "/settings/", "/evidence/", "/desk/"):
            answer = ana.get(address)
            assert (answer.status_code, answer.url) == (302, "/accounts/password/")
        assert "Choose your password" in words(ana.get("/accounts/password/"))
        assert ana.post("/settings/", OWN_SETTINGS).url == "/accounts/password/"
        self.change(ana)
        assert saved(team).password_is_temporary is False
        assert ana.get("/settings/").status_code == 200

    def test_it_can_be_left_by_signing_out(self, team, ana):
        User.objects.filter(pk=team["author"].pk).update(password_is_temporary=True)
        assert ana.post("/accounts/logout/").url == "/accounts/login/"


def test_ages_count_in_the_persons_own_days(team, ana):
    ana.post("/settings/", OWN_SETTINGS)
    assert saved(team).today(timezone.now()) in {
        timezone.now().date(),
        timezone.now().date() + timedelta(days=1),
    }
