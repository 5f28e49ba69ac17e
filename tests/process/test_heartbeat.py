"""The heartbeat of the jobs: health checks, who starts a deaf worker again, who is pinged."""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from recommendations import heartbeat, jobs
from recommendations.mail import outbox
from recommendations.management.commands import run
from recommendations.models import Heartbeat
from tests.support.factories import NOW
from tests.support.places import Elsewhere
from tests.support.processes import Watched, fresh_database, wait_until
from tests.support.servers import web_server
from tracker import environment

MINUTE = timedelta(minutes=1)


def ticked(minutes):
    Heartbeat.objects.create(name="tick", at=timezone.now() - minutes * MINUTE)


def ask(path="/healthz"):
    answer = Client().get(path)
    return answer.status_code, answer.json()


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (14, 200), (16, 503), (60 * 24 * 400, 503)])
def test_healthz_says_when_no_tick_ran_for_fifteen_minutes(db, minutes, status):
    ticked(minutes)
    code, body = ask()
    assert code == status
    assert abs(body.pop("last_tick_seconds") - minutes * 60) <= 5
    silent = status == 503
    assert body == {
        "status": "failing" if silent else "ok",
        "database": "ok",
        "jobs": "silent" if silent else "ok",
        "mail": "ok",
    }
    assert ask("/readyz") == (200, {"status": "ok", "database": "ok"})


def test_a_fresh_installation_has_fifteen_minutes_to_begin_and_no_more(db):
    young = {"status": "ok", "database": "ok", "jobs": "not yet", "last_tick_seconds": None, "mail": "ok"}
    assert ask() == (200, young)
    with time_machine.travel(timezone.now() + 60 * 24 * MINUTE):
        code, body = ask()
        assert (code, body["jobs"], body["last_tick_seconds"]) == (503, "silent", None)
        assert ask("/readyz")[0] == 200
        ticked(1)
        assert ask()[0] == 200


def test_ticks_set_farther_apart_have_longer(db, settings):
    settings.TICK_SECONDS = 3600
    ticked(120)
    assert ask()[0] == 200
    Heartbeat.objects.update(at=timezone.now() - 181 * MINUTE)
    assert ask()[0] == 503


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_database_that_does_not_answer_is_said(db, monkeypatch, path):
    def away(*_arguments, **_options):
        raise OperationalError("connection to server at 10.0.0.1 failed")

    with monkeypatch.context() as absent:
        absent.setattr(connection, "cursor", away)
        assert ask(path) == (503, {"status": "failing", "database": "no answer"})


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_they_answer_without_https_and_are_kept_by_nobody(db, settings, path):
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get(path)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    assert Client().post(path).status_code == 405


def test_worker_and_beat_are_watched_and_have_as_long_as_a_silence_may_be(db):
    watches = {part.name: part.watch for part in run.parts()}
    assert watches.pop("web") is None
    assert {watch.patience for watch in watches.values()} == {900}
    assert watches.keys() == {"worker", "mailer", "beat"}
    for minutes, idle in ((1, False), (16, True)):
        Heartbeat.objects.update_or_create(name="tick", defaults={"at": timezone.now() - minutes * MINUTE})
        assert heartbeat.job_status(timezone.now()).silent is idle


# --- The dead man's switch ----------------------------------------------------------------------------


def test_the_address_is_asked_for_after_each_whole_tick(db, settings):
    with web_server(200) as (address, asked):
        jobs.tick(NOW)
        assert asked == []
        settings.PING_URL = f"{address}ping/a-secret"
        jobs.tick(NOW)
        jobs.tick(NOW)
    assert asked == [("/ping/a-secret", b"")] * 2


def test_a_tick_that_failed_is_not_told_as_one_that_ran(db, settings, monkeypatch):
    def broken(_now):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr(outbox, "send", broken)
    with web_server(200) as (address, asked):
        settings.PING_URL = address
        with pytest.raises(ExceptionGroup):
            jobs.tick(NOW)
    assert asked == [] and not Heartbeat.objects.filter(name="tick").exists()


@pytest.mark.parametrize("status", [404, 500, None])
def test_an_address_that_does_not_answer_harms_nothing_and_is_logged(db, settings, caplog, status):
    with web_server(status or 200) as (address, _asked):
        settings.PING_URL = f"{address}ping/a-secret"
        if status:
            jobs.tick(NOW)
    if not status:
        jobs.tick(NOW)
    assert Heartbeat.objects.get(name="tick").at == NOW
    [record] = [record for record in caplog.records if "PING_URL" in record.getMessage()]
    assert record.levelname == "WARNING" and "a-secret" not in record.getMessage()


@pytest.mark.parametrize(
    "value", ["hc.example.org/1", "ftp://x/y", "file:///etc/passwd", "http://", "https://a:b"]
)
def test_what_is_no_address_of_the_web_stops_the_start_and_is_not_repeated(monkeypatch, value):
    monkeypatch.setenv("PING_URL", value)
    with pytest.raises(ImproperlyConfigured, match="PING_URL must be an address such as https") as told:
        environment.web_address("PING_URL")
    assert value not in str(told.value)


# --- With real processes ------------------------------------------------------------------------------

AGE = (
    "from datetime import timedelta; from django.utils import timezone;"
    "from recommendations.models import Heartbeat;"
    "Heartbeat.objects.update_or_create(name='tick',"
    "defaults={'at': timezone.now() - timedelta(minutes=20)})"
)
RING = "from tracker.celery import app; app.send_task('recommendations.tasks.tick')"


@pytest.mark.processes
def test_a_worker_that_stopped_working_is_replaced_and_ticks_again(tmp_path):
    with fresh_database("heartbeat") as database:
        here = Elsewhere(tmp_path / "data", database, EMAIL_URL="")
        here.lay_tables()
        assert "have not run here yet" in here.manage("heartbeat").stdout
        worker = [sys.executable, "-m", "celery", "--app", "tracker", "worker", "--pool", "threads"]
        times = ["--patience", "8", "--every", "0.5", "--grace", "1"]
        log = ["--loglevel", "INFO", "--hostname", f"heartbeat-{os.getpid()}@%h"]
        watched = Watched(
            [sys.executable, "manage.py", "watched", *times, "--", *worker, *log], **here.environment
        )
        try:
            watched.wait_for(r" ready\.")
            [first] = children(watched.process.pid)
            os.kill(first, signal.SIGSTOP)
            here.shell(AGE)
            told = here.manage("heartbeat")
            assert told.returncode == 1, told.stdout + told.stderr
            watched.wait_for("worker runs but no longer does any work; stopping it")
            watched.wait_for("worker was killed by SIGKILL; it starts again")
            # As beat does every five minutes; what it rang before may be lost with the deaf worker.
            here.shell(RING)
            watched.wait_for(r"tasks\.tick\S* succeeded")
            assert here.manage("heartbeat").returncode == 0
            assert watched.end() == 0
        finally:
            watched.discard()
            wait_until(lambda: not children(watched.process.pid))


def children(parent):
    """Return the workers that a supervisor has started."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split() if entry.name.isdigit() else []
            command = (entry / "cmdline").read_bytes() if stat else b""
        except OSError:  # it ended meanwhile
            continue
        if stat and int(stat[1]) == parent and b"celery" in command:
            found.append(int(entry.name))
    return found
