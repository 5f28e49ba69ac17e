"""The connection to the mail server: refused, ended in the middle, cut at the farewell."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from recommendations.choices import MailState
from recommendations.models import Heartbeat, Mail
from recommendations.outbox import send
from tests.cast import NOW
from tests.mailing import free_port, mail_server, owe_one, smtp_mailer

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(settings):
    with mail_server(settings) as sink:
        yield sink


def test_an_outage_counts_against_no_mail(team, settings):
    settings.MAILERS = smtp_mailer(free_port())
    for name, person in team.items():
        owe_one(person, name)
    now, tries = NOW, 0
    while now < NOW + timedelta(hours=1):
        tries += send(now).get("no connection", 0)
        now += 5 * MINUTE
    assert 4 <= tries <= 8
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.PENDING, 0)}
    assert Heartbeat.objects.get(name="mail server").detail["failures"] == tries
    with mail_server(settings) as sink:
        send(now + 30 * MINUTE)
        assert len(sink.accepted) == len(team)
    assert Heartbeat.objects.get(name="mail server").detail["failures"] == 0


def test_a_server_that_wants_none_of_our_mail_is_an_outage(team, server, settings):
    settings.MAILERS["default"]["OPTIONS"] |= {"username": "tracker", "password": "wrong"}
    owe_one(team["author"], "a")
    assert send(NOW) == {"no connection": 1}
    assert Mail.objects.get().attempts == 0


def ending_after(server, number, end):
    """Let a server take a number of mails over each connection, and end it at the next."""
    taken = Counter()

    async def handle_mail(smtp, session, envelope, address, options):
        taken[id(session)] += 1
        if taken[id(session)] > number:
            return end(smtp)
        envelope.mail_from = address
        return "250 OK"

    server.handle_MAIL = handle_mail


ENDS = {
    "said": lambda smtp: "421 Too many messages on this connection",
    "cut": lambda smtp: smtp.transport.abort() or "250 never arrives",
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_server_that_takes_few_mails_at_a_time_makes_nobody_wait(team, server, end):
    ending_after(server, 2, end)
    for number in range(7):
        owe_one(team["author"], f"{number}")
    # Two over each connection; at its end the next one in turn.
    assert send(NOW) == {"sent": 7, "later": 3}
    assert Mail.objects.filter(state=MailState.SENT).count() == 7
    assert [to for to, _raw in server.accepted] == [[team["author"].email]] * 7


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_mail_at_which_the_server_ends_each_time_is_not_tried_at_once_for_ever(team, server, end):
    bad = owe_one(team["author"], "a")

    async def handle_rcpt(smtp, session, envelope, address, options):
        if address == team["author"].email:
            return end(smtp)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    server.handle_RCPT = handle_rcpt
    Mail.objects.filter(pk=bad.pk).update(next_attempt_at=NOW - MINUTE / 2)
    for number in range(3):
        good = owe_one(team["other"], f"good-{number}")
    Mail.objects.filter(pk=good.pk).update(next_attempt_at=NOW - MINUTE)
    assert send(NOW) == {"sent": 3, "later": 3}
    bad.refresh_from_db()
    # At once over a connection that nothing had gone over, it waits like others.
    assert bad.attempts == 3 and bad.next_attempt_at > NOW + 10 * MINUTE
    more = [owe_one(team["other"], f"more-{number}") for number in range(5)]
    for number, mail in enumerate(more):
        Mail.objects.filter(pk=mail.pk).update(next_attempt_at=NOW + number * MINUTE)
    Mail.objects.filter(pk=bad.pk).update(attempts=3, next_attempt_at=NOW + MINUTE / 2)
    assert send(NOW + 10 * MINUTE) == {"sent": 5, "later": 1}
    bad.refresh_from_db()
    assert bad.attempts == 4 and bad.next_attempt_at > NOW + 100 * MINUTE


def test_the_long_wait_is_for_the_dot_alone(team, server, settings):
    """A slow answer after the dot is waited for; hanging up would make a double."""

    async def slowly():
        await asyncio.sleep(2)
        return None

    settings.MAILERS["default"]["OPTIONS"]["timeout"] = 1
    original = server.handle_DATA

    async def handle(smtp, session, envelope):
        await slowly()
        return await original(smtp, session, envelope)

    server.handle_DATA = handle
    owe_one(team["author"], "a")
    assert send(NOW) == {"sent": 1}
    assert len(server.accepted) == 1


@pytest.mark.parametrize("manner", ["hangs", "resets"])
def test_what_the_server_does_at_the_farewell_undoes_nothing(team, server, settings, manner):
    settings.MAILERS["default"]["OPTIONS"]["timeout"] = 1

    async def quit_badly(smtp, session, envelope):
        if manner == "resets":
            smtp.transport.abort()
        await asyncio.sleep(3)
        return "221 Bye"

    server.handle_QUIT = quit_badly
    mail = owe_one(team["author"], "a")
    assert send(NOW) == {"sent": 1}
    assert send(NOW + timedelta(hours=1)) == {}
    mail.refresh_from_db()
    assert mail.state == MailState.SENT and len(server.accepted) == 1
