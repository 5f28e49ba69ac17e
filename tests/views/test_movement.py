"""The movement of an assessment: asked for where an earlier one was approved of the same thing, else not."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import Movement
from recommendations.models import StatusUpdate
from recommendations.services import asks, updates
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.forms import update_address, update_form
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

FIELD = 'name="movement"'


@pytest.fixture
def assessed(team, recommendation):
    """Approve the first assessment of the recommendation as a whole."""
    return factories.approve(team["author"], recommendation, NOW - 30 * DAY, reviewer=team["reviewer"])


@pytest.fixture
def ask(team, recommendation):
    """Split an ask off the recommendation."""
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW - 60 * DAY}
    return asks.add(title="The thing", words="the thing", **about)


def form_of(team, recommendation, **query):
    return browser_of(team["author"]).get(update_address(recommendation), query).content.decode()


def test_a_first_assessment_is_not_asked_for_it_and_nothing_is_shown(team, recommendation):
    ana = browser_of(team["author"])
    assert FIELD not in form_of(team, recommendation)
    ana.post(update_address(recommendation), update_form(movement="worse"))
    update = StatusUpdate.objects.get()
    assert (update.state, update.movement) == ("submitted", ""), "what a form sends all the same is left out"
    assert update.versions.get().content["movement"] == ""
    review = browser_of(team["reviewer"]).get(reverse("review", args=[update.key]))
    assert "Movement" not in text_of(review)
    factories.decide(update, team["reviewer"])
    recommendation.refresh_from_db()
    assert recommendation.movement == ""
    assert 'class="movement' not in ana.get(recommendation.get_absolute_url()).content.decode()


def test_from_the_second_on_it_is_required(team, recommendation, assessed):
    assert FIELD in form_of(team, recommendation)
    page = browser_of(team["author"]).post(update_address(recommendation), update_form(movement=""))
    assert "Choose the movement, or “Unknown”." in text_of(page)


def test_two_first_ones_that_wait_at_a_time_are_both_approved(team, recommendation):
    first = factories.submit(team["author"], recommendation, NOW - DAY)
    second = factories.submit(team["other"], recommendation, NOW - DAY)
    factories.decide(first, team["reviewer"], now=NOW)
    factories.decide(second, team["reviewer"], now=NOW)
    assert (second.state, second.movement) == ("approved", "")


def test_a_draft_beside_which_another_was_approved_is_a_second_one(team, recommendation):
    draft = factories.write(team["author"], recommendation, NOW - DAY, movement="")
    factories.approve(team["other"], recommendation, NOW - DAY, reviewer=team["reviewer"])
    with pytest.raises(ValidationError, match="movement"):
        updates.submit(update=draft, actor=team["author"], now=NOW)
    page = browser_of(team["author"]).get(reverse("update-edit", args=[draft.key]))
    assert FIELD in page.content.decode()


def test_a_correction_of_the_first_one_is_not_asked_for_it(team, recommendation, assessed):
    assert FIELD not in form_of(team, recommendation, corrects=assessed.key)
    about = {"corrects": assessed, "movement": Movement.WORSE, "as_of": assessed.as_of}
    correction = factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"], **about)
    assert correction.movement == ""
    assert FIELD not in form_of(team, recommendation, corrects=correction.key)
    assert FIELD in form_of(team, recommendation), "the next one has something to compare itself with"


def test_the_status_of_the_whole_says_nothing_of_one_ask(team, recommendation, ask, assessed):
    said = {"ask": ask, "movement": Movement.BETTER}
    of_ask = factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"], **said)
    assert of_ask.movement == ""
    ask.refresh_from_db()
    assert ask.movement == ""
    again = factories.submit(team["author"], recommendation, NOW, **said)
    assert again.movement == Movement.BETTER


def test_a_form_that_may_be_about_several_asks_says_of_which_it_asks(team, recommendation, ask, assessed):
    page = form_of(team, recommendation, ask=ask.position)
    assert FIELD in page
    assert "Only for what was assessed before: “The whole recommendation”." in page
    data = update_form(ask=ask.pk, movement="better")
    browser_of(team["author"]).post(update_address(recommendation), data)
    update = StatusUpdate.objects.get(ask=ask)
    assert (update.state, update.movement) == ("submitted", "")


def test_a_restricted_assessment_is_not_told_of_by_what_the_form_asks(team, recommendation):
    factories.approve_restricted(team["other"], recommendation, reviewer=team["reviewer"])
    assert FIELD not in form_of(team, recommendation)
