"""One thing has one name on a page."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.support import factories, knocking
from tests.support.pages import browser_of, words

pytestmark = pytest.mark.django_db


def test_a_comment_names_a_field_as_the_page_of_the_update_heads_it(team, recommendation):
    update = factories.submit(team["author"], recommendation, public_text="A law was passed.")
    remarks = {"on_public_text": "Which law?", "on_sensitivity": "Public?", "on_places": "Where else?"}
    sent = {"decision": "return", "seen_version": 1, **remarks}
    browser_of(team["reviewer"]).post(reverse("review", args=[update.key]), sent)
    page = words(browser_of(team["author"]).get(update.get_absolute_url()))
    for name, twice in (("What was found", 2), ("Who can see this", 2), ("Where we looked", 2)):
        assert page.count(name) == twice, name
    assert not {name for name in ("Public text", "Sensitivity", "Where they looked") if name in page}


def test_the_form_of_an_update_asks_who_can_see_it(team, recommendation):
    page = words(browser_of(team["author"]).get(reverse("update-add", args=[recommendation.reference])))
    assert page.count("Who can see this") == 3, "of the update, and of each empty row of evidence"
    assert "public text" not in page.lower(), "it is called what was found"


def test_the_desk_says_today_of_what_was_returned_today(team, recommendation):
    today = timezone.now().date()
    factories.send_back(
        team["author"], recommendation, reviewer=team["reviewer"], comment="Which?", as_of=today
    )
    desk = words(browser_of(team["reviewer"]).get(reverse("admin:index")))
    assert f"{team['author'].name} today" in desk and "0 days" not in desk


def test_errors_of_new_evidence_are_told_in_the_order_of_the_page(team):
    page = browser_of(team["author"]).post(reverse("evidence-add"), {}).content.decode()
    summary = page.partition("error-summary")[2].partition("</ul>")[0]
    assert 0 < summary.index("Choose a file.") < summary.index("Choose who can see this.")


def test_the_form_of_advocacy_asks_who_can_see_it_as_its_page_tells(team):
    page = words(browser_of(team["author"]).get(reverse("advocacy-add")))
    assert "Who can see this" in page and "Sensitivity" not in page


def test_a_bundle_of_links_alone_tells_no_size(team, recommendation):
    item = factories.link(team["author"], "Statement")
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], cites=[item])
    page = browser_of(team["viewer"]).get(reverse("recommendation-bundle", args=[recommendation.reference]))
    assert "1 item that you can see" in words(page) and "0 bytes" not in words(page).replace("\xa0", " ")


def test_an_empty_choice_is_headed_by_our_own_words_on_every_page(world):
    cookies, found = knocking.cookies_of(world, "manager"), set()
    for name, arguments, method, status in knocking.table("manager"):
        if method != "get" or status != 200:
            continue
        answer = knocking.knock(world, cookies, name, arguments, method)
        if not answer.streaming and {"- Select an option -", "---------"} & set(_options(answer)):
            found.add(name)
    assert found == set()


def _options(answer):
    return [one.strip() for one in re.findall(r"<option[^>]*>([^<]*)<", answer.content.decode())]
