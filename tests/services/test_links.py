"""Looking up links: when, which, and what the page tells; what is asked of the web is in test_web_client."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from recommendations import jobs
from recommendations.choices import LinkOutcome, Sensitivity
from recommendations.models import Evidence, LinkCheck
from recommendations.services.evidence import links
from recommendations.web import client
from recommendations.web.client import Answer, NoAnswer
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of


def look_up(now=NOW, **answers):
    """Look up what is due; each address answers as given."""

    def fetched(url):
        found = answers.get("found")
        if isinstance(found, Exception):
            raise found
        return found

    return links.check_due(now=now, fetch=fetched)


def page_of(item, person):
    return text_of(browser_of(person).get(item.get_absolute_url()))


@pytest.fixture
def on(settings):
    settings.LINK_CHECKS = True


def test_nothing_is_looked_up_unless_it_is_turned_on(team, monkeypatch):
    item = factories.link(team["author"])
    monkeypatch.setattr(client, "fetch", lambda *_asked: pytest.fail("asked"))
    assert jobs.check_links(NOW) == 0
    with pytest.raises(CommandError, match="LINK_CHECKS=yes"):
        call_command("check_links")
    assert "does not check links by itself" in page_of(item, team["viewer"])


def test_status_title_and_date_are_told_and_a_dead_link_is_marked(team, on):
    item = factories.link(team["author"])
    assert "Not checked yet." in page_of(item, team["viewer"])
    assert look_up(found=Answer(200, "https://example.org/b", "<b>A decree</b>")) == 1
    said = page_of(item, team["viewer"])
    assert "The page is there (200)" in said and "Its title was “<b>A decree</b>”" in said
    assert "It redirected to https://example.org/b" in said and "Dead link." not in said
    assert look_up(NOW + timedelta(days=6)) == 0
    look_up(NOW + timedelta(days=7), found=Answer(404, item.url, "Not found"))
    said = page_of(item, team["viewer"])
    assert "Dead link. The page is gone (404)" in said and "“<b>A decree</b>”" in said and "last seen" in said


def test_one_silence_is_not_death_and_two_are(team, on):
    item = factories.link(team["author"])
    look_up(found=NoAnswer("timed out"))
    assert "The site does not answer" in (said := page_of(item, team["viewer"])) and "Dead" not in said
    look_up(NOW + timedelta(days=7), found=NoAnswer("timed out"))
    assert "Dead link." in page_of(item, team["viewer"])


def test_a_link_into_our_own_network_is_told_and_not_asked(team, on, ours):
    item = Evidence.objects.create(
        form="link",
        url=f"http://localhost:{ours.server_port}/",
        title="Ours",
        uploaded_by=team["author"],
        uploaded_at=NOW,
    )
    assert jobs.check_links(NOW) == 1
    assert LinkCheck.objects.get().outcome == LinkOutcome.REFUSED and ours.connections == 0
    assert "is not on the public web" in page_of(item, team["viewer"])


def test_restricted_links_are_never_looked_up(team, on):
    item = factories.link(team["author"], sensitivity=Sensitivity.RESTRICTED)
    assert look_up(found=pytest.fail) == 0
    assert "Restricted links are never checked." in page_of(item, team["author"])


def test_the_form_says_what_will_happen(team, settings):
    browser = browser_of(team["author"])
    assert "It does not fetch the page" in text_of(browser.get("/evidence/add/?shape=link"))
    settings.LINK_CHECKS = True
    assert "can reveal our interest to the site" in text_of(browser.get("/evidence/add/?shape=link"))


def test_a_link_that_the_tracker_stumbles_over_does_not_hold_up_the_others(team, on, caplog):
    first, second = factories.link(team["author"], "First"), factories.link(team["author"], "Second")
    asked = []

    def fetched(url):
        asked.append(url)
        if len(asked) == 1:
            raise RuntimeError("a fault of ours")
        return Answer(200, url, "")

    assert links.check_due(now=NOW, fetch=fetched) == 1
    assert not first.link_checks.exists() and second.link_checks.get().outcome == LinkOutcome.ANSWERS
    assert str(first.key) in caplog.text and "First" not in caplog.text
    assert list(links.due(now=NOW)) == [first], "it is tried again"
