"""Words that a form could not leave behind are told under the labels of its page, as the page showed them."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from recommendations.forms.typed import typed_words
from tests.support import doors, forms
from tests.support.knocking import view_of
from tests.support.pages import told

pytestmark = pytest.mark.django_db
# Pages that take a press of a button, or a password, and no words.
WORDLESS = {
    *(
        "login",
        "logout",
        "password_change",
        "mail-me-again",
        "report-archive",
        "review-take",
        "update-withdraw",
    ),
    *("evidence-revoke", "update-revoke", "advocacy-finish", "digest-now", "unsubscribe", "evidence-capture"),
    *("evidence-outside", "open-work", "update-move", "source-version-undo", "token-revoke"),
}


def test_an_update_comes_back_under_its_labels(recommendation):
    rows = [
        forms.link_row(title="A law", kind="law", source="", locator="p. 3"),
        forms.link_row(url="https://example.org/b", title="A speech", sensitivity="restricted"),
        {"shape": "held", "stance": "supports"},
    ]
    data = forms.update_form(evidence=rows, reason="Kept words", claimed_status="", ask="7")
    response = Client().post(reverse("update-add", args=[recommendation.reference]), data)
    assert response.status_code == 401
    said = told(response)
    assert ("Status", "No action") in said and ("Reason for this status", "Kept words") in said
    assert ("Confidence", "Medium") in said
    assert ("Who can see this", "Internal") in said
    assert ("Evidence 1: Who can see this", "Internal: the whole team") in said
    assert ("Evidence 2: Title", "A speech") in said and ("Evidence 1: Kind", "Law or regulation") in said
    assert ("Evidence 2: Who can see this", "Restricted: only the people you name") in said
    assert ("Place 1: Where we looked", "KCNA") in said
    # What is known to the database by a key is not told to a stranger.
    assert ("What it is about", "(choose it again)") in said
    assert not [label for label, _words in said if label.startswith("Evidence 3")]
    labels = [label for label, _words in said]
    assert len(labels) == len(set(labels))
    assert not [words for _label, words in said if "_" in words or words in ("internal", "law", "medium")]


def test_several_of_one_field_stand_together(db):
    data = {"name": "Kim", "working_days": ["1", "3"], "reminders": "all", "time_zone": "Asia/Seoul"}
    said = dict(told(Client().post(reverse("settings"), data)))
    assert said["Working days"] == "Monday, Wednesday"
    assert said["Name"] == "Kim" and "Save" not in said


def test_a_comment_on_one_field_says_on_which(db):
    key = "11111111-1111-4111-8111-111111111111"
    data = {"comment": "See below", "on_reason": "Which article?", "decision": "return", "seen_version": "1"}
    assert told(Client().post(reverse("review", args=[key]), data)) == [
        ("Comment to the author", "See below"),
        ("Comment on “Reason for this status”", "Which article?"),
    ]


def test_a_press_of_a_button_leads_to_the_sign_in(db):
    """Nothing was typed, so there is nothing to give back."""
    key = "11111111-1111-4111-8111-111111111111"
    assert Client().post(reverse("review-take", args=[key]), {"act": "take"}).status_code == 302


def test_a_busy_database_gives_words_back_under_the_same_labels(client, team, recommendation, monkeypatch):
    def locked(**_fields):
        raise OperationalError("database is locked")

    monkeypatch.setattr("recommendations.services.updates.save_draft", locked)
    client.force_login(team["author"])
    response = client.post(reverse("update-add", args=[recommendation.reference]), forms.update_form())
    assert response.status_code == 503 and ("Status", "No action") in told(response)


def test_words_from_a_page_of_the_desk_are_readable(db):
    assert typed_words([("short_title", "New"), ("_save", "Save"), ("form-TOTAL_FORMS", "1")]) == [
        ("Short title", "New")
    ]


def test_every_page_with_words_names_its_forms():
    sent = {name for name, _arguments, method in doors.DOORS if method == "post" and ":" not in name}
    silent = {name for name in sent if not hasattr(view_of(name), "sent")} - WORDLESS
    assert silent <= {name for name, _arguments, method in doors.DOORS if only_read(name)}


def only_read(name):
    """Say whether nobody may post to a page."""
    answers = [doors.DOORS[key].split() for key in doors.DOORS if key[0] == name and key[2] == "post"]
    return all(set(statuses) <= {"302", "403", "404", "405"} and "405" in statuses for statuses in answers)
