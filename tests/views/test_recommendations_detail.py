"""The page of one recommendation: what it says, and what it keeps from whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from recommendations.choices import Sensitivity, Status
from recommendations.models import Recommendation, StatusUpdate
from recommendations.models.citations import CitationQuerySet
from recommendations.services import updates
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

EARLIER = NOW.date() - timedelta(days=40)


@pytest.fixture
def page(client, team, recommendation):
    """Open the page of the recommendation as somebody; returns the response."""

    def opened(role="viewer"):
        client.force_login(team[role])
        response = client.get(recommendation.get_absolute_url())
        assert response.status_code == 200
        return response

    return opened


def entries(response):
    return [entry.update.pk for entry in response.context["entries"]]


def test_the_words_stand_with_their_citation_and_their_place_in_the_source(page):
    response = page()
    text = text_of(response)
    assert "Do the thing that is number 1." in text
    assert "Recommendation 1 of the 2024 Trafficking in Persons Report, North Korea, Tier 3" in text
    body = response.content.decode()
    assert "<mark>Do the thing that is number 1.</mark> * Do the thing that is number 2." in body
    assert f'href="{reverse("report-detail", args=["TIP-2024-KP"])}#TIP-2024-KP-01"' in body


def test_before_anything_is_approved_the_page_says_so(page):
    text = text_of(page())
    assert "Not yet assessed" in text
    assert "Nobody has assessed this recommendation yet" in text
    assert "90 days after the import: nobody has looked at it since" in text


def test_the_status_line_has_criterion_confidence_movement_age_and_claim(page, team, recommendation):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=EARLIER)
    assert "No action Medium confidence last verified" in text_of(page()), "a first one has no movement"
    factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], government_claim="All is well."
    )
    text = text_of(page())
    assert "No action Medium confidence Same last verified 3 days ago" in text
    assert "Criterion: Nothing is in effect or under way that answers it." in text
    assert "What the government claims All is well." in text
    assert "90 days after it was last looked at" in text


def test_history_is_newest_first_and_a_change_of_status_is_a_joint(page, team, recommendation):
    first = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], as_of=EARLIER, status=Status.NO_INFORMATION
    )
    middle = factories.check(team["author"], recommendation, reviewer=team["reviewer"])
    last = factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=NOW.date())
    response = page()
    assert entries(response) == [last.pk, middle.pk, first.pk]
    joints = [entry.before for entry in response.context["entries"]]
    assert joints == [Status.NO_INFORMATION, "", Status.NOT_ASSESSED]
    assert response.content.decode().count('class="joint') == 2


def test_a_check_shows_where_we_looked(page, team, recommendation):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=EARLIER)
    factories.check(
        team["author"], recommendation, reviewer=team["reviewer"], places=["KCNA", "Rodong Sinmun"]
    )
    assert "Where we looked KCNA, 30 Aug 2024 Rodong Sinmun, 30 Aug 2024" in text_of(page())


def test_a_correction_names_what_it_corrects_and_the_corrected_one_is_marked(page, team, recommendation):
    wrong = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    right = factories.approve(
        team["author"],
        recommendation,
        reviewer=team["reviewer"],
        status=Status.NO_INFORMATION,
        corrects=wrong,
        as_of=EARLIER,
    )
    response = page()
    by_id = {entry.update.pk: entry for entry in response.context["entries"]}
    assert (by_id[right.pk].corrects, by_id[wrong.pk].corrected_by) == (wrong, right)
    assert (by_id[right.pk].is_in_force, by_id[wrong.pk].is_in_force) == (True, False)
    assert by_id[wrong.pk].before == ""
    text = text_of(response)
    assert "It replaces Assessment as of 30 Aug 2024" in text
    assert "Corrected: it no longer applies. Read the correction as of 24 Jul 2024" in text


def test_a_restricted_correction_that_does_not_count_corrects_nothing(page, team, recommendation):
    wrong = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    fields = {"corrects": wrong, "status": Status.NO_INFORMATION, "reason": "A witness says so."}
    factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"], **fields)
    response = page()
    assert entries(response) == [wrong.pk]
    assert response.context["entries"][0].is_in_force
    assert "witness" not in response.content.decode()


def test_a_restricted_update_is_in_nobodys_history_but_its_authors_and_the_granted(
    page, team, recommendation
):
    factories.approve_restricted(
        team["author"],
        recommendation,
        reviewer=team["reviewer"],
        reason="A witness says so.",
        government_claim="Secret claim.",
    )
    for role in ("viewer", "other", "second", "manager"):
        response = page(role)
        assert entries(response) == []
        assert response.context["current"] is None
        assert "witness" not in response.content.decode()
        assert "Secret claim" not in response.content.decode()
        assert "Nobody has assessed this recommendation yet." in text_of(response)
        assert "Current status Not yet assessed never verified" in text_of(response)
    for role in ("author", "reviewer"):
        text = text_of(page(role))
        assert "A witness says so." in text and "Not counted" in text
        assert "Current status Not yet assessed never verified" in text


def test_a_hidden_restricted_item_is_neither_listed_nor_counted(page, team, recommendation):
    items = [
        factories.link(team["author"], "Statement", source="KCNA"),
        factories.link(
            team["reviewer"], "Testimony of K.", source="A witness", sensitivity=Sensitivity.RESTRICTED
        ),
    ]
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=items)
    hidden = page("manager")
    assert "Testimony" not in hidden.content.decode()
    assert "1 item, from 1 independent origin" in text_of(hidden)
    assert "2 items, from 2 independent origins" in text_of(page("reviewer"))
    factories.grant(team["manager"], evidence=items[1])
    assert "2 items, from 2 independent origins" in text_of(page("manager"))


def test_one_item_cited_twice_and_one_source_in_two_spellings_count_once(page, team, recommendation):
    one = factories.link(team["author"], source="The  Institute")
    two = factories.link(team["author"], source="the institute")
    third = factories.link(team["author"])
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[one], as_of=EARLIER)
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[one, two, third])
    assert "3 items, from 1 independent origin" in text_of(page())


@pytest.mark.parametrize(
    ("as_of", "said"), [(date(2024, 7, 1), "yes, on 1 Jul 2024"), (date(2024, 6, 30), "no")]
)
def test_verified_this_quarter_means_the_calendar_quarter(page, team, recommendation, as_of, said):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=as_of)
    assert f"Verified this quarter {said} Report" in text_of(page())


def test_open_updates_are_shown_to_those_who_may_see_them(page, team, recommendation):
    draft = factories.write(team["author"], recommendation)
    waiting = factories.submit(team["author"], recommendation)
    factories.submit(team["author"], recommendation, sensitivity=Sensitivity.RESTRICTED)
    shown = {
        role: {one.pk for one in page(role).context["open_updates"]}
        for role in ("viewer", "other", "reviewer", "manager")
    }
    assert shown == {"viewer": set(), "other": set(), "reviewer": {waiting.pk}, "manager": {waiting.pk}}
    assert {draft.pk, waiting.pk} < {one.pk for one in page("author").context["open_updates"]}


def test_what_was_withdrawn_is_not_shown(page, team, recommendation):
    update = factories.submit(team["author"], recommendation)
    updates.withdraw(update=update, actor=team["author"], now=NOW)
    assert page("author").context["open_updates"] == []


def test_only_contributors_are_offered_to_write(page, team, recommendation):
    address = reverse("update-add", args=[recommendation.reference])
    assert address not in page("viewer").content.decode()
    assert address in page("author").content.decode()
    check = reverse("check-add", args=[recommendation.reference])
    assert check not in page("author").content.decode(), "there is nothing yet that a check could confirm"
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    assert check in page("author").content.decode()


def test_on_a_closed_report_nothing_more_is_written(page, recommendation):
    recommendation.report.closed_at = NOW
    recommendation.report.save()
    response = page("author")
    assert "North Korea 2024 was closed on 2 Sep 2024" in text_of(response)
    assert reverse("update-add", args=[recommendation.reference]) not in response.content.decode()


def test_html_in_every_text_is_shown_as_text(page, team, recommendation):
    Recommendation.objects.update(short_title="<em>title</em>", text="<em>words</em>")
    team["author"].name = "<em>Ana</em>"
    team["author"].save()
    evil = "<em>evil</em>"
    item = factories.link(team["author"], evil, source=evil)
    factories.approve(
        team["author"],
        recommendation,
        reviewer=team["reviewer"],
        cites=[item],
        places=[evil],
        reason=evil,
        government_claim=evil,
        public_text=evil,
        internal_note=evil,
    )
    response = page()
    assert "<em>" not in response.content.decode()
    # title, source, place, reason twice (standing and history), claim twice, public text, note
    assert text_of(response).count(evil) == 9


def test_an_unknown_reference_is_not_found(client, team, report):
    client.force_login(team["viewer"])
    for reference in ("TIP-2024-KP-99", "x"):
        assert client.get(reverse("recommendation-detail", args=[reference])).status_code == 404


def test_a_member_without_a_role_finds_nothing(client, team, recommendation):
    team["viewer"].groups.clear()
    client.force_login(team["viewer"])
    assert client.get(recommendation.get_absolute_url()).status_code == 404


def test_an_update_that_is_approved_while_the_page_is_read_does_not_break_it(
    team, recommendation, monkeypatch, page
):
    """Its citation would belong to an entry that was not there when the updates were read."""
    first = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    counted = CitationQuerySet.counted_for

    def approved_meanwhile(citations, user):
        if not StatusUpdate.objects.exclude(pk=first.pk).exists():
            item = factories.link(team["author"])
            factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[item])
        return counted(citations, user)

    monkeypatch.setattr(CitationQuerySet, "counted_for", approved_meanwhile)
    assert entries(page())[-1] == first.pk
    assert StatusUpdate.objects.count() == 2
