"""A digest that waits for the mail server while an item that it names is made restricted or removed."""

from recommendations.choices import MailState, Sensitivity
from recommendations.outbox import send
from recommendations.services import details, keeping
from recommendations.services.digests import queue_digests
from tests.digests import MONDAY, WEEK, digests_of, evidence
from tests.test_story_digests import readers  # noqa: F401 (readers is used by itself)


def sent_after(team, recommendation, sensitivity):
    """Plan a digest that tells of two items, change how secret the first is, then send. Returns: the mail."""
    first, _second = (evidence(team["author"], recommendation, title=title) for title in ("Alpha", "Beta"))
    queue_digests(MONDAY)
    assert "Alpha" in digests_of(team["viewer"])[0].text
    details.change(item=first, actor=team["author"], details={"sensitivity": sensitivity}, now=MONDAY)
    send(MONDAY)
    return digests_of(team["viewer"])[0]


def test_it_is_held_back_and_the_next_one_tells_the_rest(team, recommendation):
    mail = sent_after(team, recommendation, Sensitivity.RESTRICTED)
    assert mail.state == MailState.SUPPRESSED
    assert "made restricted" in mail.reason
    queue_digests(MONDAY + WEEK)
    following = digests_of(team["viewer"])[1]
    assert "Beta" in following.text
    assert "Alpha" not in following.text


def test_one_that_names_nothing_secret_goes_out(team, recommendation):
    assert sent_after(team, recommendation, Sensitivity.PUBLIC).state == MailState.SENT


def test_one_that_names_what_was_removed_is_held_back_too(team, recommendation):
    item = evidence(team["author"], recommendation, title="Alpha")
    queue_digests(MONDAY)
    why = {"reason": "Consent was withdrawn.", "basis": "GDPR 17", "on": MONDAY.date()}
    keeping.propose(item=item, actor=team["author"], now=MONDAY, **why)
    keeping.approve(item=item, actor=team["reviewer"], now=MONDAY)
    send(MONDAY)
    assert digests_of(team["viewer"])[0].state == MailState.SUPPRESSED
