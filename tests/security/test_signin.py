"""Signing in: who gets in, who does not and what they are told, and where they land."""

from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from recommendations.models import User
from recommendations.services import people
from tests.support.accounts import LOGIN, sign_in
from tests.support.factories import PASSWORD


def test_a_person_signs_in_and_starts_at_their_work(team):
    client, answer = sign_in("ana@example.org")
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.get("/settings/").status_code == 200


@pytest.mark.parametrize("email", ["ANA@example.org", " Ana@Example.ORG ", "ana@EXAMPLE.org"])
def test_the_address_counts_in_any_case(team, email):
    _client, answer = sign_in(email)
    assert answer.status_code == 302


@pytest.mark.parametrize("email", ["ana@example.org", "stranger@example.org"])
def test_a_wrong_password_and_an_unknown_address_are_told_the_same(team, email):
    client, answer = sign_in(email, "not the password")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This address and this password do not belong together." in page
    assert f'value="{email}"' in page
    assert "not the password" not in page
    assert client.get("/settings/").status_code == 302


def test_an_inactive_person_is_told_no_more_than_a_stranger(team):
    User.objects.filter(email="ana@example.org").update(is_active=False)
    _client, answer = sign_in("ana@example.org")
    assert "This address and this password do not belong together." in answer.content.decode()


def test_who_is_made_inactive_is_out_at_the_next_click(team):
    client, _answer = sign_in("ana@example.org")
    User.objects.filter(email="ana@example.org").update(is_active=False)
    assert client.get("/settings/").url.startswith(LOGIN)


@pytest.mark.parametrize(
    "then",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "javascript:alert(1)",
        "http:///evil.example",
        "https:evil.example",
    ],
)
def test_no_sign_in_leads_to_another_site(team, then):
    _client, answer = sign_in("ana@example.org", then=then)
    assert answer.url == "/"
    assert Client().get(LOGIN, {"next": then}).status_code == 200


def test_who_came_for_a_page_lands_on_it(team):
    address = "/reviews/?page=2"
    asked = Client().get(address)
    assert asked.url == f"{LOGIN}?next=/reviews/%3Fpage%3D2"
    _client, answer = sign_in("rita@example.org", then=address)
    assert answer.url == address


def test_the_desk_has_no_sign_in_of_its_own(team):
    answer = Client().get("/desk/recommendations/statusupdate/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{LOGIN}?next=/desk/recommendations/statusupdate/"
    assert (
        Client()
        .post("/desk/login/", {"username": "rita@example.org", "password": PASSWORD})
        .url.startswith(LOGIN)
    )


class TestLockOut:
    """Five wrong passwords for one address from one place close it for a quarter of an hour."""

    def guess(self, email="ana@example.org", times=django_settings.AXES_FAILURE_LIMIT, **extra):
        for _ in range(times):
            _client, answer = sign_in(email, "a guess", **extra)
        return answer

    def test_the_page_says_what_happened_and_what_to_do(self, team):
        answer = self.guess()
        page = answer.content.decode()
        assert answer.status_code == 429
        assert "Sign-in is paused" in page
        assert "15 minutes" in page
        assert timedelta(minutes=15) == django_settings.AXES_COOLOFF_TIME

    def test_the_right_password_does_not_open_a_closed_address(self, team):
        self.guess()
        client, answer = sign_in("ana@example.org")
        assert answer.status_code == 429
        assert client.get("/settings/").status_code == 302

    def test_changing_the_case_gives_no_new_guesses(self, team):
        for email in (
            "ana@example.org",
            "Ana@example.org",
            "ANA@example.org",
            " ana@example.org",
            "ana@EXAMPLE.ORG",
        ):
            _client, answer = sign_in(email, "a guess")
        assert answer.status_code == 429

    def test_another_person_and_another_place_stay_open(self, team):
        self.guess()
        assert sign_in("rita@example.org")[1].status_code == 302
        assert sign_in("ana@example.org", REMOTE_ADDR="192.0.2.7")[1].status_code == 302

    def test_a_forged_forwarding_header_opens_nothing(self, team):
        self.guess()
        assert sign_in("ana@example.org", HTTP_X_FORWARDED_FOR="192.0.2.7")[1].status_code == 429

    def test_it_ends_by_itself_after_the_quarter(self, team):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            self.guess()
            clock.shift(timedelta(minutes=14))
            assert sign_in("ana@example.org")[1].status_code == 429
            clock.shift(timedelta(minutes=2))
            assert sign_in("ana@example.org")[1].status_code == 302

    def test_a_success_forgets_the_failures_before_it(self, team):
        self.guess(times=4)
        sign_in("ana@example.org")
        assert self.guess(times=4).status_code == 200

    def test_no_guessed_password_is_kept(self, team):
        self.guess()
        attempt = AccessAttempt.objects.get()
        assert "a guess" not in f"{attempt.post_data}{attempt.get_data}{attempt.path_info}"


def guesses(number, **extra):
    """Guess a password that often. Returns: the status of the last answer."""
    return [sign_in("ana@example.org", "wrong", **extra)[1].status_code for _ in range(number)][-1]


def test_behind_a_proxy_a_strangers_guesses_lock_out_the_stranger_alone(team, settings):
    settings.BEHIND_PROXY = True
    assert guesses(5, HTTP_X_FORWARDED_FOR="203.0.113.9") == 429
    _client, answer = sign_in("ana@example.org", HTTP_X_FORWARDED_FOR="198.51.100.4")
    assert answer.status_code == 302


@pytest.mark.parametrize("behind", [True, False])
def test_a_forged_address_makes_no_fresh_set_of_guesses(team, settings, behind):
    settings.BEHIND_PROXY = behind
    for number in range(5):
        forged = f"10.0.0.{number}, 203.0.113.9" if behind else f"10.0.0.{number}"
        status = guesses(1, HTTP_X_FORWARDED_FOR=forged)
    assert status == 429


def test_what_is_no_address_is_not_counted_as_one(team, settings):
    settings.BEHIND_PROXY = True
    guesses(1, HTTP_X_FORWARDED_FOR="203.0.113.9, unknown")
    assert AccessAttempt.objects.get().ip_address == "127.0.0.1"


def test_no_session_comes_back_to_life_with_its_account(team):
    stolen, _answer = sign_in("ana@example.org")
    other, _answer = sign_in("omar@example.org")
    for active in (False, True):
        people.set_active(actor=team["manager"], person=team["author"], active=active, now=timezone.now())
    assert stolen.get("/settings/").url.startswith(LOGIN)
    assert other.get("/settings/").status_code == 200


def test_capital_letters_differ_in_the_password_alone_and_the_error_says_so(team):
    _browser, answer = sign_in("ANA@Example.ORG")
    assert answer.status_code == 302, "the address is folded"
    _browser, answer = sign_in("ana@example.org", PASSWORD.upper())
    assert (
        "In the password capital and small letters differ, in the address they do not."
        in answer.content.decode()
    )
    assert "case-sensitive" not in answer.content.decode()
