"""A check in two clicks."""

import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import Decision, UpdateKind, UpdateState
from recommendations.models import Ask, StatusUpdate
from recommendations.services import reviews, updates
from tests.support import factories, forms
from tests.support.factories import NOW
from tests.support.pages import words

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture(autouse=True)
def assessed(team, report):
    """There is an assessment of each to be confirmed."""
    for one in report.recommendations.all():
        factories.approve(team["author"], one, reviewer=team["second"], as_of=date(2024, 7, 1))


def record(person, recommendation, *places, approve_by=None):
    """Record a check by the service."""
    check = updates.record_check(
        author=person,
        recommendation=recommendation,
        key=uuid.uuid4(),
        as_of=date(2024, 8, 1),
        places=[(place, date(2024, 8, 1)) for place in places],
        internal_note="",
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


def opened(client, recommendation):
    """Return what the page posts when it is sent back as it is, and the places that it offers."""
    sheet = client.get(check_url(recommendation)).context["forms"]
    data = {"key": sheet.form["key"].value(), "as_of": sheet.form["as_of"].value().isoformat(), "note": ""}
    rows = [{"place": row["place"].value(), "looked_on": row["looked_on"].value()} for row in sheet.places]
    assert not any(row["place"] for row in rows)
    offered = [place for place, _label in sheet.form.fields["earlier"].choices]
    return {**data, **forms.rows("places", *rows)}, offered


def test_the_tick_dates_a_place_and_none_is_ticked_beforehand(client, team, recommendation):
    record(team["author"], recommendation, "KCNA", "Rodong Sinmun", approve_by=team["reviewer"])
    client.force_login(team["other"])
    data, offered = opened(client, recommendation)
    assert offered == ["KCNA", "Rodong Sinmun"]
    refused = client.post(check_url(recommendation), data)
    assert "Say where you looked" in refused.content.decode() and "checked" not in refused.content.decode()
    response = client.post(check_url(recommendation), {**data, "earlier": ["Rodong Sinmun"]})
    check = StatusUpdate.objects.get(author=team["other"])
    assert response.url == check.get_absolute_url()
    assert (check.kind, check.state, check.as_of) == (UpdateKind.CHECK, UpdateState.SUBMITTED, NOW.date())
    assert list(check.places.values_list("place", "looked_on")) == [("Rodong Sinmun", NOW.date())]


def test_what_is_ticked_stays_so_beside_an_error(client, team, recommendation):
    record(team["author"], recommendation, "KCNA", approve_by=team["reviewer"])
    client.force_login(team["other"])
    data, _offered = opened(client, recommendation)
    page = client.post(check_url(recommendation), {**data, "as_of": "soon", "earlier": ["KCNA"]})
    assert page.context["forms"].form["earlier"].value() == ["KCNA"]


def test_how_many_places_are_not_offered_is_said(client, team, recommendation):
    named = [f"Paper {number}" for number in range(14)]
    record(team["author"], recommendation, *named, approve_by=team["reviewer"])
    client.force_login(team["other"])
    data, offered = opened(client, recommendation)
    assert offered == named[:12]
    said = "… and 2 more: type them below"
    assert said in words(client.get(check_url(recommendation)))
    assert said in words(client.post(check_url(recommendation), data)), "beside an error too"


def test_what_can_be_left_out_is_said_as_lightly_here_as_in_other_forms(client, team, recommendation):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    client.force_login(team["author"])
    page = client.get(check_url(recommendation)).content.decode()
    assert 'Note for the team <span class="optional">(optional)</span>' in page


@pytest.mark.parametrize("ticked", [["Nowhere"], ["x" * 301], ["KCNA"] * 90])
def test_a_form_that_was_tampered_with_is_refused_or_says_what_it_says(client, team, recommendation, ticked):
    record(team["author"], recommendation, "KCNA", approve_by=team["reviewer"])
    client.force_login(team["other"])
    data, _offered = opened(client, recommendation)
    response = client.post(check_url(recommendation), {**data, "earlier": ticked})
    assert response.status_code in (200, 302)


def test_the_places_offered_are_of_this_recommendation_and_never_a_strangers_unapproved(client, team, report):
    first, second, _third = report.recommendations.all()
    record(team["other"], first, "Unapproved place")
    record(team["author"], second, "My usual place")
    record(team["reviewer"], second, "Approved elsewhere", approve_by=team["second"])
    client.force_login(team["author"])
    page = client.get(check_url(first)).content.decode()
    assert not [place for place in ("Unapproved", "My usual", "elsewhere") if place in page]
    record(team["other"], first, "Approved place", approve_by=team["reviewer"])
    record(team["author"], first, "My own place")
    assert opened(client, first)[1] == ["My own place", "Approved place"]


# --- Never assessed ----------------------------------------------------------------------------
@pytest.fixture
def fresh(team):
    """A recommendation of another report, which nobody has assessed."""
    return factories.report(count=1, code="XX", name="Elsewhere").recommendations.get()


def test_a_check_of_what_was_never_assessed_leads_to_a_first_assessment(client, team, fresh):
    client.force_login(team["author"])
    assert check_url(fresh) not in client.get(fresh.get_absolute_url()).content.decode()
    response = client.get(check_url(fresh), follow=True)
    assert response.redirect_chain[0][0] == reverse("update-add", args=[fresh.reference])
    assert "Nobody has assessed this yet" in response.content.decode()
    page = client.post(check_url(fresh), form("KCNA", note="Asked Kim")).content.decode()
    assert "Nobody has assessed this yet" in page and "Asked Kim" in page
    assert reverse("update-add", args=[fresh.reference]) in page
    assert not StatusUpdate.objects.filter(recommendation=fresh).exists()


def test_one_that_waits_already_is_not_approved_by_any_door(client, team, fresh):
    check = updates.save_draft(
        author=team["author"],
        recommendation=fresh,
        key=uuid.uuid4(),
        fields={"kind": UpdateKind.CHECK, "as_of": NOW.date()},
        places=[("KCNA", NOW.date())],
        now=NOW,
    )
    StatusUpdate.objects.filter(pk=check.pk).update(state=UpdateState.SUBMITTED, submitted_at=NOW)
    check.versions.create(number=1, content={}, submitted_at=NOW)
    client.force_login(team["reviewer"])
    page = client.post(
        reverse("review", args=[check.key]), {"decision": "approve", "seen_version": 1, "comment": ""}
    )
    assert "Nobody has assessed this yet" in page.content.decode()
    desk = client.post(
        reverse("admin:recommendations_statusupdate_changelist"),
        {"action": "approve", "_selected_action": [check.pk], "step": "confirmed", f"{check.pk}-shown": 1},
        follow=True,
    )
    assert "is approved" not in desk.content.decode()
    with pytest.raises(ValidationError, match="Nobody has assessed this yet"):
        reviews.decide(update=check, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    fresh.refresh_from_db()
    assert fresh.last_verified_on is None
    reviews.decide(
        update=check, reviewer=team["reviewer"], decision=Decision.RETURN, comment="Assess it.", now=NOW
    )


def test_an_ask_without_an_assessment_is_checked_where_the_whole_was_assessed(team, report, fresh):
    start = {"position": 1, "title": "An ask", "start": 0, "end": 5, "created_at": NOW}
    about = {"author": team["author"], "places": [("KCNA", NOW.date())], "internal_note": "", "now": NOW}
    one = report.recommendations.first()
    ask = Ask.objects.create(recommendation=one, **start)
    updates.record_check(recommendation=one, ask=ask, key=uuid.uuid4(), as_of=NOW.date(), **about)
    other = Ask.objects.create(recommendation=fresh, **start)
    with pytest.raises(ValidationError, match="Nobody has assessed this yet"):
        updates.record_check(recommendation=fresh, ask=other, key=uuid.uuid4(), as_of=NOW.date(), **about)


def test_posted_twice_it_is_one_check(client, team, recommendation):
    client.force_login(team["author"])
    data = form("KCNA")
    for _ in range(2):
        assert client.post(check_url(recommendation), data).status_code == 302
    assert StatusUpdate.objects.get(kind=UpdateKind.CHECK).versions.count() == 1


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
    assert not StatusUpdate.objects.filter(kind=UpdateKind.CHECK).exists()


def test_a_row_is_added_without_javascript(client, team, recommendation):
    client.force_login(team["author"])
    page = client.post(check_url(recommendation), form("KCNA", add="place")).content.decode()
    assert 'name="places-1-place"' in page and "KCNA" in page and "error-summary" not in page
    assert not StatusUpdate.objects.filter(kind=UpdateKind.CHECK).exists()


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
    assert StatusUpdate.objects.get(corrects__isnull=False).corrects == wrong


def test_words_of_a_check_are_folded_and_can_be_proposed_and_published(client, team, recommendation):
    client.force_login(team["author"])
    page = client.get(check_url(recommendation)).content.decode()
    assert '<details class="more">' in page and "words_and_status" not in page
    said = {"public_text": "Nothing was announced.", "proposed_extent": "words"}
    answer = client.post(check_url(recommendation), form("KCNA", **said))
    check = StatusUpdate.objects.get(kind=UpdateKind.CHECK)
    assert answer.url == check.get_absolute_url()
    assert (check.public_text, check.proposed_extent) == ("Nothing was announced.", "words")
    client.force_login(team["reviewer"])
    decision = {"decision": "approve", "seen_version": 1, "comment": "", "extent": "words"}
    client.post(reverse("review", args=[check.key]), decision)
    assert check.publications.get().extent == "words"


def test_what_is_wrong_in_the_folded_part_unfolds_it_and_keeps_what_was_typed(client, team, recommendation):
    client.force_login(team["author"])
    data = form("KCNA", proposed_extent="words")
    page = client.post(check_url(recommendation), data).content.decode()
    assert '<details class="more" open>' in page and "There is nothing to publish" in page
    status = form("KCNA", public_text="Nothing was announced.", proposed_extent="words_and_status")
    page = client.post(check_url(recommendation), status).content.decode()
    assert "Nothing was announced." in page and "not one of the available choices" in page
    assert not StatusUpdate.objects.filter(kind=UpdateKind.CHECK).exists()
