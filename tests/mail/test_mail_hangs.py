"""A mail server that takes a mail and says nothing of it: it holds up mails, and nothing else."""

import asyncio
import re
from datetime import timedelta

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.test import Client

from recommendations import heartbeat, jobs
from recommendations.mail.outbox import leases, send, transport
from recommendations.management.commands import run
from recommendations.models import Heartbeat
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of
from tests.support.places import Elsewhere
from tests.support.processes import Watched, free_port, fresh_database, wait_until
from tests.support.servers import Sink, web_server

MINUTE = timedelta(minutes=1)


async def never(*_arguments):
    """Answer nothing."""
    await asyncio.Event().wait()


async def sign_by_sign(server, _envelope):
    """Go on answering, and never come to an end."""
    while True:
        server.transport.write(b"250-still\r\n")
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("answer", "wait"), [(never, "DOT_TIMEOUT_SECONDS"), (sign_by_sign, "HAND_OVER_SECONDS")]
)
def test_after_one_mail_without_an_answer_the_others_wait(team, server, monkeypatch, answer, wait):
    hung, other = factories.mail(team["author"], "a"), factories.mail(team["other"], "b")
    server.answer = answer
    with monkeypatch.context() as hasty:
        hasty.setattr(transport, wait, 0.4)
        assert send(NOW) == {"no answer": 1}
    hung.refresh_from_db()
    other.refresh_from_db()
    assert (hung.state, hung.ambiguous, other.state, other.attempts) == ("pending", 1, "pending", 0)
    assert heartbeat.mail_trouble(NOW + MINUTE).what == heartbeat.HANGS
    assert send(NOW + MINUTE / 2) == {} and server.accepted == []

    server.answer = None
    assert send(NOW + 2 * MINUTE) == {"sent": 1}
    assert heartbeat.mail_trouble(NOW + 2 * MINUTE) is None
    assert send(NOW + 20 * MINUTE) == {"sent": 1} and len(server.accepted) == 2


def test_the_answer_is_waited_for_as_long_as_the_lease_allows():
    """A shorter wait doubles mails, and so does a longer one: another sender takes over then."""
    assert transport.DOT_TIMEOUT_SECONDS == 600 < transport.HAND_OVER_SECONDS < leases.LEASE.total_seconds()


@pytest.fixture
def handed_over(team):
    """A mail that was handed over at NOW, and of which the server says nothing."""
    mail = factories.mail(team["author"], "a")
    leases.take(NOW).mark_dot(NOW)
    Heartbeat.objects.create(name="tick", at=NOW)
    return mail


def test_the_alarm_rings_while_a_mail_hangs(handed_over, team, settings):
    with time_machine.travel(NOW + 2 * MINUTE):
        assert Client().get("/healthz").status_code == 200, "some servers are slow"
    with time_machine.travel(NOW + 4 * MINUTE):
        answer = Client().get("/healthz")
        assert answer.status_code == 503
        assert (answer.json()["jobs"], answer.json()["mail"]) == ("ok", "hangs")
        assert answer.json()["mail_since"] == NOW.isoformat(timespec="seconds")
        assert Client().get("/readyz").status_code == 200
        for page in ("/desk/", "/desk/recommendations/mail/"):
            assert "Sending has been stuck since" in browser_of(team["manager"]).get(page).content.decode()
        assert "Sending hangs" not in browser_of(team["reviewer"]).get("/desk/").content.decode()
    with web_server(200) as (address, asked):
        settings.PING_URL = address
        jobs.plan(NOW + 4 * MINUTE)
        assert asked == []
        leases.recover(NOW + timedelta(hours=1))
        jobs.plan(NOW + 5 * MINUTE)
        assert len(asked) == 1


def test_nobody_sends_and_nobody_is_reached_are_alarms_too(db):
    Heartbeat.objects.create(name="sending", at=NOW)
    assert heartbeat.mail_trouble(NOW + 14 * MINUTE) is None
    assert heartbeat.mail_trouble(NOW + 16 * MINUTE) == heartbeat.MailTrouble(heartbeat.SILENT, NOW)
    assert heartbeat.sending_is_idle(NOW + 16 * MINUTE)
    detail = {"failures": 3, "since": NOW.isoformat(), "until": (NOW + 20 * MINUTE).isoformat()}
    Heartbeat.objects.create(name="mail server", at=NOW, detail=detail)
    assert heartbeat.mail_trouble(NOW + 16 * MINUTE) == heartbeat.MailTrouble(heartbeat.UNUSABLE, NOW)


def test_a_sender_that_holds_a_mail_is_not_started_again(handed_over):
    Heartbeat.objects.create(name="sending", at=NOW)
    assert not heartbeat.sending_is_idle(NOW + 19 * MINUTE) and heartbeat.sending_is_idle(NOW + 21 * MINUTE)


# --- With real processes ------------------------------------------------------------------------------

OWED = """
from django.utils import timezone
from tests.support import factories
author = factories.team()["author"]
for number in range(3):
    factories.mail(author, str(number), now=timezone.now())
"""
RING = """
from tracker.celery import app
for task in ("tick", "tick", "examine_evidence"):
    app.send_task(f"recommendations.tasks.{task}")
"""
LATER = """
from datetime import timedelta
from django.db.models import F
from recommendations.models import Mail
assert Mail.objects.filter(phase="dot").update(lease_until=F("lease_until") - timedelta(minutes=4)) == 1
"""


@pytest.mark.processes
def test_a_mail_that_hangs_holds_up_no_other_job_and_is_sent_by_nobody_else(tmp_path):
    sink, hung = Sink(), []

    def first_hangs(_server, envelope):
        if not hung:
            hung.append(envelope.content)
            return never()
        return None

    sink.answer = first_hangs
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    with fresh_database("hangs") as database:
        mail = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}", "REDIS_URL": ""}
        here = Elsewhere(tmp_path / "data", database, **mail)
        here.lay_tables()
        here.shell(OWED)
        parts = {part.name: part.command for part in run.parts() if "worker" in part.command}
        running = {name: Watched(command, **here.environment) for name, command in parts.items()}
        try:
            worker = running["worker"]
            for _time in range(2):
                here.shell(RING)
                wait_until(lambda: hung)
            done = {"tick": 0, "examine_evidence": 0}
            while done["tick"] < 4 or done["examine_evidence"] < 2:
                done[worker.wait_for(r"tasks\.(tick|examine_evidence)\S* succeeded")[1]] += 1
            assert re.match("Mails sent: 2", here.manage("send_outbox").stdout)
            assert len(sink.accepted) == 2 and hung[0] not in {content for _to, content in sink.accepted}
            assert here.manage("heartbeat").returncode == 0
            here.shell(LATER)
            told = here.manage("heartbeat")
            assert told.returncode == 1 and "Sending hangs" in told.stdout
            assert here.manage("heartbeat", "--jobs").returncode == 0
        finally:
            for program in running.values():
                program.discard()
            server.stop()
