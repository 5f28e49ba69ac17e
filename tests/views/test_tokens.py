"""The page of one's own tokens, and what managers see of them on the desk."""

import re
import uuid

import pytest
from django.urls import reverse

from recommendations.accounts.tokens import ANY_TOKEN
from recommendations.models import ApiToken, Event
from tests.support.pages import browser_of, text_of

PAGE = reverse("tokens")


@pytest.fixture
def make(team):
    """Make a token on the page; returns the answer."""

    def made(role="author", **given):
        form = {"key": str(uuid.uuid4()), "name": "A map", "reads": "team", "days": "90"}
        return browser_of(team[role]).post(PAGE, form | given)

    return made


def test_it_is_shown_once_and_kept_out_of_caches(team, make):
    answer = make()
    (token,) = set(ANY_TOKEN.findall(answer.content.decode()))
    assert answer["Cache-Control"] == "no-store"
    again = browser_of(team["author"]).get(PAGE)
    assert token not in again.content.decode()
    assert "A map" in text_of(again)
    assert token[:14] in text_of(again)


def test_a_form_sent_twice_is_told_so(make):
    key = str(uuid.uuid4())
    make(key=key)
    answer = make(key=key)
    assert answer.status_code == 302
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"reads": "all"}, {"days": "9999"}, {"key": "x"}, {"name": "n" * 81}]
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(make, wrong):
    answer = make(**wrong)
    assert answer.status_code == 200
    assert not ApiToken.objects.exists()
    if "name" not in wrong:
        assert "A map" in answer.content.decode()


def test_revoking_asks_once(team, make):
    make()
    token, browser = ApiToken.objects.get(), browser_of(team["author"])
    address = reverse("token-revoke", args=[token.key])
    assert "Revoke “A map”?" in text_of(browser.post(address))
    token.refresh_from_db()
    assert token.revoked_at is None
    assert browser.post(address, {"confirmed": "1"}).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "No longer valid" in text_of(browser.get(PAGE))


def test_nobody_reads_or_revokes_anothers(team, make):
    make()
    token = ApiToken.objects.get()
    for role in ("other", "reviewer", "manager"):
        browser = browser_of(team[role])
        assert "A map" not in browser.get(PAGE).content.decode()
        address = reverse("token-revoke", args=[token.key])
        assert browser.post(address, {"confirmed": "1"}).status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_a_manager_sees_on_the_desk_that_somebody_has_tokens_and_revokes_them(team, make):
    make()
    browser, person = browser_of(team["manager"]), team["author"]
    page = browser.get(reverse("admin:recommendations_user_change", args=[person.pk]))
    assert ApiToken.objects.get().start in text_of(page)
    assert "A map" not in page.content.decode()
    listed = browser.get(reverse("admin:recommendations_apitoken_changelist")).content.decode()
    assert ApiToken.objects.get().start in listed
    assert "A map" not in listed
    browser.post(reverse("admin:recommendations_user_tokens", args=[person.pk]))
    token = ApiToken.objects.get()
    assert token.revoked_by == team["manager"]
    assert re.search(r"revoked by\s+Mina", text_of(browser_of(person).get(PAGE)))


def test_no_event_and_no_line_of_the_desk_holds_one(team, make):
    token = ANY_TOKEN.search(make().content.decode())[0]
    said = [str(one.payload) for one in Event.objects.all()]
    assert token not in str(said)
