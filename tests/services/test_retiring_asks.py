"""Retiring an ask that can move the whole takes two people, like an approval."""

import re

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Status
from recommendations.errors import Refused
from recommendations.models import Event
from recommendations.selectors.news import Chronicle
from recommendations.services import asks, integrity
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

STATUSES = integrity.CHECKS["Statuses follow from approved updates"]


@pytest.fixture
def second(team):
    """Another reviewer."""
    return team["second"]


@pytest.fixture
def split(team, recommendation):
    """A recommendation with two asks: (the whole, one, other)."""
    words = recommendation.text.split(" ")
    added = [
        asks.add(recommendation=recommendation, actor=team["reviewer"], title=title, words=said, now=NOW)
        for title, said in (("First", " ".join(words[:2])), ("Second", " ".join(words[2:])))
    ]
    return recommendation, *added


def confirming(answer):
    """Return what the page of the asks sends along when one is confirmed."""
    return dict(re.findall(r'name="(confirm-\d+-seen)" value="(\w+)"', answer.content.decode()))


def say(team, recommendation, status, at=NOW, **fields):
    return factories.approve(
        team["author"],
        recommendation,
        at,
        reviewer=team["reviewer"],
        status=status,
        cites=[factories.link(team["author"])],
        **fields,
    )


def retire(team, ask, who="reviewer"):
    return asks.retire(ask=ask, actor=team[who], reason="It is one with the first.", now=NOW + DAY)


def test_one_without_a_finding_is_retired_by_one_person(team, split):
    _whole, one, _other = split
    assert retire(team, one).retired_at


def test_one_that_has_a_finding_counts_until_another_reviewer_confirms(team, split, second):
    whole, one, other = split
    say(team, whole, Status.CONTRARY, ask=one)
    say(team, whole, Status.PARTLY, ask=other)
    proposed = retire(team, one)
    whole.refresh_from_db()
    assert proposed.retired_at is None and whole.status == Status.CONTRARY
    with pytest.raises(Refused, match="another reviewer has to confirm"):
        asks.confirm_retiring(ask=one, actor=team["reviewer"], now=NOW + DAY)
    with pytest.raises(Refused, match="Only reviewers"):
        asks.confirm_retiring(ask=one, actor=team["author"], now=NOW + DAY)
    assert asks.confirm_retiring(ask=one, actor=second, now=NOW + 2 * DAY).retired_at
    whole.refresh_from_db()
    assert whole.status == Status.PARTLY and list(STATUSES()) == []
    assert [one.kind for one in Event.objects.order_by("seq")][-3:] == [
        EventKind.ASK_RETIRING,
        EventKind.ASK_RETIRED,
        EventKind.STATUS_CHANGED,
    ]


def test_so_does_one_without_which_the_whole_moves(team, split, second):
    """What was found of the whole stands beside the asks only while one of them has no finding."""
    whole, one, other = split
    say(team, whole, Status.CONTRARY)
    say(team, whole, Status.PARTLY, ask=one)
    assert retire(team, other).retired_at is None
    asks.confirm_retiring(ask=other, actor=second, now=NOW + 2 * DAY)
    whole.refresh_from_db()
    assert whole.status == Status.PARTLY


def test_a_proposal_can_be_cancelled_and_is_not_confirmed_then(team, split, second):
    whole, one, _other = split
    say(team, whole, Status.CONTRARY, ask=one)
    retire(team, one)
    kept = asks.keep(ask=one, actor=team["reviewer"], now=NOW + DAY)
    assert (kept.retire_proposed_by, kept.retire_reason) == (None, "")
    with pytest.raises(Refused, match="not proposed for retiring any more"):
        asks.confirm_retiring(ask=one, actor=second, now=NOW + DAY)
    retire(team, one)
    asks.confirm_retiring(ask=one, actor=second, now=NOW + DAY)
    with pytest.raises(Refused, match="retired in the meantime"):
        asks.keep(ask=one, actor=team["reviewer"], now=NOW + DAY)


def test_the_digest_says_that_the_ask_was_retired_and_why(team, split, second):
    whole, one, other = split
    say(team, whole, Status.CONTRARY, ask=one)
    say(team, whole, Status.PARTLY, ask=other)
    retire(team, one)
    before = Event.objects.latest("seq").seq
    asks.confirm_retiring(ask=one, actor=second, now=NOW + 2 * DAY)
    [move] = Chronicle(team["viewer"], Event.objects.latest("seq").seq).since(before).moved
    assert (move.before, move.after, move.retired) == (Status.CONTRARY, Status.PARTLY, one)
    assert move.why == "It is one with the first."


def test_the_pages_lead_the_second_reviewer_there(team, split, second):
    whole, one, other = split
    say(team, whole, Status.CONTRARY, ask=one)
    say(team, whole, Status.PARTLY, ask=other)
    address = reverse("recommendation-asks", args=[whole.reference])
    data = {"act": "retire", "ask": "1", "retire-1-reason": "It is one with the second."}
    said = text_of(browser_of(team["reviewer"]).post(address, data, follow=True))
    assert "It is proposed. The ask counts until another reviewer confirms that it is retired." in said
    assert "You proposed it, so another reviewer has to confirm it." in said
    sam = browser_of(second)
    assert "Rita proposes to retire this ask" in text_of(sam.get(reverse("review-list")))
    assert "proposes to retire" not in text_of(browser_of(team["reviewer"]).get(reverse("review-list")))
    assert "Proposed for retiring" in text_of(sam.get(whole.get_absolute_url()))
    answer = sam.get(address)
    page = text_of(answer)
    assert "to retire this ask: It is one with the second." in page
    assert "Without it, the whole recommendation would be: Contrary action" in page
    done = text_of(sam.post(address, {**confirming(answer), "act": "confirm", "ask": "1"}, follow=True))
    assert "The whole recommendation has moved from “Contrary action” to “Partly implemented”." in done
    history = text_of(sam.get(reverse("recommendation-history", args=[whole.reference])))
    assert "Contrary action → Partly implemented, since the ask “First” was retired" in history


def test_nobody_moves_the_whole_alone_by_adding_an_ask(team, split):
    """Where every ask has a finding that of the whole is behind them; a further ask has none yet."""
    whole, one, other = split
    say(team, whole, Status.CONTRARY)
    say(team, whole, Status.PARTLY, ask=one)
    say(team, whole, Status.PARTLY, NOW + DAY, ask=other)
    whole.asks.filter(pk=other.pk).update(end=other.end - 2)
    rita, address = browser_of(team["reviewer"]), reverse("recommendation-asks", args=[whole.reference])
    data = {"act": "add", "add-words": whole.text[other.end - 2 : other.end], "add-title": "Last"}
    said = text_of(rita.post(address, data, follow=True))
    assert "would move from “Partly implemented” to “Contrary action”" in said
    whole.refresh_from_db()
    assert whole.asks.count() == 2 and whole.status == Status.PARTLY and list(STATUSES()) == []
    say(team, whole, Status.PARTLY, NOW + 2 * DAY)
    assert "The ask is added." in text_of(rita.post(address, data, follow=True))
