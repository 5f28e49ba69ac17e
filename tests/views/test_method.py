"""The page "How we rate": the texts by which people rate, and who finds the way there."""

import pytest
from django.urls import reverse

from recommendations.choices import CRITERIA, HRC_GRADES, UPR_LEVELS, Nature, Status
from tests.support import factories
from tests.support.forms import update_address
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

LINK = f'href="{reverse("how-we-rate")}"'


def test_each_criterion_of_each_version_can_be_read_there(team):
    text = text_of(browser_of(team["viewer"]).get(reverse("how-we-rate")))
    for by_nature in CRITERIA.values():
        for nature in Nature:
            assert all(str(words) in text for words in by_nature[nature].values())


def test_it_says_what_becomes_of_a_finding_that_is_set_aside_and_how_asks_are_put_together(team):
    text = text_of(browser_of(team["viewer"]).get(reverse("how-we-rate")))
    assert "an assessment sets it aside and gives the reason; the status is then “No reliable" in text
    assert "Until every ask has a finding of its own, the last finding of the whole counts beside" in text


def test_it_says_what_others_would_call_each_status(team):
    text = text_of(browser_of(team["viewer"]).get(reverse("how-we-rate")))
    for status, grade in HRC_GRADES.items():
        assert f"{Status(status).label} {grade} {UPR_LEVELS[status]}" in text
    assert "No reliable information D if no answer of the government is known, otherwise none –" in text


def test_the_form_the_review_and_each_page_lead_there(team, recommendation):
    update = factories.submit(team["author"], recommendation)
    for person, address in [
        ("author", update_address(recommendation)),
        ("reviewer", reverse("review", args=[update.key])),
        ("viewer", recommendation.get_absolute_url()),
        ("viewer", reverse("home")),
    ]:
        assert LINK in browser_of(team[person]).get(address).content.decode()


def test_a_partner_is_not_led_to_what_they_cannot_open(team):
    team["viewer"].is_partner = True
    team["viewer"].save()
    partner = browser_of(team["viewer"])
    assert LINK not in partner.get(reverse("settings")).content.decode()
    assert partner.get(reverse("how-we-rate")).status_code != 200
