"""Independent origins: the number on the dashboard, and the page that lists what it counts."""

import re

import pytest
from django.urls import reverse

from recommendations.choices import Decision, Sensitivity
from recommendations.selectors.origins import ITEMS_SHOWN
from recommendations.services import reviews
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

ADDRESS = reverse("origin-list")


def cite(team, recommendation, *items):
    """Have an update approved that cites the items."""
    update = factories.submit(team["author"], recommendation, cites=list(items))
    reviews.decide(update=update, reviewer=team["reviewer"], decision=Decision.APPROVE, now=NOW)
    return update


def item(team, title, origin="", source="", **fields):
    return factories.link(team["author"], title, origin=origin, source=source, **fields)


def number(person, query=""):
    """Return the number on the person's home, where it leads, and what stands there."""
    client = browser_of(person)
    home = client.get(reverse("home") + query).content.decode()
    found = re.search(rf'href="({ADDRESS}[^"]*)"\s+data-count>\s*(\d+)\s*<', home)
    page = client.get(found[1])
    assert page.context["page"].paginator.count == int(found[2]) == len(page.context["origins"])
    return int(found[2]), words(page)


def test_papers_that_print_one_report_are_one_origin_and_who_names_nobody_is_none(team, recommendation):
    cite(
        team,
        recommendation,
        item(team, "In a paper", "Daily NK", "Yonhap"),
        item(team, "In another", "daily  nk", "Kyodo"),
        item(team, "The decree", "", "KCNA"),
        item(team, "Found on a wall"),
    )
    item(team, "Cited by nobody", "Somebody")
    counted, shown = number(team["viewer"])
    assert counted == 2
    assert "Daily NK 2" in shown
    assert "In a paper" in shown
    assert "In another" in shown
    assert "KCNA 1 The decree" in shown
    assert "Found on a wall" not in shown
    assert "Cited by nobody" not in shown


def test_what_is_restricted_or_not_approved_adds_nothing(team, recommendation):
    closed = item(team, "Testimony of K.", "K., a witness", sensitivity=Sensitivity.RESTRICTED)
    factories.grant(team["reviewer"], evidence=closed)
    cite(team, recommendation, item(team, "The decree", "KCNA"), closed)
    factories.submit(team["author"], recommendation, cites=[item(team, "Not yet", "A blog")])
    assert number(team["author"])[0] == 2
    assert number(team["reviewer"])[0] == 2
    for role in ("viewer", "manager"):
        counted, shown = number(team[role])
        assert counted == 1
        assert "witness" not in shown
        assert "Testimony" not in shown


def test_a_chosen_report_narrows_both_and_an_unknown_one_is_not_found(team, recommendation):
    other = factories.report(code="SY", name="Syria")
    cite(team, recommendation, item(team, "The decree", "KCNA"))
    cite(team, other.recommendations.first(), item(team, "A law", "SANA"))
    assert number(team["viewer"])[0] == 1, "the page names one report, so it counts one"
    every = browser_of(team["viewer"]).get(ADDRESS)
    assert every.context["page"].paginator.count == 2
    counted, shown = number(team["viewer"], "?report=TIP-2024-SY")
    assert counted == 1
    assert "SANA" in shown
    assert "KCNA" not in shown
    client = browser_of(team["viewer"])
    assert client.get(ADDRESS + "?report=TIP-1999-XX").status_code == 404


@pytest.mark.parametrize("spare", [1, 3])
def test_an_origin_of_many_items_leads_to_the_search_that_finds_them_all(team, recommendation, spare):
    items = [item(team, f"Item {n}", "Daily NK", "Yonhap") for n in range(ITEMS_SHOWN + spare)]
    cite(team, recommendation, *items)
    page = browser_of(team["viewer"]).get(ADDRESS).content.decode()
    assert page.count("/evidence/") >= ITEMS_SHOWN
    searched = re.search(r'href="(/evidence/\?q=[^"]+)"', page)[1]
    found = browser_of(team["viewer"]).get(searched)
    assert found.context["page"].paginator.count == ITEMS_SHOWN + spare


def test_nothing_cited_yet_says_so(team, recommendation):
    counted, shown = number(team["viewer"])
    assert counted == 0
    assert "No origin is named yet." in shown
