"""The list of what waits for review: what would move the whole, and what waits for a second person."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.choices import AccountAct, Extent, Sensitivity, Status
from recommendations.models import AccountChange
from recommendations.selectors.publishing import confirmable
from recommendations.services import asks, publications
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
LIST = "/reviews/"


def split(team, recommendation):
    """Split a recommendation in two. Returns: both asks."""
    words = recommendation.text.split(" ")
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW}
    return [
        asks.add(**about, title=title, words=said)
        for title, said in (("First", " ".join(words[:2])), ("Second", " ".join(words[2:])))
    ]


def test_it_says_when_an_update_about_an_ask_would_move_the_whole(team, recommendation):
    one, two = split(team, recommendation)
    cites = [factories.link(team["author"])]
    about = {"reviewer": team["reviewer"], "cites": cites}
    for ask in (one, two):
        factories.approve(team["author"], recommendation, ask=ask, status=Status.PARTLY, **about)
    moves = factories.submit(
        team["author"], recommendation, NOW + DAY, ask=one, status=Status.CONTRARY, cites=cites
    )
    stays = factories.submit(
        team["author"], recommendation, NOW + DAY, ask=two, status=Status.IMPLEMENTED, cites=cites
    )
    answer = browser_of(team["reviewer"]).get(LIST)
    then = {update.pk: update.whole_then for update in answer.context["page"].object_list}
    assert then == {moves.pk: Status.CONTRARY, stays.pk: ""}
    assert "The whole recommendation: Partly implemented → to Contrary action" in text_of(answer)
    review = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[moves.key])))
    assert "Contrary action" in review, "the page of one says the same"


def test_of_the_whole_it_says_no_move_that_the_asks_would_not_let_happen(team, recommendation):
    one, two = split(team, recommendation)
    cites = [factories.link(team["author"])]
    about = {"reviewer": team["reviewer"], "cites": cites}
    for ask in (one, two):
        factories.approve(team["author"], recommendation, ask=ask, status=Status.PARTLY, **about)
    waiting = factories.submit(
        team["author"], recommendation, NOW + DAY, status=Status.NO_ACTION, cites=cites
    )
    for page in (LIST, reverse("review", args=[waiting.key])):
        text = text_of(browser_of(team["reviewer"]).get(page))
        assert "No action (of the whole, beside the findings of its asks)" in text
        assert "to No action" not in text, "the asks have findings of their own, so they decide"
    assert "The findings of the asks decide" in text


def test_a_restricted_one_moves_it_only_if_it_counts(team, recommendation):
    one, _two = split(team, recommendation)
    hidden = factories.submit(
        team["author"],
        recommendation,
        ask=one,
        status=Status.CONTRARY,
        sensitivity=Sensitivity.RESTRICTED,
        cites=[factories.link(team["author"])],
    )
    factories.grant(team["reviewer"], update=hidden)
    answer = browser_of(team["reviewer"]).get(LIST)
    [update] = answer.context["page"].object_list
    assert update.whole_then == Status.CONTRARY and "(only if it counts)" in text_of(answer)


@pytest.fixture
def proposed(team, recommendation):
    """An approved update of Ana that Omar proposes to publish."""
    update = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], public_text="Seen by all."
    )
    publications.propose(update=update, actor=team["other"], extent=Extent.WORDS, now=NOW)
    return update


def test_it_leads_to_publications_that_wait_for_a_second_person(team, proposed):
    answer = browser_of(team["reviewer"]).get(LIST)
    assert "Publications that wait for a second person 1" in text_of(answer)
    assert reverse("update-publication", args=[proposed.key]) in answer.content.decode()


def test_but_not_to_what_the_reader_cannot_confirm(team, kay, recommendation, proposed):
    publications.decline(update=proposed, actor=team["other"], now=NOW)
    publications.propose(update=proposed, actor=team["reviewer"], extent=Extent.WORDS, now=NOW)
    assert "wait for a second person" not in text_of(browser_of(team["reviewer"]).get(LIST))
    assert confirmable(team["second"]).exists()
    AccountChange.objects.create(person=team["second"], by=team["reviewer"], act=AccountAct.ADDED, at=NOW)
    assert not confirmable(team["second"]).exists(), "the act would refuse it"
    AccountChange.objects.all().delete()
    hidden = factories.link(team["author"], sensitivity=Sensitivity.RESTRICTED)
    proposed.citations.create(evidence=hidden)
    assert not confirmable(team["second"]).exists(), "nor what cites an item that they cannot see"


def test_more_rows_cost_no_more_statements(team, report):
    def statements():
        browser = browser_of(team["reviewer"])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(LIST).status_code == 200
        return len(asked)

    def more(recommendation):
        one, _two = split(team, recommendation)
        cites = [factories.link(team["author"])]
        factories.submit(team["author"], recommendation, ask=one, cites=cites)
        update = factories.approve(
            team["author"], recommendation, reviewer=team["reviewer"], public_text="Seen.", cites=cites
        )
        publications.propose(update=update, actor=team["other"], extent=Extent.WORDS, now=NOW)

    first, second, third = report.recommendations.order_by("position")
    more(first)
    before = statements()
    more(second)
    more(third)
    assert statements() == before


def test_it_leads_to_what_is_outside_also_while_nothing_waits(team):
    page = browser_of(team["reviewer"]).get(LIST).content.decode()
    assert f'href="{reverse("publication-list")}"' in page
    assert f'href="{reverse("published-list")}"' in page, "whoever has to withdraw something finds it at once"
