"""A digest that waits for the mail server while an item that it names is made restricted or removed."""

import pytest

from recommendations.choices import MailState, Role, Sensitivity
from recommendations.mail.outbox import send
from recommendations.services import people
from recommendations.services.evidence import details, retention
from recommendations.services.mail.digests import queue_digests
from tests.support import factories
from tests.support.digests import MONDAY, WEEK, digests_of, evidence
from tests.support.factories import change

pytestmark = pytest.mark.usefixtures("readers")


def sent_after(team, recommendation, sensitivity):
    """Plan a digest that tells of two items, change how secret the first is, then send. Returns: the mail."""
    first, _second = (evidence(team["author"], recommendation, title=title) for title in ("Alpha", "Beta"))
    queue_digests(now=MONDAY)
    assert "Alpha" in digests_of(team["viewer"])[0].text
    details.change(item=first, actor=team["author"], details={"sensitivity": sensitivity}, now=MONDAY)
    send(MONDAY)
    return digests_of(team["viewer"])[0]


def test_it_is_held_back_and_the_next_one_tells_the_rest(team, recommendation):
    mail = sent_after(team, recommendation, Sensitivity.RESTRICTED)
    assert mail.state == MailState.SUPPRESSED
    assert "has been restricted, changed or removed" in mail.reason
    queue_digests(now=MONDAY + WEEK)
    following = digests_of(team["viewer"])[1]
    assert "Beta" in following.text
    assert "Alpha" not in following.text


def test_one_that_names_nothing_secret_goes_out(team, recommendation):
    assert sent_after(team, recommendation, Sensitivity.PUBLIC).state == MailState.SENT


def test_one_that_names_what_was_removed_is_held_back_too(team, recommendation):
    item = evidence(team["author"], recommendation, title="Alpha")
    queue_digests(now=MONDAY)
    why = {"reason": "Consent was withdrawn.", "basis": "GDPR 17", "on": MONDAY.date()}
    retention.propose(item=item, actor=team["author"], now=MONDAY, **why)
    retention.approve(item=item, actor=team["reviewer"], now=MONDAY)
    send(MONDAY)
    assert digests_of(team["viewer"])[0].state == MailState.SUPPRESSED


@pytest.mark.parametrize(("role", "state"), [(Role.VIEWER, "suppressed"), (Role.MANAGER, "sent")])
def test_what_was_written_for_a_reviewer_is_not_sent_to_who_is_none_any_more(
    team, recommendation, role, state
):
    for name in ("reviewer", "second"):
        change(team[name], digest_frequency="weekly", digest_when_empty=True)
    factories.submit(team["author"], recommendation, MONDAY - WEEK)
    queue_digests(now=MONDAY)
    assert "WAITING FOR REVIEW" in digests_of(team["reviewer"])[0].text
    people.change_role(actor=team["manager"], person=team["reviewer"], role=role, now=MONDAY)
    send(MONDAY)
    [mail] = digests_of(team["reviewer"])
    assert mail.state == state
    assert ("written for a reviewer" in mail.reason) == (state == "suppressed")
    assert digests_of(team["second"])[0].state == MailState.SENT
    queue_digests(now=MONDAY + WEEK)
    assert "WAITING FOR REVIEW" in digests_of(team["second"])[-1].text
    assert ("WAITING FOR REVIEW" in digests_of(team["reviewer"])[-1].text) == (role == Role.MANAGER)
