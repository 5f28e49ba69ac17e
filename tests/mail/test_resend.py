"""A manager sends a mail again, or marks it as delivered: through the desk, once, and recorded."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from recommendations.choices import DigestFrequency, EventKind, MailAct, MailKind, MailState
from recommendations.errors import Refused
from recommendations.mail.outbox import leases, send
from recommendations.models import Event, Mail, MailAttempt, MailItem
from recommendations.services.mail.resend import TRIED_FOR, act_on
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tests.support.threads import TRIES, at_once

MAILS = "/desk/recommendations/mail/"
HOUR = timedelta(hours=1)
LATER = NOW + 7 * 24 * HOUR
FROZEN = ("subject", "text", "html", "message_id", "date_header", "key", "created_at")


def ended(person, state, key="a", **fields):
    """Make a mail that came to an end. Returns: the row."""
    factories.mail(person, key)
    Mail.objects.filter(key=key).update(state=state, **fields)
    return Mail.objects.get(key=key)


def again(mail, manager, now=LATER, act=MailAct.SEND_AGAIN, seen_state=None):
    """Steer a mail as its page shows it."""
    return act_on(mail=mail, act=act, actor=manager, seen_state=seen_state or mail.state, now=now)


def recorded():
    """Return the payloads of what was done."""
    return list(Event.objects.filter(kind=EventKind.MAIL_STEERED).values_list("payload", flat=True))


@pytest.mark.parametrize("state", [MailState.FAILED, MailState.UNKNOWN, MailState.EXPIRED])
def test_the_same_mail_goes_out_once_more(team, server, state):
    mail = ended(team["author"], state, attempts=7, last_holder="gone", phase="dot")
    sent_again = again(mail, team["manager"])
    assert {name: getattr(sent_again, name) for name in FROZEN} == {n: getattr(mail, n) for n in FROZEN}
    assert (sent_again.state, sent_again.phase, sent_again.lease_token) == (MailState.PENDING, "", None)
    assert (sent_again.last_holder, sent_again.lease_until, sent_again.attempts) == ("", None, 0)
    assert (sent_again.next_attempt_at, sent_again.not_after) == (LATER, LATER + TRIED_FOR)
    assert recorded() == [{"mail": mail.pk, "act": "send_again", "before": state}]
    assert send(LATER) == {"sent": 1}
    [message] = server.messages
    assert (message["Message-ID"], message["Date"].datetime) == (mail.message_id, NOW)
    assert send(LATER + HOUR) == {}


def test_a_window_that_is_still_open_is_not_shortened(team):
    mail = ended(team["author"], MailState.FAILED)
    assert again(mail, team["manager"], now=NOW).not_after == mail.not_after


@pytest.mark.parametrize("state", [MailState.PENDING, MailState.SENT, MailState.SUPPRESSED])
@pytest.mark.parametrize("act", MailAct)
def test_what_needs_nothing_is_refused(team, state, act):
    mail = ended(team["author"], state, sent_at=NOW)
    with pytest.raises(Refused, match="This is possible only for mails in these states"):
        again(mail, team["manager"], act=act)
    assert Mail.objects.get().state == state and recorded() == []


def test_only_one_of_which_nobody_knows_is_marked_as_delivered(team):
    for state in (MailState.FAILED, MailState.EXPIRED):
        with pytest.raises(Refused):
            again(ended(team["author"], state, key=state), team["manager"], act=MailAct.MARK_DELIVERED)
    mail = ended(team["author"], MailState.UNKNOWN, ambiguous=2)
    outcomes = [leases.NOT_KNOWN, leases.LOST_AFTER_DOT, "refused"]
    for number, outcome in enumerate(outcomes, start=1):
        MailAttempt.objects.create(mail=mail, number=number, started_at=NOW + number * HOUR, outcome=outcome)
    marked = again(mail, team["manager"], act=MailAct.MARK_DELIVERED)
    assert (marked.state, marked.reason) == (MailState.SENT, "Marked as delivered by Mina.")
    assert marked.sent_at == NOW + 2 * HOUR  # when the last attempt began that may have been accepted
    assert recorded() == [{"mail": mail.pk, "act": "mark_delivered", "before": "unknown"}]
    assert send(LATER) == {}


def test_nobody_but_a_manager(team):
    mail = ended(team["author"], MailState.FAILED)
    for name in ("author", "reviewer", "viewer"):
        with pytest.raises(Refused, match="Only managers"):
            again(mail, team[name])
    assert Mail.objects.get().state == MailState.FAILED and recorded() == []


def test_a_state_that_is_not_what_was_seen_is_refused(team):
    mail = ended(team["author"], MailState.FAILED)
    for seen in (MailState.UNKNOWN, "nonsense"):
        with pytest.raises(Refused, match=r"Its state is now “Failed”\. Nothing was changed\."):
            again(mail, team["manager"], seen_state=seen)


def test_who_may_not_be_mailed_any_more_is_not(team):
    mail = ended(team["author"], MailState.FAILED, kind=MailKind.DIGEST)
    team["author"].digest_frequency = DigestFrequency.NEVER
    team["author"].save()
    with pytest.raises(Refused, match="Digests are turned off"):
        again(mail, team["manager"])
    team["author"].is_active = False
    team["author"].save()
    with pytest.raises(Refused, match="The account is no longer active"):
        again(mail, team["manager"])
    assert Mail.objects.get().state == MailState.FAILED and recorded() == []


def test_what_a_later_mail_told_is_not_told_again(team):
    old = ended(team["author"], MailState.EXPIRED, kind=MailKind.DIGEST, from_seq=5, to_seq=9)
    ended(team["author"], MailState.SENT, "b", kind=MailKind.DIGEST, from_seq=0, to_seq=5, sent_at=NOW)
    ended(team["other"], MailState.SENT, "c", kind=MailKind.DIGEST, from_seq=5, to_seq=12, sent_at=NOW)
    newer = ended(team["author"], MailState.FAILED, "d", kind=MailKind.DIGEST, from_seq=5, to_seq=12)
    again(newer, team["manager"])
    with pytest.raises(Refused, match="A later mail already said the same"):
        again(old, team["manager"])
    Mail.objects.filter(pk=newer.pk).update(state=MailState.FAILED)
    assert again(old, team["manager"]).state == MailState.PENDING


def test_a_reminder_whose_matters_went_to_a_later_one_is_not_sent(team, recommendation):
    mail = ended(team["author"], MailState.EXPIRED, kind=MailKind.REMINDER)
    with pytest.raises(Refused, match="A later mail already said the same"):
        again(mail, team["manager"])
    MailItem.objects.create(
        mail=mail, recipient=team["author"], item_key="x", recommendation=recommendation, since=NOW.date()
    )
    with pytest.raises(Refused, match="Everything that it was about is done"):
        again(mail, team["manager"])


def test_a_mail_whose_text_is_gone_cannot_be_sent(team):
    with pytest.raises(Refused, match="text is no longer stored"):
        mail = ended(team["author"], MailState.FAILED)
        mail.words.delete()
        again(Mail.objects.get(), team["manager"])


def test_doubt_is_not_forgotten_when_the_new_attempt_is_refused(team, server):
    server.to_recipient = lambda address: "550 No such user"
    mail = ended(team["author"], MailState.UNKNOWN)
    assert "so this may be a second copy" in again(mail, team["manager"]).reason
    send(LATER)
    assert Mail.objects.get().state == MailState.UNKNOWN


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", MailAct)
def test_of_two_managers_at_once_one_is_done_and_one_is_told(second):
    people = factories.team()
    for number in range(TRIES):
        mail = ended(people["author"], MailState.UNKNOWN, key=str(number), ambiguous=2)
        results = at_once(
            partial(again, mail, people["manager"]), partial(again, mail, people["manager"], act=second)
        )
        assert sum(isinstance(result, Mail) for result in results) == 1, results
        refused = [str(result) for result in results if isinstance(result, Refused)]
        assert len(refused) == 1 and refused[0].startswith("Its state is now"), results
        assert len(recorded()) == number + 1
        [done] = [result for result in results if isinstance(result, Mail)]
        act = Event.objects.filter(kind=EventKind.MAIL_STEERED).first().payload["act"]
        assert done.state == {"send_again": "pending", "mark_delivered": "sent"}[act]
    print(f"{connection.vendor}: {TRIES} tries")


class TestTheDesk:
    """The two actions of the mail list."""

    def choose(self, client, action, *mails, query="", **more):
        data = {"action": action, "_selected_action": [mail.pk for mail in mails], **more}
        return client.post(MAILS + query, data, follow=True)

    def test_it_asks_first_and_says_to_whom(self, team):
        failed = ended(team["author"], MailState.FAILED, last_error="No such user")
        doubt, waiting = ended(team["other"], MailState.UNKNOWN, "b"), factories.mail(team["viewer"], "c")
        asked = self.choose(browser_of(team["manager"]), "send_again", failed, doubt, waiting)
        page = words(asked)
        assert "Send 2 mails again" in page
        # What only screen readers read out leaves no gap before the comma.
        assert "Mail b<span" in asked.content.decode()
        assert "to Ana (ana@example.org)" in page and "Failed: No such user" in page
        assert page.count("the recipient may get it twice") == 1
        assert "Mail c, Vera: Its state is “Waiting to be sent”." in page
        assert recorded() == []

    def test_each_row_has_its_own_result(self, team):
        failed = ended(team["author"], MailState.FAILED)
        gone = ended(team["other"], MailState.FAILED, "b")
        team["other"].is_active = False
        team["other"].save()
        seen = {f"{mail.pk}-shown": "failed" for mail in (failed, gone)}
        browser = browser_of(team["manager"])
        page = words(self.choose(browser, "send_again", failed, gone, step="confirmed", **seen))
        assert "“Mail a” to Ana: waits to be sent again." in page
        assert "“Mail b” to Omar: not done. The account is no longer active." in page
        query = "?state__exact=failed"
        page = words(self.choose(browser, "send_again", failed, query=query, step="confirmed", **seen))
        assert "“Mail a” to Ana: not done. Its state is now “Waiting to be sent”." in page
        assert len(recorded()) == 1

    def test_marking_says_who_said_so(self, team):
        mail = ended(team["author"], MailState.UNKNOWN)
        browser = browser_of(team["manager"])
        page = words(self.choose(browser, "mark_delivered", mail))
        assert "Mark 1 mail as delivered" in page and "twice" not in page
        seen = {f"{mail.pk}-shown": "unknown", "step": "confirmed"}
        assert "marked as delivered." in words(self.choose(browser, "mark_delivered", mail, **seen))
        assert "Marked as delivered by Mina." in words(browser.get(f"{MAILS}{mail.pk}/change/"))

    def test_a_mail_s_own_page_offers_what_its_state_allows(self, team):
        browser = browser_of(team["manager"])
        for state, offered in (
            (MailState.FAILED, (True, False)),
            (MailState.UNKNOWN, (True, True)),
            (MailState.SENT, (False, False)),
        ):
            mail = ended(team["author"], state, key=state, sent_at=NOW)
            page = words(browser.get(f"{MAILS}{mail.pk}/change/"))
            assert ("Send again…" in page, "Mark as delivered…" in page) == offered

    def test_nothing_to_do_is_said(self, team):
        page = words(
            self.choose(browser_of(team["manager"]), "mark_delivered", factories.mail(team["author"], "a"))
        )
        assert "None of the mails that you chose can be changed like this." in page

    def test_more_than_can_be_looked_at_is_too_many(self, team):
        mails = [ended(team["author"], MailState.FAILED, key=str(number)) for number in range(51)]
        page = words(self.choose(browser_of(team["manager"]), "send_again", *mails))
        assert "Choose at most 50 at once" in page

    def test_a_reviewer_has_no_way_in(self, team):
        mail = ended(team["author"], MailState.FAILED)
        seen = {f"{mail.pk}-shown": "failed", "step": "confirmed"}
        assert self.choose(browser_of(team["reviewer"]), "send_again", mail, **seen).status_code == 403
        assert Mail.objects.get().state == MailState.FAILED and recorded() == []
