"""Digests of members tell which source versions reports got, and which were undone."""

import pytest

from recommendations.audit import log
from recommendations.models import User
from recommendations.selectors.news import Chronicle
from recommendations.services import people, undoing_versions
from recommendations.services.mail.digests import queue_digests
from tests.support.digests import MONDAY, WEEK, digests_of
from tests.support.factories import DAY, NOW
from tests.support.versions import FIRST, bring, narrative

pytestmark = pytest.mark.usefixtures("readers")
ITEMS = [f"Do the thing that is number {number}." for number in (1, 2, 3)]


def test_each_is_told_once_with_what_it_changed(team, report):
    queue_digests(now=MONDAY)
    corrected = ITEMS[0].replace("Do the thing", "Do every thing")
    bring(report, narrative(corrected, ITEMS[2], FIRST[0]), now=MONDAY + DAY, actor=team["manager"])
    queue_digests(now=MONDAY + WEEK)
    undoing_versions.undo(report=report, number=2, actor=team["manager"], now=MONDAY + WEEK + DAY)
    queue_digests(now=MONDAY + 2 * WEEK)
    _first, second, third = digests_of(team["viewer"])
    assert "source versions: North Korea 2024" in second.subject
    for body in (second.text, second.html):
        said = " ".join(body.split())
        assert "1 new, 1 in corrected words, 1 not in it any more." in said
        assert "/reports/TIP-2024-KP/versions/2/" in said
    assert "source version 2 was undone." in " ".join(third.text.split())


def test_one_that_was_undone_before_anybody_was_told_is_no_news(team, report):
    before = log.head()
    bring(report, narrative(*ITEMS, FIRST[0]), actor=team["manager"])
    undoing_versions.undo(report=report, number=2, actor=team["manager"], now=MONDAY)
    news = Chronicle(team["viewer"], log.head()).since(before)
    assert news.versions == [] and news.is_empty


def test_partners_are_told_nothing_of_it(team, report):
    partner, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    queue_digests(now=MONDAY)
    bring(report, narrative(*ITEMS, FIRST[0]), now=MONDAY + DAY, actor=team["manager"])
    queue_digests(now=MONDAY + WEEK)
    User.objects.filter(pk=partner.pk).update(date_joined=NOW)
    mails = digests_of(partner)
    assert mails and all("source version" not in f"{mail.subject} {mail.text}" for mail in mails)
