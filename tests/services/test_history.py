"""The full history of a recommendation: every version with who, when and why; any two compared."""

import pytest
from django.urls import reverse

from recommendations.choices import Decision, Sensitivity, Status
from recommendations.models import UpdateVersion
from recommendations.services import asks, recommendations, review_dates, reviews, updates
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of


@pytest.fixture
def address(recommendation):
    return reverse("recommendation-history", args=[recommendation.reference])


@pytest.fixture
def rounds(team, recommendation):
    """An update that was returned, changed and approved: its two versions."""
    update = factories.send_back(
        team["author"],
        recommendation,
        reviewer=team["reviewer"],
        comment="Say which decree.",
        reason="A decree was read.",
    )
    factories.write(
        team["author"], recommendation, key=update.key, reason="A decree of May was read.", places=("Rodong",)
    )
    updates.submit(update=update, actor=team["author"], now=NOW)
    reviews.decide(update=update, reviewer=team["second"], decision=Decision.APPROVE, now=NOW)
    return list(update.versions.order_by("number"))


def test_every_version_stands_with_who_when_and_why(team, address, rounds):
    for who in ("reviewer", "author"):
        page = text_of(browser_of(team[who]).get(address))
        assert "version 2 Ana" in page
        assert "Approved, Sam" in page
        assert "version 1 Ana" in page
        assert "Returned, Rita" in page
        assert "The reviewer: Say which decree." in page


def test_others_read_what_was_approved_and_nothing_of_the_rounds(team, address, rounds):
    for who in ("viewer", "other"):
        browser = browser_of(team[who])
        page = text_of(browser.get(address))
        assert "A decree of May was read." in page
        assert "Say which decree." not in page
        assert "version 1" not in page
        assert browser.get(f"{address}?from={rounds[0].pk}&to={rounds[1].pk}").status_code == 404


def test_two_versions_are_compared_word_by_word(team, address, rounds):
    page = browser_of(team["reviewer"]).get(f"{address}?from={rounds[0].pk}&to={rounds[1].pk}")
    assert "A decree <ins>of May </ins>was read." in page.content.decode()
    assert "KCNA, 30 Aug 2024" in text_of(page)
    assert "Rodong, 30 Aug 2024" in text_of(page)


def test_any_two_updates_are_compared_and_what_is_hidden_stays_so(team, recommendation, address, rounds):
    closed = factories.link(team["author"], "Testimony of K.", sensitivity=Sensitivity.RESTRICTED)
    factories.grant(team["reviewer"], evidence=closed)
    update = factories.submit(
        team["author"], recommendation, cites=[closed], status=Status.INITIAL, as_of=NOW.date()
    )
    reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    pair = f"{address}?from={rounds[1].pk}&to={update.versions.get().pk}"
    assert "Testimony of K." in text_of(browser_of(team["reviewer"]).get(pair))
    page = text_of(browser_of(team["viewer"]).get(pair))
    assert "Testimony" not in page
    assert "Status changed No action Initial steps" in page
    secret = factories.approve_restricted(
        team["author"], recommendation, reviewer=team["reviewer"], reason="A witness."
    )
    for who in ("viewer", "manager"):
        assert "A witness." not in text_of(browser_of(team[who]).get(address))
        hidden = f"{address}?from={rounds[1].pk}&to={secret.versions.get().pk}"
        assert browser_of(team[who]).get(hidden).status_code == 404


@pytest.mark.parametrize("number", ["0", "x", "-1", "9" * 30, "²"])
def test_a_version_that_there_is_not_is_not_found(team, address, rounds, number):
    assert browser_of(team["reviewer"]).get(f"{address}?from={number}&to={rounds[0].pk}").status_code == 404


def test_a_correction_names_what_it_corrects_and_the_other_way_round(team, recommendation, address):
    wrong = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    factories.approve(
        team["author"],
        recommendation,
        reviewer=team["reviewer"],
        corrects=wrong,
        status=Status.NO_INFORMATION,
    )
    page = text_of(browser_of(team["viewer"]).get(address))
    assert "corrects Assessment as of 30 Aug 2024" in page
    assert "corrected by Assessment as of 30 Aug 2024" in page


def test_what_else_happened_is_told_in_words(team, recommendation, address):
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW}
    recommendations.assign(owner=team["author"], deputy=None, **about)
    review_dates.reschedule(interval_days=30, **about)
    recommendations.retitle(short_title="Another", pillar="", **about)
    ask = asks.add(title="One", words="number 1", **about)
    asks.rename(ask=ask, actor=team["reviewer"], title="The one", now=NOW)
    asks.retire(ask=ask, actor=team["reviewer"], reason="It is no ask.", now=NOW)
    page = text_of(browser_of(team["viewer"]).get(address))
    for words in (
        "Owner Ana, deputy nobody",
        "every 30 days",
        "“Thing 1” → “Another”",
        "“One” → “The one”",
        "The one: It is no ask.",
    ):
        assert words in page


def test_the_page_costs_the_same_however_much_there_is(
    team, recommendation, address, rounds, django_assert_num_queries
):
    browser = browser_of(team["reviewer"])
    for _ in range(3):
        factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    with django_assert_num_queries(9):
        browser.get(address)
    for _ in range(6):
        factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    assert UpdateVersion.objects.count() == 11
    with django_assert_num_queries(9):
        browser.get(address)
