"""A look is not a finding outside either: it takes the place of none that is not published."""

import pytest

from recommendations.choices import Status
from recommendations.selectors.published import extents, telling_status
from recommendations.services import asks
from tests.support import past
from tests.support.pages import browser_of, text_of
from tests.support.past import freeze, on

LOOK = "No reliable information"


@pytest.fixture(params=["whole", "ask"])
def about(request, team, tracked, recommendation):
    """What the updates are about: the whole, or its one ask."""
    if request.param == "whole":
        return {}
    words = {"title": "The ask", "words": "Do", "now": on(5, 2)}
    return {"ask": asks.add(recommendation=recommendation, actor=team["reviewer"], **words)}


def outside(team, tracked):
    """Return what the published view of an edition frozen now says of all recommendations."""
    edition = freeze(team, tracked)
    page = text_of(browser_of(team["viewer"]).get(edition.get_absolute_url() + "?level=public"))
    return page[page.index("As it stood on") :]


def test_a_look_after_a_finding_that_stays_inside_tells_no_status(team, tracked, recommendation, about):
    past.approve(team, recommendation, on(6, 1), status=Status.CONTRARY, **about)
    past.publish(team, recommendation, on(6, 9), status=Status.NO_INFORMATION, **about)
    recommendation.refresh_from_db()
    assert recommendation.status == Status.CONTRARY
    page = outside(team, tracked)
    assert LOOK not in page and "Seen by all." in page, "its words are outside all the same"
    assert telling_status(extents()) == set()


def test_one_that_was_the_status_by_its_day_stays_with_it(team, tracked, recommendation, about):
    look = past.publish(team, recommendation, on(6, 1), status=Status.NO_INFORMATION, **about)
    later = {"status": Status.CONTRARY, "earlier": "leave", **about}
    past.approve(team, recommendation, on(6, 9), **later)
    assert LOOK in outside(team, tracked) and telling_status(extents()) == {look.pk}
