"""One-time passwords: whoever gets one replaces it, within three days, and all managers know of it."""

import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from recommendations.choices import EventKind
from recommendations.models import Event, User
from recommendations.services import people
from tests.support.accounts import added, comes_in, sign_in, told
from tests.support.factories import PASSWORD
from tests.support.pages import words

pytestmark = pytest.mark.django_db


def test_a_one_time_password_cannot_be_kept(team):
    _nora, password = added(team["manager"])
    person = User.objects.get(email="nora@example.org")
    browser, answer = comes_in(person, password, own=password)
    assert "This is your present password. Choose another one." in words(answer)
    person.refresh_from_db()
    assert person.password_is_temporary
    assert browser.get("/").url == "/accounts/password/"


def test_a_one_time_password_ends_after_three_days(team):
    nora, password = added(team["manager"])
    early, _answer = sign_in(nora.email, password)
    given = timezone.now() - timedelta(hours=71, minutes=59)
    User.objects.filter(pk=nora.pk).update(password_given_at=given)
    assert early.get("/accounts/password/").status_code == 200
    User.objects.filter(pk=nora.pk).update(password_given_at=given - timedelta(minutes=2))
    assert early.get("/accounts/password/").url.startswith("/accounts/login/")
    for _time in range(6):
        late, answer = sign_in(nora.email, password)
        assert "valid for 72 hours and has expired. Ask a manager for a new one." in words(answer)
    assert late.get("/").url.startswith("/accounts/login/")
    password = people.give_password(actor=team["manager"], person=nora, now=timezone.now())
    browser, answer = comes_in(nora, password)
    assert answer.url == "/accounts/password/done/" and browser.get("/").status_code == 200
    User.objects.filter(pk=nora.pk).update(password_given_at=given - timedelta(days=9))
    assert browser.get("/").status_code == 200


def test_whoever_runs_the_server_gives_a_one_time_password_and_all_managers_are_told(team, kay):
    out = io.StringIO()
    call_command("changepassword", "RITA@example.org", stdout=out)
    password = re.search(r"72 hours: (\S+)", out.getvalue())[1]
    rita = User.objects.get(pk=team["reviewer"].pk)
    assert rita.check_password(password) and rita.password_is_temporary and not rita.check_password(PASSWORD)
    assert told() == [(name, "A one-time password was given to Rita") for name in ("Kay", "Mina")]
    assert Event.objects.get(kind=EventKind.SIGN_IN_CHANGED).actor is None
    with pytest.raises(CommandError, match="Nobody signs in"):
        call_command("changepassword", "nobody@example.org", stdout=out)
