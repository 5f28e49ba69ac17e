"""The words of old mails are removed; what became of them stays, and so do the digests that went out."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from recommendations import jobs
from recommendations.choices import GONE_STATES, MailAct, MailKind, MailState
from recommendations.errors import Refused
from recommendations.models import Mail, MailAttempt, MailWords
from recommendations.models.leases import new_lease
from recommendations.services.mail import purge
from recommendations.services.mail.resend import act_on
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tracker import environment

DAY = timedelta(days=1)
THEN = NOW + 91 * DAY


def mail_to(person, key="a", **fields):
    """Make a mail of any state, with all the words one can have. Returns: the row."""
    factories.mail(person, key)
    fields = {
        "state": MailState.SENT,
        "sent_at": NOW,
        **fields,
    }
    Mail.objects.filter(key=key).update(**fields)
    return Mail.objects.get(key=key)


def words_of(mail):
    """Return the subject of a mail and whether there is a row with the rest."""
    mail.refresh_from_db()
    return [mail.subject, MailWords.objects.filter(mail=mail).exists()]


def test_words_go_after_ninety_days_and_the_rest_stays(team):
    mail = mail_to(team["author"], last_error="mailbox full", reason="r")
    MailAttempt.objects.create(mail=mail, number=1, started_at=NOW, outcome="accepted")
    kept = {field.name: getattr(mail, field.name) for field in Mail._meta.concrete_fields}
    assert purge.purge_mails(now=NOW + 90 * DAY) == 0 and all(words_of(mail))
    assert purge.purge_mails(now=THEN) == 1
    assert words_of(mail) == ["", False]
    left = {field.name: getattr(mail, field.name) for field in Mail._meta.concrete_fields}
    assert {name for name in kept if kept[name] != left[name]} == {"subject", "purged_at"}
    assert mail.purged_at == THEN and mail.tries.count() == 1
    assert purge.purge_mails(now=THEN + DAY) == 0


@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("state", MailState)
def test_what_waits_and_every_digest_that_went_out_is_kept(team, kind, state):
    sending = new_lease(NOW) if state == MailState.SENDING else {}
    mail = mail_to(team["author"], kind=kind, state=state, **sending)
    waits = state in (MailState.PENDING, MailState.SENDING)
    read_again = kind == MailKind.DIGEST and state in GONE_STATES
    assert purge.purge_mails(now=NOW + 4000 * DAY) == (0 if waits or read_again else 1)
    assert all(words_of(mail)) is bool(waits or read_again)


def test_many_go_in_batches(team, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(purge, "BATCH", 10)
    for number in range(25):
        mail_to(team["author"], str(number))
    # Which, and in a transaction: without subject, without words.
    with django_assert_num_queries(3 * (1 + 4) + 1):
        assert purge.purge_mails(now=THEN) == 25


def test_the_tick_does_it_once_a_day(team, settings):
    settings.MAIL_WORDS_DAYS = 30
    mail_to(team["author"])
    assert jobs.purge_mails(NOW + 31 * DAY) == 1
    mail_to(team["author"], "b")
    assert jobs.purge_mails(NOW + 31 * DAY + timedelta(hours=23)) == 0
    assert jobs.tick(NOW + 32 * DAY)["purge_mails"] == 1
    # A clock that was set back must not put it off for ever.
    mail_to(team["author"], "c", created_at=NOW - 100 * DAY)
    assert jobs.purge_mails(NOW) == 1


def test_by_hand_with_a_dry_twin(team):
    mail = mail_to(team["author"])
    out = StringIO()
    call_command("purge_mails", "--now", THEN.isoformat(), "--dry-run", stdout=out)
    assert all(words_of(mail))
    call_command("purge_mails", "--now", THEN.isoformat(), stdout=out)
    assert (
        out.getvalue()
        == "Mails of which the text would be removed: 1.\nMails of which the text was removed: 1.\n"
    )


def test_its_pages_say_so_and_it_cannot_be_sent_again(team):
    mail = mail_to(team["author"], state=MailState.FAILED)
    purge.purge_mails(now=THEN)
    assert "Its text was removed 2 Dec 2024" in words(browser_of(team["author"]).get("/settings/mails/"))
    manager = browser_of(team["manager"])
    assert "Review decision 2024-09-02" in words(manager.get("/desk/recommendations/mail/"))
    page = words(manager.get(f"/desk/recommendations/mail/{mail.pk}/change/"))
    assert "Removed on 2 Dec 2024: the text of mails is stored for 90 days." in page
    with pytest.raises(Refused, match="text is no longer stored"):
        act_on(mail=mail, act=MailAct.SEND_AGAIN, actor=team["manager"], seen_state="failed", now=THEN)


@pytest.mark.parametrize("value", ["0", "6", "-1", "never", "1e3"])
def test_a_wrong_number_of_days_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("MAIL_WORDS_DAYS", value)
    with pytest.raises(ImproperlyConfigured, match="MAIL_WORDS_DAYS must be a whole number from 7 to"):
        environment.whole_number("MAIL_WORDS_DAYS", 90, 7, 36500)
