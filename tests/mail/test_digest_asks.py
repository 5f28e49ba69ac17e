"""Digests of members tell which asks were added, and which were retired without moving the whole, and why."""

import re
from html import unescape

import pytest

from recommendations.choices import MailState, Status
from recommendations.models import Event, User
from recommendations.selectors.news import Chronicle
from recommendations.services import asks
from recommendations.services.mail.digests import queue_digests
from tests.support import factories
from tests.support.digests import MONDAY, WEEK, digests_of
from tests.support.factories import DAY, NOW

pytestmark = pytest.mark.usefixtures("readers")


def add(team, recommendation, title, words, now=NOW):
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": now}
    return asks.add(title=title, words=words, **about)


def parts_of(mail):
    shown = " ".join(unescape(re.sub("<[^>]+>", " ", mail.html)).split())
    return " ".join(mail.text.split()), shown


def test_they_are_told_once_with_who_and_why_in_both_parts(team, recommendation):
    one = add(team, recommendation, "The thing", "the thing")
    add(team, recommendation, "Its number", "number 1")
    queue_digests(now=MONDAY)
    asks.retire(ask=one, actor=team["reviewer"], reason="It says the same.", now=MONDAY + DAY)
    queue_digests(now=MONDAY + WEEK)
    queue_digests(now=MONDAY + 2 * WEEK)
    first, second, third = digests_of(team["viewer"])
    assert (first.subject, second.subject) == (
        "Digest: 2 asks added or retired",
        "Digest: 1 ask added or retired",
    )
    for said in parts_of(first):
        assert "Added: “The thing”. (Rita, Mon 2 Sep 2024)" in said and "Added: “Its number”." in said
    for said in parts_of(second):
        assert "Retired: “The thing”. Why: It says the same. (Rita, Tue 10 Sep 2024)" in said
        assert "Its number" not in said
    assert "ASKS ADDED AND RETIRED (1)" in second.text and third.state == MailState.SUPPRESSED


def test_one_that_moved_the_whole_is_told_with_the_move_alone(team, recommendation):
    one = add(team, recommendation, "The thing", "the thing")
    other = add(team, recommendation, "Its number", "number 1")
    for ask, status in ((one, Status.CONTRARY), (other, Status.PARTLY)):
        said = {"ask": ask, "status": status, "movement": "", "cites": [factories.link(team["author"])]}
        factories.approve(team["author"], recommendation, NOW, reviewer=team["reviewer"], **said)
    before = Event.objects.latest("seq").seq
    asks.retire(ask=one, actor=team["reviewer"], reason="It says the same.", now=NOW)
    one.refresh_from_db()
    asks.confirm_retiring(ask=one, actor=team["second"], now=NOW)
    news = Chronicle(team["viewer"], Event.objects.latest("seq").seq).since(before)
    assert [move.retired for move in news.moved] == [one] and news.asks == []


def test_partners_are_told_nothing_of_it(team, recommendation):
    User.objects.filter(pk=team["viewer"].pk).update(is_partner=True, digest_when_empty=True)
    add(team, recommendation, "The thing", "the thing")
    queue_digests(now=MONDAY)
    [mail] = digests_of(team["viewer"])
    assert "The thing" not in mail.text + mail.html and "ask" not in mail.subject


def test_news_with_many_asks_costs_no_more_statements(team, recommendation, django_assert_num_queries):
    add(team, recommendation, "The thing", "the thing")
    add(team, recommendation, "Its number", "number 1")
    chronicle = Chronicle(team["viewer"], Event.objects.latest("seq").seq)
    # The role of the reader, the events, and the asks.
    with django_assert_num_queries(3):
        assert len(chronicle.since(0).asks) == 2
        assert len(chronicle.since(1).asks) < 3
