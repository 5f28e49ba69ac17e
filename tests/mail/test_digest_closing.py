"""Digests of members tell that a report was closed, or is followed again: what was done last, and once."""

import pytest

from recommendations.choices import MailState
from recommendations.services import following
from recommendations.services.mail.digests import queue_digests
from tests.support import factories
from tests.support.digests import MONDAY, WEEK, digests_of
from tests.support.factories import DAY

pytestmark = pytest.mark.usefixtures("readers")


def test_closing_and_following_again_are_told_once(team, report):
    factories.report(year=2025)
    acts = {"report": report, "actor": team["manager"]}
    following.close(now=MONDAY - DAY, **acts)
    queue_digests(now=MONDAY)
    following.reopen(now=MONDAY + DAY, **acts)
    queue_digests(now=MONDAY + WEEK)
    queue_digests(now=MONDAY + 2 * WEEK)
    first, second, third = digests_of(team["viewer"])
    assert first.subject == "Digest: closed: North Korea 2024"
    assert "CLOSED: NO REVIEW IS DUE ANY MORE\n\n* North Korea 2024\n  http" in first.text
    assert "Closed: no review is due any more" in first.html and "FOLLOWED AGAIN" not in first.text
    assert "FOLLOWED AGAIN\n\n* North Korea 2024" in second.text and "CLOSED:" not in second.text
    assert third.state == MailState.SUPPRESSED


def test_what_was_closed_and_followed_again_is_told_as_it_is_now(team, report):
    acts = {"report": report, "actor": team["manager"]}
    for number, act in enumerate((following.close, following.reopen, following.close)):
        act(now=MONDAY - (3 - number) * DAY, **acts)
    factories.report(year=2025)
    queue_digests(now=MONDAY)
    (mail,) = digests_of(team["viewer"])
    assert mail.text.count("* North Korea 2024") == 1 and "FOLLOWED AGAIN" not in mail.text
