"""A check in two clicks."""

import uuid
from datetime import date

import pytest
from django.urls import reverse

from recommendations.choices import Decision, UpdateKind, UpdateState
from recommendations.models import StatusUpdate
from recommendations.services import reviews, updates
from tests import forms
from tests.cast import NOW
from tests.test_write_updates import at_the_time_of_the_story  # noqa: F401


def record(person, recommendation, *places, approve_by=None):
    """Record a check by the service."""
    check = updates.record_check(
        author=person,
        recommendation=recommendation,
        key=uuid.uuid4(),
        as_of=date(2024, 8, 1),
        places=[(place, date(2024, 8, 1)) for place in places],
        note="",
        now=NOW,
    )
    if approve_by:
        reviews.decide(update=check, reviewer=approve_by, decision=Decision.APPROVE, now=NOW)
    return check


def form(*places, **changed):
    """What the form of a check posts."""
    looked = [{"place": place, "looked_on": "2024-09-02"} for place in places]
    fields = {"key": uuid.uuid4(), "as_of": "2024-09-02", "note": "", **changed}
    return {**fields, **forms.rows("places", *looked)}


def check_url(recommendation):
    return reverse("check-add", args=[recommendation.reference])


def test_two_clicks(client, team, recommendation):
    """What the page offers, sent back as it is, is a whole check."""
    record(team["author"], recommendation, "KCNA", "Rodong Sinmun", approve_by=team["reviewer"])
    client.force_login(team["other"])
    response = client.get(check_url(recommendation))
    sheet = response.context["sheet"]
    data = {"key": sheet.form["key"].value(), "as_of": sheet.form["as_of"].value().isoformat(), "note": ""}
    offered = [{"place": row["place"].value(), "looked_on": row["looked_on"].value()} for row in sheet.places]
    response = client.post(check_url(recommendation), {**data, **forms.rows("places", *offered)})
    check = StatusUpdate.objects.get(author=team["other"])
    assert response.url == check.get_absolute_url()
    assert (check.kind, check.state, check.as_of) == (UpdateKind.CHECK, UpdateState.SUBMITTED, NOW.date())
    looked = list(check.places.values_list("place", "looked_on"))
    assert looked == [("KCNA", NOW.date()), ("Rodong Sinmun", NOW.date())]


def test_the_places_offered_are_ones_own_first_and_never_a_strangers_unapproved(client, team, report):
    first, second, _third = report.recommendations.all()
    record(team["other"], first, "Unapproved place")
    client.force_login(team["author"])
    assert "Unapproved place" not in client.get(check_url(first)).content.decode()
    record(team["author"], second, "My usual place")
    assert "My usual place" in client.get(check_url(first)).content.decode()
    record(team["other"], first, "Approved place", approve_by=team["reviewer"])
    page = client.get(check_url(first)).content.decode()
    assert "Approved place" in page and "My usual place" not in page


def test_posted_twice_it_is_one_check(client, team, recommendation):
    client.force_login(team["author"])
    data = form("KCNA")
    for _ in range(2):
        assert client.post(check_url(recommendation), data).status_code == 302
    assert StatusUpdate.objects.get().versions.count() == 1


@pytest.mark.parametrize(
    ("data", "target"),
    [
        (form(), "id_places"),
        (form("KCNA", as_of="2024-09-03"), "id_as_of"),
        (form("KCNA", as_of="soon"), "id_as_of"),
        (form("x" * 301), "id_places-0-place"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(client, team, recommendation, data, target):
    client.force_login(team["author"])
    page = client.post(check_url(recommendation), {**data, "note": "Asked Kim"}).content.decode()
    assert f'href="#{target}"' in page and f'id="{target}"' in page and "Asked Kim" in page
    assert not StatusUpdate.objects.exists()


def test_a_row_is_added_without_javascript(client, team, recommendation):
    client.force_login(team["author"])
    page = client.post(check_url(recommendation), form("KCNA", add="place")).content.decode()
    assert 'name="places-1-place"' in page and "KCNA" in page and "error-summary" not in page
    assert not StatusUpdate.objects.exists()


def test_a_returned_check_is_changed_and_submitted_again(client, team, recommendation):
    check = record(team["author"], recommendation, "KCNA")
    reviews.decide(
        update=check, reviewer=team["reviewer"], decision=Decision.RETURN, comment="Only KCNA?", now=NOW
    )
    client.force_login(team["author"])
    url = reverse("update-edit", args=[check.key])
    page = client.get(url).content.decode()
    assert "Only KCNA?" in page and "KCNA" in page
    client.post(url, form("KCNA", "NK Leadership Watch"))
    check.refresh_from_db()
    assert (check.state, check.places.count()) == (UpdateState.SUBMITTED, 2)


def test_an_approved_check_is_corrected_by_another(client, team, recommendation):
    wrong = record(team["author"], recommendation, "KCNA", approve_by=team["reviewer"])
    client.force_login(team["author"])
    url = f"{check_url(recommendation)}?corrects={wrong.key}"
    assert url in client.get(wrong.get_absolute_url()).content.decode()
    assert "KCNA" in client.get(url).content.decode()
    client.post(check_url(recommendation), form("Rodong", corrects=wrong.key))
    assert StatusUpdate.objects.exclude(pk=wrong.pk).get().corrects == wrong
