"""What reviewers set on a recommendation, by its page."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Pillar
from recommendations.models import Event
from tests.support.factories import NOW
from tests.support.pages import text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture
def address(recommendation):
    return reverse("recommendation-settings", args=[recommendation.reference])


@pytest.mark.parametrize("role", ["viewer", "author"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_is_for_reviewers(client, team, address, role, method):
    client.force_login(team[role])
    assert getattr(client, method)(address).status_code == 403


def test_owner_and_deputy_are_kept_and_recorded(client, team, recommendation, address):
    client.force_login(team["reviewer"])
    sent = {"save": "people", "owner": team["author"].pk, "deputy": team["other"].pk}
    assert client.post(address, sent).url == recommendation.get_absolute_url()
    recommendation.refresh_from_db()
    assert (recommendation.owner, recommendation.deputy) == (team["author"], team["other"])
    assert Event.objects.get().kind == EventKind.ASSIGNED


def test_a_viewer_is_not_offered_and_not_accepted_as_owner(client, team, recommendation, address):
    client.force_login(team["reviewer"])
    response = client.post(address, {"save": "people", "owner": team["viewer"].pk, "deputy": ""})
    assert response.status_code == 200
    recommendation.refresh_from_db()
    assert recommendation.owner is None


def test_the_deputy_must_be_somebody_else(client, team, recommendation, address):
    client.force_login(team["reviewer"])
    response = client.post(
        address, {"save": "people", "owner": team["author"].pk, "deputy": team["author"].pk}
    )
    assert "Deputy: The deputy must be somebody other than the owner." in text_of(response)


def test_an_owner_who_left_is_still_shown_as_owner(client, team, recommendation, address):
    recommendation.owner = team["author"]
    recommendation.save()
    team["author"].is_active = False
    team["author"].save()
    client.force_login(team["reviewer"])
    page = client.get(address).content.decode()
    assert re.search(rf'<option value="{team["author"].pk}"\s+selected', page)


def test_the_interval_is_kept_and_the_next_review_follows(client, team, recommendation, address):
    client.force_login(team["reviewer"])
    client.post(address, {"save": "interval", "interval_days": 30})
    recommendation.refresh_from_db()
    assert recommendation.interval_days == 30
    assert recommendation.next_review_on == NOW.date() + timedelta(days=30)
    response = client.post(address, {"save": "interval", "interval_days": 0})
    assert "greater than or equal to 1" in text_of(response)


def test_title_and_pillar_are_kept_and_the_text_never(client, team, recommendation, address):
    client.force_login(team["reviewer"])
    before = recommendation.text
    sent = {"save": "names", "short_title": "Better", "pillar": Pillar.PREVENTION, "nature": "do"}
    sent["text"] = "Other words"
    client.post(address, sent)
    recommendation.refresh_from_db()
    assert (recommendation.short_title, recommendation.pillar) == ("Better", Pillar.PREVENTION)
    assert recommendation.text == before


def test_one_form_sent_leaves_the_others_alone(client, team, recommendation, address):
    client.force_login(team["reviewer"])
    client.post(
        address, {"save": "names", "short_title": "Better", "nature": "do", "owner": team["author"].pk}
    )
    recommendation.refresh_from_db()
    assert recommendation.owner is None


@pytest.mark.parametrize("sent", [{}, {"save": "everything"}, {"save": "names", "short_title": ""}])
def test_what_is_not_whole_changes_nothing(client, team, recommendation, address, sent):
    client.force_login(team["reviewer"])
    assert client.post(address, sent).status_code == 200
    assert not Event.objects.exists()
