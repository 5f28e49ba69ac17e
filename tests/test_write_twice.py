"""One form makes one update: after the back button, and from two windows over one draft."""

import uuid

import pytest
from django.urls import reverse

from recommendations.choices import Status, UpdateState
from recommendations.models import StatusUpdate
from tests import forms
from tests.cast import NOW


@pytest.fixture
def author(client, team, time_machine):
    """The author's browser, at the time of the story."""
    time_machine.move_to(NOW)
    client.force_login(team["author"])
    return client


def shown(response):
    """Return what the form of a page carries of the draft it shows."""
    return response.context["sheet"].form["seen"].value()


def write(author, recommendation, **changed):
    """Save a draft from an empty form."""
    data = forms.update_form(intent="draft", **changed)
    author.post(reverse("update-add", args=[recommendation.reference]), data)
    return StatusUpdate.objects.get(key=data["key"])


@pytest.mark.parametrize("door", ["update-add", "check-add"])
def test_the_back_button_leads_to_what_was_saved(author, recommendation, door):
    draft = write(author, recommendation)
    address = reverse(door, args=[recommendation.reference])
    response = author.get(address, {"form": draft.key})
    assert response.url == reverse("update-edit", args=[draft.key])


def test_a_form_that_was_not_sent_keeps_the_key_in_its_address(author, recommendation):
    key = uuid.uuid4()
    response = author.get(reverse("update-add", args=[recommendation.reference]), {"form": key})
    assert f'value="{key}"' in response.content.decode()


@pytest.mark.parametrize("form", ["", "1", "\x00", "<b>"])
def test_an_address_that_was_tampered_with_begins_a_new_form(author, recommendation, form):
    response = author.get(reverse("update-add", args=[recommendation.reference]), {"form": form})
    assert response.status_code == 200


def test_the_key_of_somebody_elses_draft_says_nothing(author, team, recommendation, client):
    draft = write(author, recommendation)
    client.force_login(team["reviewer"])
    response = client.get(reverse("update-add", args=[recommendation.reference]), {"form": draft.key})
    assert response.status_code == 200


def test_two_windows_do_not_write_over_each_other_unseen(author, recommendation):
    draft = write(author, recommendation)
    address = reverse("update-edit", args=[draft.key])
    seen = shown(author.get(address))
    first = forms.update_form(intent="draft", key=draft.key, seen=seen, public_text="First window.")
    second = forms.update_form(intent="submit", key=draft.key, seen=seen, public_text="Second window.")
    assert author.post(address, first).status_code == 302
    response = author.post(address, second)
    page = response.content.decode()
    assert "saved from another window" in page and "Second window." in page
    draft.refresh_from_db()
    assert (draft.public_text, draft.state) == ("First window.", UpdateState.DRAFT)
    again = {**second, "seen": shown(response)}
    assert author.post(address, again).status_code == 302
    draft.refresh_from_db()
    assert (draft.public_text, draft.state) == ("Second window.", UpdateState.SUBMITTED)


def test_the_same_form_sent_twice_is_no_quarrel(author, recommendation):
    draft = write(author, recommendation)
    address = reverse("update-edit", args=[draft.key])
    data = forms.update_form(
        intent="draft", key=draft.key, seen=shown(author.get(address)), public_text="Once."
    )
    assert [author.post(address, data).status_code for _click in range(2)] == [302, 302]


def test_a_page_with_errors_carries_what_it_saved(author, recommendation):
    draft = write(author, recommendation)
    address = reverse("update-edit", args=[draft.key])
    data = forms.update_form(key=draft.key, seen=shown(author.get(address)), status=Status.INITIAL, reason="")
    response = author.post(address, data)
    assert response.status_code == 200
    mended = {**data, "seen": shown(response), "status": Status.NO_ACTION, "reason": "Nothing was published."}
    assert author.post(address, mended).status_code == 302
