"""The connection to the mail server: refused, ended in the middle, cut at the farewell."""

import asyncio
from datetime import timedelta

import pytest

from recommendations.choices import MailState
from recommendations.mail.outbox import breaker, send
from recommendations.mail.outbox.transport import DOT_TIMEOUT_SECONDS, Line, PhasedSMTP
from recommendations.models import Heartbeat, Mail, MailAttempt
from tests.support import factories
from tests.support.factories import NOW
from tests.support.processes import free_port
from tests.support.servers import mail_server, smtp_mailer

MINUTE = timedelta(minutes=1)


def test_an_outage_counts_against_no_mail(team, settings):
    settings.MAILERS = smtp_mailer(free_port())
    for name, person in team.items():
        factories.mail(person, name)
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
    factories.mail(team["author"], "a")
    assert send(NOW) == {"no connection": 1}
    assert Mail.objects.get().attempts == 0


def ending_after(server, number, end):
    """Let a server take a number of mails over each connection, and end it at the next."""

    async def handle_mail(smtp, session, envelope, address, options):
        session.taken = getattr(session, "taken", 0) + 1
        if session.taken > number:
            return end(smtp)
        envelope.mail_from = address
        return "250 OK"

    server.handle_MAIL = handle_mail


ENDS = {
    "said": lambda smtp: "421 Too many messages on this connection",
    "cut": lambda smtp: smtp.transport.abort() or "250 never arrives",
}


@pytest.mark.parametrize("few", [1, 2])
@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_server_that_takes_few_mails_at_a_time_makes_nobody_wait(team, server, end, few):
    ending_after(server, few, end)
    for number in range(30):
        factories.mail(team["author"], f"{number:02}")
    assert send(NOW) == {"sent": 30}
    # In their turn, each by one attempt.
    assert [message["Subject"] for message in server.messages] == [f"Mail {n:02}" for n in range(30)]
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.SENT, 1)}
    assert MailAttempt.objects.count() == 30


def test_where_no_new_connection_is_to_be_had_the_mail_waits_uncounted(team, server, monkeypatch):
    def refuse(line):
        raise ConnectionRefusedError("Nobody listens")

    def end(smtp):
        monkeypatch.setattr(Line, "open", refuse)
        return "421 Enough for today"

    ending_after(server, 1, end)
    factories.mail(team["author"], "a"), factories.mail(team["author"], "b")
    assert send(NOW) == {"sent": 1, "no connection": 1}
    assert Mail.objects.get(key="b").attempts == 0


def test_a_name_of_a_server_that_cannot_be_looked_up_is_an_outage(team, server, settings):
    settings.MAILERS["default"]["OPTIONS"]["host"] = "mail..example.org"
    factories.mail(team["author"], "a")
    assert send(NOW) == {"no connection": 1}
    assert Mail.objects.get().attempts == 0


@pytest.mark.parametrize("words", ["550 We do not talk to you", "450 Not now"])
def test_a_server_that_refuses_our_greeting_is_an_outage(team, server, words):
    async def refuse(smtp, session, envelope, hostname, responses=None):
        return [words] if responses is not None else words

    server.handle_EHLO = server.handle_HELO = refuse
    for key in "ab":
        factories.mail(team["author"], key)
    assert send(NOW) == {"no connection": 1}
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.PENDING, 0)}
    assert words in Heartbeat.objects.get(name="mail server").detail["error"]


def test_a_server_that_takes_nothing_without_a_sign_in_is_an_outage(team, server):
    server.to_recipient = lambda _address: "530 5.7.0 Authentication required"
    factories.mail(team["author"], "a")
    assert send(NOW) == {"no connection": 1}
    assert Mail.objects.get().attempts == 0


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/", "http://nowhere.invalid/"])
def test_a_provider_that_cannot_be_reached_is_an_outage_and_leaves_no_doubt(team, settings, address):
    options = {"server_token": "secret", "api_url": address.format(port=free_port())}
    backend = "anymail.backends.postmark.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": options}}
    for key in "ab":
        factories.mail(team["author"], key)
    assert send(NOW) == {"no connection": 1}
    assert set(Mail.objects.values_list("state", "attempts", "ambiguous")) == {(MailState.PENDING, 0, 0)}


def test_a_rest_that_was_set_by_a_clock_that_lay_ahead_holds_nothing_back(team, server):
    factories.mail(team["author"], "a")
    breaker.trip(NOW + timedelta(days=30), "refused")
    assert send(NOW) == {"sent": 1}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_mail_at_which_the_server_ends_each_time_is_not_tried_at_once_for_ever(team, server, end):
    bad, tried = factories.mail(team["author"], "a"), []

    async def handle_rcpt(smtp, session, envelope, address, options):
        if address == team["author"].email:
            tried.append(address)
            return end(smtp)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    server.handle_RCPT = handle_rcpt
    Mail.objects.filter(pk=bad.pk).update(next_attempt_at=NOW - MINUTE / 2)
    for number in range(3):
        good = factories.mail(team["other"], f"good-{number}")
    Mail.objects.filter(pk=good.pk).update(next_attempt_at=NOW - MINUTE)
    assert send(NOW) == {"sent": 3, "later": 1}
    bad.refresh_from_db()
    # A second time over a connection of its own, and then it waits like others.
    assert tried == [team["author"].email] * 2
    assert bad.attempts == 1 and bad.next_attempt_at > NOW + 3 * MINUTE


def test_the_long_wait_is_for_the_dot_alone(team, server, settings, monkeypatch):
    """A slow answer after the dot is waited for; hanging up would make a double."""
    settings.MAILERS["default"]["OPTIONS"]["timeout"] = 119
    lines, waits = [], {}
    connect = PhasedSMTP.connect
    monkeypatch.setattr(
        PhasedSMTP, "connect", lambda line, *where: lines.append(line) or connect(line, *where)
    )

    async def handle_mail(smtp, session, envelope, address, options):
        waits["command"] = lines[-1].sock.gettimeout()
        envelope.mail_from = address
        return "250 OK"

    def answer(smtp, envelope):
        waits["dot"] = lines[-1].sock.gettimeout()

    server.handle_MAIL, server.answer = handle_mail, answer
    factories.mail(team["author"], "a")
    assert send(NOW) == {"sent": 1}
    assert waits == {"command": 119, "dot": DOT_TIMEOUT_SECONDS} and DOT_TIMEOUT_SECONDS == 600


@pytest.mark.parametrize("manner", ["hangs", "resets"])
def test_what_the_server_does_at_the_farewell_undoes_nothing(team, server, monkeypatch, manner):
    farewell = PhasedSMTP.quit

    def soon(line):
        line.sock.settimeout(0.1)
        return farewell(line)

    async def quit_badly(smtp, session, envelope):
        if manner == "resets":
            smtp.transport.abort()
        await asyncio.sleep(0.5)
        return "221 Bye"

    monkeypatch.setattr(PhasedSMTP, "quit", soon)

    server.handle_QUIT = quit_badly
    mail = factories.mail(team["author"], "a")
    assert send(NOW) == {"sent": 1}
    assert send(NOW + timedelta(hours=1)) == {}
    mail.refresh_from_db()
    assert mail.state == MailState.SENT and len(server.accepted) == 1
