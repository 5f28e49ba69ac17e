"""What becomes of an update after it was written: who reads it, who may change it, and how it comes back."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.choices import Decision, Status, UpdateState
from recommendations.models import Evidence, StatusUpdate
from recommendations.services import reviews
from tests.support import forms
from tests.support.factories import NOW

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


def test_another_persons_draft_is_not_found(client, team, ana, recommendation):
    ana.post(forms.update_address(recommendation), forms.update_form(intent="draft"))
    update = StatusUpdate.objects.get()
    for who in ("other", "reviewer", "manager"):
        client.force_login(team[who])
        for name in ("update-detail", "update-edit", "update-withdraw"):
            assert client.get(reverse(name, args=[update.key])).status_code == 404
            assert client.post(reverse(name, args=[update.key])).status_code in (404, 405)


def test_a_reviewer_reads_what_is_submitted_and_cannot_edit_it(client, team, ana, recommendation):
    ana.post(forms.update_address(recommendation), forms.update_form())
    update = StatusUpdate.objects.get()
    client.force_login(team["reviewer"])
    assert client.get(update.get_absolute_url()).status_code == 200
    assert client.get(reverse("update-edit", args=[update.key])).status_code == 404


def test_a_viewer_cannot_write(client, team, recommendation):
    client.force_login(team["viewer"])
    for name in ("update-add", "check-add"):
        url = reverse(name, args=[recommendation.reference])
        assert client.get(url).status_code == 403
        assert client.post(url, forms.update_form()).status_code == 403
    assert not StatusUpdate.objects.exists()


def test_the_key_of_another_persons_form_is_refused(client, team, ana, recommendation):
    ana.post(forms.update_address(recommendation), forms.update_form(intent="draft"))
    update = StatusUpdate.objects.get()
    client.force_login(team["other"])
    page = client.post(
        forms.update_address(recommendation), forms.update_form(key=update.key, reason="Mine")
    ).content.decode()
    assert "belongs to another update" in page and "Mine" in page
    update.refresh_from_db()
    assert update.reason == "Nothing was published."


def test_withdrawing_asks_first(ana, recommendation):
    ana.post(forms.update_address(recommendation), forms.update_form())
    update = StatusUpdate.objects.get()
    url = reverse("update-withdraw", args=[update.key])
    assert "Withdraw this update?" in ana.get(url).content.decode()
    update.refresh_from_db()
    assert update.state == UpdateState.SUBMITTED
    ana.post(url)
    update.refresh_from_db()
    assert update.state == UpdateState.WITHDRAWN


def test_a_returned_update_shows_why_and_is_submitted_again(client, team, ana, recommendation):
    ana.post(forms.update_address(recommendation), forms.update_form())
    update = StatusUpdate.objects.get()
    reviews.decide(
        update=update, reviewer=team["reviewer"], decision=Decision.RETURN, comment="Which day?", now=NOW
    )
    url = reverse("update-edit", args=[update.key])
    assert "Which day?" in ana.get(url).content.decode()
    ana.post(url, forms.update_form(reason="On 30 August."))
    update.refresh_from_db()
    assert (update.state, update.versions.count()) == (UpdateState.SUBMITTED, 2)
    page = ana.get(update.get_absolute_url()).content.decode()
    assert "Which day?" in page and "Nothing was published." in page


def test_a_correction_names_what_it_corrects_and_begins_with_its_words(ana, team, recommendation):
    ana.post(forms.update_address(recommendation), forms.update_form())
    wrong = StatusUpdate.objects.get()
    reviews.decide(update=wrong, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    page = ana.get(wrong.get_absolute_url()).content.decode()
    url = f"{forms.update_address(recommendation)}?corrects={wrong.key}"
    assert url in page
    assert "Nothing was published." in ana.get(url).content.decode()
    ana.post(
        forms.update_address(recommendation),
        forms.update_form(corrects=wrong.key, status=Status.NO_INFORMATION),
    )
    assert StatusUpdate.objects.exclude(pk=wrong.pk).get().corrects == wrong


def test_what_was_changed_in_a_second_window_after_submitting_is_not_thrown_away(ana, recommendation):
    key = uuid.uuid4()
    ana.post(forms.update_address(recommendation), forms.update_form(key=key))
    page = ana.post(
        forms.update_address(recommendation), forms.update_form(key=key, reason="Other words.")
    ).content.decode()
    assert "submitted in the meantime" in page and "Other words." in page
    assert StatusUpdate.objects.get().reason == "Nothing was published."


def seen_by(page):
    """Return what a page says of the draft as it was when the page was opened."""
    return re.search(r'name="seen" value="([^"]*)"', page.content.decode())[1]


def test_two_windows_on_one_draft_lose_no_words(ana, recommendation):
    key = uuid.uuid4()
    draft = {"key": key, "intent": "draft"}
    ana.post(forms.update_address(recommendation), forms.update_form(seen="", **draft))
    StatusUpdate.objects.update(changed_at=NOW - timedelta(minutes=10))
    url = reverse("update-edit", args=[key])
    opened = seen_by(ana.get(url))
    ana.post(url, forms.update_form(seen=opened, reason="From the first window.", **draft))
    late = ana.post(url, forms.update_form(seen=opened, reason="From the second window.", **draft))
    update = StatusUpdate.objects.get()
    assert update.reason == "From the first window."
    page = late.content.decode()
    assert (
        "You changed this in another window after you opened it here." in page
        and "From the second window." in page
    )
    # Having read that, the author may put the second window's words over the first's.
    ana.post(url, forms.update_form(seen=seen_by(late), reason="From the second window.", **draft))
    update.refresh_from_db()
    assert update.reason == "From the second window."


def test_a_double_click_is_not_taken_for_a_second_window(ana, recommendation):
    key = uuid.uuid4()
    for _click in range(2):
        form = forms.update_form(key=key, seen="", intent="draft")
        assert ana.post(forms.update_address(recommendation), form).status_code == 302
    assert StatusUpdate.objects.count() == 1


def test_a_restricted_update_says_who_must_be_let_in_and_is_seen_by_nobody_else(
    client, ana, team, recommendation
):
    ana.post(forms.update_address(recommendation), forms.update_form(sensitivity="restricted"))
    update = StatusUpdate.objects.get()
    url = reverse("update-access", args=[update.key])
    assert url in ana.get(update.get_absolute_url()).content.decode()
    for who in ("reviewer", "manager", "viewer"):
        client.force_login(team[who])
        assert client.get(update.get_absolute_url()).status_code == 404
    client.force_login(team["author"])
    client.post(url, {"person": team["reviewer"].pk, "reason": "To review"})
    assert "no reviewer has access" not in client.get(update.get_absolute_url()).content.decode()
    client.force_login(team["reviewer"])
    assert client.get(update.get_absolute_url()).status_code == 200


def test_a_hidden_citation_is_told_without_its_title(client, ana, team, recommendation):
    row = forms.file_row(forms.upload("testimony of kim.pdf"), sensitivity="restricted")
    ana.post(forms.update_address(recommendation), forms.update_form(evidence=[row]))
    update, item = StatusUpdate.objects.get(), Evidence.objects.get()
    for who, sees_link in (("reviewer", False), ("manager", True)):
        client.force_login(team[who])
        page = client.get(update.get_absolute_url()).content.decode()
        assert "A restricted item that you cannot see" in page and item.title not in page
        assert (str(item.key) in page) is sees_link


def test_who_changes_what_was_returned_is_told_that_reviewers_read_it(client, team, ana, recommendation):
    ana.post(forms.update_address(recommendation), forms.update_form())
    update = StatusUpdate.objects.get()
    reviews.decide(
        update=update, reviewer=team["reviewer"], decision=Decision.RETURN, comment="Why?", now=NOW
    )
    changed = forms.update_form(intent="draft", reason="A half-finished thought.")
    page = ana.post(reverse("update-edit", args=[update.key]), changed, follow=True).content.decode()
    assert "Reviewers can already read them" in page and "Only you can see it" not in page
    client.force_login(team["reviewer"])
    assert "A half-finished thought." in client.get(update.get_absolute_url()).content.decode()
