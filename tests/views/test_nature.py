"""The nature of a recommendation or an ask: shown, corrected by a reviewer, and on record."""

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Nature
from recommendations.models import Event
from recommendations.services import asks
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


def test_a_reviewer_corrects_it_and_the_history_says_so(team, recommendation):
    rita = browser_of(team["reviewer"])
    assert "· Something to do" in text_of(rita.get(recommendation.get_absolute_url()))
    address = reverse("recommendation-settings", args=[recommendation.reference])
    sent = {"save": "names", "short_title": recommendation.short_title, "pillar": "", "nature": "end"}
    page = rita.post(address, sent, follow=True)
    assert "· A practice to end" in text_of(page)
    event = Event.objects.get()
    assert (event.kind, event.actor) == (EventKind.NATURE_CHANGED, team["reviewer"])
    assert event.payload == {"before": "do", "after": "end"}
    history = rita.get(reverse("recommendation-history", args=[recommendation.reference]))
    assert "“Something to do” → “A practice to end”" in text_of(history)
    rita.post(address, sent)
    assert Event.objects.count() == 1, "the same again changes nothing"


def test_a_reviewer_corrects_that_of_an_ask(team, recommendation):
    ask = asks.add(
        recommendation=recommendation, actor=team["reviewer"], title="It", words="the thing", now=NOW
    )
    rita = browser_of(team["reviewer"])
    address = reverse("recommendation-asks", args=[recommendation.reference])
    assert "Something to do" in text_of(rita.get(address))
    rita.post(address, {"act": "rename", "ask": "1", "rename-1-title": "It", "rename-1-nature": "end"})
    ask.refresh_from_db()
    assert (ask.title, ask.nature) == ("It", Nature.END)
    assert Event.objects.order_by("seq").last().kind == EventKind.NATURE_CHANGED
    history = rita.get(reverse("recommendation-history", args=[recommendation.reference]))
    assert "It: “Something to do” → “A practice to end”" in text_of(history)
    unchosen = rita.post(address, {"act": "rename", "ask": "1", "rename-1-title": "It again"})
    assert "Choose what it asks for." in text_of(unchosen)


def test_a_contributor_corrects_nothing(team, recommendation):
    address = reverse("recommendation-settings", args=[recommendation.reference])
    sent = {"save": "names", "short_title": "X", "pillar": "", "nature": "end"}
    assert browser_of(team["author"]).post(address, sent).status_code in (403, 404)
    recommendation.refresh_from_db()
    assert recommendation.nature == Nature.DO


def test_a_value_that_is_none_is_refused(team, recommendation):
    address = reverse("recommendation-settings", args=[recommendation.reference])
    sent = {"save": "names", "short_title": "X", "pillar": "", "nature": "both"}
    assert browser_of(team["reviewer"]).post(address, sent).status_code == 200
    assert not Event.objects.exists()


def test_a_column_of_the_list_says_it(team, recommendation):
    data = content(take_out(team["viewer"], "recommendations", columns=["reference", "nature"]))
    _face, heads, rows = rows_of(data)
    assert heads == ["Reference", "Nature"]
    assert rows[0] == [recommendation.reference, "Something to do"]
