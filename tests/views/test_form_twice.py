"""One form makes one update, after the browser's back button too."""

import uuid

import pytest
from django.urls import reverse

from recommendations.models import Evidence, StatusUpdate
from tests.support import forms
from tests.support.factories import NOW
from tests.support.pages import words


@pytest.fixture
def author(client, team, time_machine):
    """The author's browser, at the time of the story."""
    time_machine.move_to(NOW)
    client.force_login(team["author"])
    return client


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


@pytest.mark.parametrize("form", ["", "1", "<b>"])
def test_an_address_that_was_tampered_with_begins_a_new_form(author, recommendation, form):
    response = author.get(reverse("update-add", args=[recommendation.reference]), {"form": form})
    assert response.status_code == 200


def test_the_key_of_somebody_elses_draft_says_nothing(author, team, recommendation, client):
    draft = write(author, recommendation)
    client.force_login(team["reviewer"])
    response = client.get(reverse("update-add", args=[recommendation.reference]), {"form": draft.key})
    assert response.status_code == 200


def test_a_level_chosen_after_going_back_is_not_passed_over(author, recommendation):
    """Two tabs of one form: who makes the file restricted in the second must not read that it is saved so."""
    address = reverse("update-add", args=[recommendation.reference])
    data = forms.update_form(intent="draft", evidence=[forms.file_row(forms.upload())])
    author.post(address, data)
    for level in ("internal", "restricted"):
        rows = [forms.file_row(forms.upload(), sensitivity=level)]
        again = forms.update_form(intent="draft", key=data["key"], evidence=rows)
        said = words(author.post(address, again, follow=True))
        assert ("Who can see it was not changed: Internal" in said) == (level == "restricted")
    assert (
        Evidence.objects.get().sensitivity == "internal" and StatusUpdate.objects.get().citations.count() == 1
    )
