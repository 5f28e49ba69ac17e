"""A digest for partners waits for the mail server while what it tells stops being told: it is held back."""

from datetime import timedelta

import pytest

from recommendations.choices import DigestFrequency, Extent, MailKind, MailState, Sensitivity, Status
from recommendations.mail.outbox import send
from recommendations.models import Ask, Mail, User
from recommendations.services import asks, people, publications
from recommendations.services.evidence import details
from recommendations.services.mail.digests import queue_digests
from tests.support import factories
from tests.support.factories import DAY, NOW

pytestmark = pytest.mark.django_db
MONDAY = NOW + 7 * DAY - timedelta(hours=1)
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def partner(team):
    person, _password = people.add_person(
        actor=team["manager"], email="pia@partner.example", name="Pia", role="partner", now=NOW
    )
    User.objects.update(digest_frequency=DigestFrequency.NEVER)
    User.objects.filter(pk=person.pk).update(
        date_joined=NOW - 60 * DAY, digest_frequency=DigestFrequency.WEEKLY, digest_weekday=MONDAY.weekday()
    )
    return person


@pytest.fixture
def item(team):
    return factories.link(team["author"], "A decree", sensitivity=Sensitivity.PUBLIC)


@pytest.fixture
def published(team, recommendation, partner, item):
    """What the digest tells: words, a status and an item."""
    about = {"status": Status.PARTLY, "cites": [item], "reviewer": team["reviewer"]}
    return factories.publish(team["author"], recommendation, NOW, **about)


@pytest.fixture
def queued(partner, published):
    queue_digests(now=MONDAY)
    mail = Mail.objects.get(recipient=partner, kind=MailKind.DIGEST)
    assert mail.state == MailState.PENDING
    for told in ("Partly implemented", "Seen by all.", "A decree"):
        assert told in mail.text
    return mail


def split(team, recommendation):
    """Split an ask off, as a reviewer does, which changes nothing inside."""
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": LATER}
    return asks.add(**about, title="One", words="Do the thing")


def sent(mail):
    send(LATER + timedelta(hours=1))
    mail.refresh_from_db()
    return mail.state == MailState.SENT


def test_one_of_which_all_may_still_be_told_goes_out(team, queued, recommendation, item):
    about = {"as_of": (NOW + DAY).date(), "status": Status.IMPLEMENTED, "reviewer": team["reviewer"]}
    factories.publish(team["author"], recommendation, LATER, cites=[item], **about)
    split(team, recommendation)
    assert sent(queued)


def test_a_withdrawal_holds_it_back(team, queued, published):
    publications.withdraw(update=published, actor=team["reviewer"], reason="She asked.", now=LATER)
    assert not sent(queued) and queued.state == MailState.SUPPRESSED
    assert "is not published any more" in queued.reason


def test_an_ask_that_takes_the_status_of_the_whole_away_holds_it_back(team, queued, recommendation):
    """Nothing is withdrawn: an ask is assessed inside, and the whole is not told any more."""
    ask = split(team, recommendation)
    about = {"ask": ask, "status": Status.IMPLEMENTED, "reviewer": team["reviewer"]}
    factories.approve(team["author"], recommendation, LATER, cites=[factories.link(team["author"])], **about)
    assert not sent(queued)


def test_an_ask_that_is_retired_holds_it_back(team, partner, recommendation):
    ask = asks.add(
        recommendation=recommendation, actor=team["reviewer"], title="One", words="Do the thing", now=NOW
    )
    about = {"ask": ask, "status": Status.PARTLY, "reviewer": team["reviewer"]}
    factories.publish(team["author"], recommendation, NOW, cites=[factories.link(team["author"])], **about)
    queue_digests(now=MONDAY)
    mail = Mail.objects.get(recipient=partner, kind=MailKind.DIGEST)
    assert "1. Do the thing that is number 1 (TIP-2024-KP-01)\n   Partly implemented" in mail.text
    asks.retire(ask=ask, actor=team["reviewer"], reason="Not asked.", now=LATER)
    asks.confirm_retiring(ask=Ask.objects.get(), actor=team["second"], now=LATER)
    assert not sent(mail)


@pytest.mark.parametrize("change", [{"sensitivity": Sensitivity.INTERNAL}, {"title": "Kim told us"}])
def test_an_item_that_is_hidden_or_changed_holds_it_back(team, queued, item, change):
    details.change(item=item, actor=team["author"], details=change, now=LATER)
    assert not sent(queued)


def test_one_that_an_earlier_version_queued_is_held_back_and_told_again(queued, partner):
    Mail.objects.update(tells=None)
    assert not sent(queued)
    queue_digests(now=MONDAY + 7 * DAY)
    again = Mail.objects.filter(recipient=partner, kind=MailKind.DIGEST).latest("pk")
    assert again.pk != queued.pk and "Seen by all." in again.text


def test_what_was_not_told_by_it_holds_nothing_back(team, queued, report):
    other = report.recommendations.get(position=2)
    about = {"extent": Extent.WORDS, "reviewer": team["reviewer"]}
    later = factories.publish(team["author"], other, LATER, **about)
    publications.withdraw(update=later, actor=team["reviewer"], reason="She asked.", now=LATER)
    assert sent(queued)
