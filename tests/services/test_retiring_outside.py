"""An ask moves what is told outside: retiring it then takes two people, who confirm what they read."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import Status
from recommendations.errors import Refused
from recommendations.models import Ask
from recommendations.selectors.published import extents, standing, with_status
from recommendations.services import asks, publications
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.django_db
CHANGED = "After you opened this page, something changed"


@pytest.fixture
def split(team, recommendation):
    """A recommendation with two asks: (the whole, one, other)."""
    words = recommendation.text.split(" ")
    added = [
        asks.add(recommendation=recommendation, actor=team["reviewer"], title=title, words=said, now=NOW)
        for title, said in (("First", " ".join(words[:2])), ("Second", " ".join(words[2:])))
    ]
    return recommendation, *added


def say(team, recommendation, status, at=NOW, *, publish=False, **fields):
    made = factories.publish if publish else factories.approve
    about = {"reviewer": team["reviewer"], "status": status, "cites": [factories.link(team["author"])]}
    return made(team["author"], recommendation, at, **about, **fields)


def outside(recommendation):
    """Return the status of the whole that is told outside, empty where none is."""
    told = standing([recommendation], with_status(extents()))[recommendation.pk].whole
    return told.status if told.current else ""


def page_of(recommendation):
    return reverse("recommendation-asks", args=[recommendation.reference])


def confirming(answer):
    """Return what the page of the asks sends along when one is confirmed."""
    return dict(re.findall(r'name="(confirm-\d+-seen)" value="(\w+)"', answer.content.decode()))


@pytest.fixture
def hidden(team, split):
    """A look at the second ask that stays inside hides the published status of the whole."""
    whole, one, other = split
    say(team, whole, Status.PARTLY, publish=True)
    say(team, whole, Status.PARTLY, publish=True, ask=one)
    say(team, whole, Status.NO_INFORMATION, NOW + DAY, ask=other)
    assert outside(whole) == ""
    return whole, other


def test_one_person_brings_no_status_outside_by_retiring_an_ask_with_only_a_look(team, hidden):
    whole, other = hidden
    rita = browser_of(team["reviewer"])
    data = {"act": "retire", "ask": "2", "retire-2-reason": "It is one with the first."}
    said = text_of(rita.post(page_of(whole), data, follow=True))
    assert "It is proposed." in said and outside(whole) == ""
    assert "Outside, this would be told of the whole recommendation: Partly implemented" in said
    sam = browser_of(team["second"])
    read = sam.get(page_of(whole))
    sam.post(page_of(whole), {**confirming(read), "act": "confirm", "ask": "2"})
    assert Ask.objects.get(pk=other.pk).retired_at and outside(whole) == Status.PARTLY


def test_so_does_one_whose_look_is_told_outside(team, split):
    whole, one, other = split
    say(team, whole, Status.NO_INFORMATION, publish=True, ask=other)
    assert asks.retire(ask=other, actor=team["reviewer"], reason="Gone.", now=NOW).retired_at is None
    assert asks.retire(ask=one, actor=team["reviewer"], reason="Gone.", now=NOW).retired_at


@pytest.mark.parametrize("change", ["publish", "assess", "retire", "propose anew", "nothing read"])
def test_who_confirms_confirms_what_they_read(team, split, change):
    whole, one, other = split
    say(team, whole, Status.CONTRARY, ask=one)
    second = say(team, whole, Status.PARTLY, ask=other, public_text="Seen by all.")
    asks.retire(ask=one, actor=team["reviewer"], reason="It is one with the second.", now=NOW)
    sam = browser_of(team["second"])
    read = confirming(sam.get(page_of(whole)))
    if change == "publish":
        publications.propose(update=second, actor=team["author"], extent="words_and_status", now=NOW)
        publications.confirm(update=second, actor=team["reviewer"], extent="words_and_status", now=NOW)
    elif change == "assess":
        say(team, whole, Status.IMPLEMENTED, NOW + DAY, ask=other)
    elif change == "retire":
        asks.retire(ask=other, actor=team["reviewer"], reason="Gone.", now=NOW)
        asks.confirm_retiring(ask=other, actor=team["second"], now=NOW)
    elif change == "propose anew":
        asks.keep(ask=one, actor=team["reviewer"], now=NOW)
        asks.retire(ask=one, actor=team["reviewer"], reason="Another reason.", now=NOW)
    else:
        read = {}
    answer = sam.post(page_of(whole), {**read, "act": "confirm", "ask": "1"}, follow=True)
    assert CHANGED in text_of(answer) and Ask.objects.get(pk=one.pk).retired_at is None
    sam.post(page_of(whole), {**confirming(answer), "act": "confirm", "ask": "1"})
    assert Ask.objects.get(pk=one.pk).retired_at


def test_the_service_compares_too(team, split):
    whole, one, _other = split
    say(team, whole, Status.CONTRARY, ask=one)
    asks.retire(ask=one, actor=team["reviewer"], reason="Gone.", now=NOW)
    with pytest.raises(Refused, match=CHANGED):
        asks.confirm_retiring(ask=one, actor=team["second"], now=NOW, seen="other")


def test_nor_does_one_person_bring_another_status_outside_by_adding_an_ask(team, recommendation):
    """What stands of the whole inside was not published; what is outside of it is older, and would come
    back."""
    words = recommendation.text.split(" ")
    say(team, recommendation, Status.NO_ACTION, publish=True)
    say(team, recommendation, Status.IMPLEMENTED, NOW + DAY, earlier="leave")
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW + DAY}
    first = asks.add(**about, title="First", words=" ".join(words[:2]))
    say(team, recommendation, Status.IMPLEMENTED, NOW + DAY, publish=True, ask=first, earlier="leave")
    assert outside(recommendation) == Status.IMPLEMENTED
    with pytest.raises(ValidationError, match="another status of the whole would be told outside"):
        asks.add(**about, title="Second", words=" ".join(words[2:]))
    assert outside(recommendation) == Status.IMPLEMENTED
