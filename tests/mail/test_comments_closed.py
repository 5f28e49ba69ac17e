"""A mail with a reviewer's comments that waits while what they are about is made restricted."""

import pytest
from django.urls import reverse

from recommendations.choices import MailKind, MailState, Sensitivity
from recommendations.mail.outbox import send
from recommendations.models import Mail
from recommendations.services import updates
from recommendations.services.evidence import details
from tests.support import factories
from tests.support.factories import AS_OF, DAY, at_noon
from tests.support.pages import browser_of, text_of

LATER = at_noon(AS_OF) + DAY
RESTRICTED = {"sensitivity": Sensitivity.RESTRICTED}


@pytest.fixture
def item(team):
    return factories.link(team["author"])


@pytest.fixture
def returned(team, recommendation, item):
    """An open update by Ana that Rita returned with a comment."""
    given = {"reviewer": team["reviewer"], "comment": "Does Kim agree?", "cites": [item]}
    factories.send_back(team["author"], recommendation, **given)
    mail = Mail.objects.get(kind=MailKind.DECISION)
    assert "Does Kim agree?" in mail.text
    return recommendation.updates.get()


def restrict(update):
    """Have its author make the update restricted."""
    fields = {"kind": update.kind, "as_of": update.as_of, **RESTRICTED}
    about = {"author": update.author, "recommendation": update.recommendation, "key": update.key}
    updates.save_draft(**about, now=LATER, fields=fields, places=[], citations=[])


def sent():
    send(LATER)
    return Mail.objects.get(kind=MailKind.DECISION)


def test_it_goes_out_while_all_stays_open(returned):
    assert sent().state == MailState.SENT


def test_it_is_held_back_once_the_update_is_restricted(returned):
    restrict(returned)
    mail = sent()
    assert mail.state == MailState.SUPPRESSED and "restricted since" in mail.reason


def test_or_an_item_that_it_cites(team, returned, item):
    details.change(item=item, actor=team["author"], details=RESTRICTED, now=LATER)
    assert sent().state == MailState.SUPPRESSED


def test_one_without_comments_goes_out_as_ever(team, recommendation):
    """It was written about something restricted, and says so little that nothing can be closed."""
    update = factories.submit(team["author"], recommendation, **RESTRICTED)
    factories.grant(team["reviewer"], update=update)
    factories.decide(update, team["reviewer"], "return", comment="Does Kim agree?")
    assert "Kim" not in Mail.objects.get(kind=MailKind.DECISION).text
    assert sent().state == MailState.SENT


def in_the_log(person):
    """Return what the mail log shows somebody of the mail."""
    mail = Mail.objects.get(kind=MailKind.DECISION)
    return text_of(browser_of(person).get(reverse("admin:recommendations_mail_change", args=[mail.pk])))


@pytest.mark.parametrize("closed", ["update", "item"])
def test_managers_do_not_read_in_the_log_what_was_closed_to_them(team, returned, item, closed):
    assert "Does Kim agree?" in in_the_log(team["manager"])
    if closed == "update":
        restrict(returned)
    else:
        details.change(item=item, actor=team["author"], details=RESTRICTED, now=LATER)
    shown = in_the_log(team["manager"])
    assert "Kim" not in shown and "This mail is only for its recipient." in shown
