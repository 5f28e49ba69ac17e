"""The criterion of a status: of the nature of what an update is about, by the version of its day."""

import pytest
from django.urls import reverse

from recommendations.choices import CURRENT_CRITERIA, Nature, criterion
from recommendations.models import StatusUpdate
from recommendations.services import asks
from tests.support import factories
from tests.support.factories import NOW
from tests.support.forms import update_address
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

TO_DO, TO_END = criterion("no_action", Nature.DO), criterion("no_action", Nature.END)


def as_practice(row):
    row.nature = Nature.END
    row.save()


def form_of(team, recommendation, **query):
    return text_of(browser_of(team["author"]).get(update_address(recommendation), query))


def test_the_form_shows_those_of_the_nature(team, recommendation):
    assert TO_DO in form_of(team, recommendation) and TO_END not in form_of(team, recommendation)
    as_practice(recommendation)
    assert TO_END in form_of(team, recommendation) and TO_DO not in form_of(team, recommendation)


def test_a_form_with_asks_of_both_natures_shows_both_and_which_is_which(team, recommendation):
    ask = asks.add(
        recommendation=recommendation, actor=team["reviewer"], title="Camps", words="the thing", now=NOW
    )
    assert TO_END not in form_of(team, recommendation)
    as_practice(ask)
    text = form_of(team, recommendation, ask=ask.position)
    assert f"Something to do: {TO_DO} A practice to end: {TO_END}" in text
    assert "The whole recommendation (Something to do)" in text and "Camps (A practice to end)" in text


def test_a_correction_of_an_ask_shows_those_of_the_ask(team, recommendation):
    ask = asks.add(
        recommendation=recommendation, actor=team["reviewer"], title="Camps", words="the thing", now=NOW
    )
    as_practice(ask)
    update = factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"], ask=ask)
    text = form_of(team, recommendation, corrects=update.key)
    assert TO_END in text and TO_DO not in text


def test_it_keeps_the_version_and_the_nature_that_it_was_made_under(team, recommendation):
    draft = factories.write(team["author"], recommendation, NOW)
    assert (draft.criteria, draft.nature) == (None, "")
    update = factories.submit(team["author"], recommendation, NOW)
    assert (update.criteria, update.nature) == (CURRENT_CRITERIA, Nature.DO)
    content = update.versions.get().content
    assert (content["criteria"], content["nature"]) == (CURRENT_CRITERIA, "do")
    as_practice(recommendation)
    review = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    assert f"The criterion (something to do): {TO_DO}" in review
    factories.decide(update, team["reviewer"], now=NOW)
    assert f"Criterion: {TO_DO}" in text_of(browser_of(team["viewer"]).get(recommendation.get_absolute_url()))


def test_one_from_before_there_were_versions_shows_the_words_of_its_day(team, recommendation):
    factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"])
    StatusUpdate.objects.update(criteria=1, nature="")
    page = text_of(browser_of(team["viewer"]).get(recommendation.get_absolute_url()))
    assert "Criterion: Nothing new in the period." in page
    assert "(version 1 of the criteria; they have been reworded since)" in page


def test_a_check_is_judged_by_none(team, recommendation):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    check = factories.check(team["author"], recommendation, reviewer=team["reviewer"])
    assert (check.criteria, check.nature, check.criterion) == (None, "", "")
