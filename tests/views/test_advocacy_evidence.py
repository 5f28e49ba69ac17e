"""The files and links of an entry of the advocacy log: items of the evidence, each under its own rules."""

import uuid

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Citation, Event, Evidence
from recommendations.selectors.dashboard import numbers
from recommendations.services import advocacy
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture
def entry(team):
    """An entry of Ana's that the team reads."""
    return factories.advocacy(team["author"])


@pytest.fixture
def address(entry):
    return reverse("advocacy-evidence", args=[entry.key])


def added(person, address, *items):
    return browser_of(person).post(address, {"items": [item.key for item in items]}, follow=True)


def test_its_author_adds_items_and_the_team_reads_them(team, entry, address):
    letter, answer = (
        factories.link(team["author"], "Our letter"),
        factories.link(team["other"], "Their answer"),
    )
    page = text_of(browser_of(team["author"]).get(address))
    assert "The newest" in page and "Our letter" in page
    assert "Of this entry 2" in text_of(added(team["author"], address, letter, answer))
    read = browser_of(team["viewer"]).get(entry.get_absolute_url())
    assert "Files and links 2" in text_of(read) and letter.get_absolute_url() in read.content.decode()
    assert "Add or remove files and links" not in text_of(read)


def test_an_item_that_the_reader_cannot_see_is_not_shown_and_not_counted(team, entry, address):
    hidden = factories.link(team["author"], "Canary", Sensitivity.RESTRICTED)
    added(team["author"], address, hidden, factories.link(team["author"], "Our letter"))
    for role in ("viewer", "reviewer", "manager"):
        page = text_of(browser_of(team[role]).get(entry.get_absolute_url()))
        assert "Canary" not in page and "Files and links 1" in page
    assert "Canary" in text_of(browser_of(team["author"]).get(entry.get_absolute_url()))


def test_nobody_adds_what_they_cannot_see_nor_to_the_entry_of_another(team, entry, address):
    hidden = factories.link(team["other"], "Canary", Sensitivity.RESTRICTED)
    page = added(team["author"], address, hidden)
    assert "One of these items can no longer be seen, or was removed." in text_of(page)
    assert "Canary" not in page.content.decode()
    refused = added(team["other"], address, hidden)
    assert refused.status_code == 409
    assert "Only Ana, who logged it, can change it." in refused.content.decode()
    with pytest.raises(Refused):
        advocacy.add_evidence(entry=entry, actor=team["other"], items=[hidden], now=NOW)
    assert not entry.evidence.exists()


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "Choose at least one item."),
        ([uuid.uuid4()], "One of these items can no longer be seen"),
        (["nonsense"], "One of these items can no longer be seen"),
    ],
)
def test_what_cannot_be_added_is_told(team, address, items, message):
    assert message in text_of(browser_of(team["author"]).post(address, {"items": items}))


def test_an_item_is_found_by_its_words_and_the_rest_is_counted(team, address):
    for number in range(22):
        factories.link(team["author"], f"Minutes {number}")
    factories.link(team["author"], "Our letter")
    ana = browser_of(team["author"])
    assert "3 more items are not shown" in text_of(ana.get(address))
    found = text_of(ana.get(address, {"q": "letter"}))
    assert "Found Our letter" in found and "Minutes 3" not in found
    assert "No item has these words." in text_of(ana.get(address, {"q": "xyzzy"}))


def test_removing_one_leaves_the_item(team, entry, address):
    item = factories.link(team["author"], "Our letter")
    added(team["author"], address, item)
    sent = {"act": "remove", "item": item.key}
    page = text_of(browser_of(team["author"]).post(address, sent, follow=True))
    assert "“Our letter” is removed from this entry. The item itself stays." in page
    assert not entry.evidence.exists() and Evidence.objects.filter(pk=item.pk).exists()
    assert browser_of(team["author"]).post(address, {"act": "remove", "item": "x"}).status_code == 404


def test_it_is_no_evidence_of_a_status(team, report, entry, address):
    before = numbers(team["viewer"], report, NOW.date())
    added(team["author"], address, factories.link(team["author"], "Our letter"))
    assert not Citation.objects.exists()
    assert numbers(team["viewer"], report, NOW.date()) == before


def test_no_event_tells_of_what_is_added_to_a_restricted_entry(team):
    hidden = factories.advocacy(team["author"], sensitivity=Sensitivity.RESTRICTED)
    item = factories.link(team["author"])
    added(team["author"], reverse("advocacy-evidence", args=[hidden.key]), item)
    assert hidden.evidence.get() == item
    assert not Event.objects.filter(kind=EventKind.ADVOCACY_LOGGED).exists()
