"""The jobs by hand: the clock as option, the dry twin, and the tick as a whole."""

import subprocess
import sys
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from recommendations import jobs, tasks
from recommendations.mail.outbox import breaker
from recommendations.management.clock import stage_words
from recommendations.models import Heartbeat, Mail, Recommendation, User
from recommendations.services.evidence import verification
from recommendations.services.mail import digests, purge, reminders
from tests.support import factories
from tests.support.factories import DAY, NOW

FRIDAY = "2024-09-20T08:00+00:00"


@pytest.fixture
def due(team, report):
    """One review is due on a Friday, and one status has moved."""
    User.objects.update(date_joined=NOW - 60 * DAY)
    first, second = report.recommendations.all()[:2]
    factories.approve(
        team["author"], first, datetime(2024, 9, 12, 9, 0, tzinfo=UTC), reviewer=team["reviewer"]
    )
    Recommendation.objects.filter(pk=second.pk).update(next_review_on=date(2024, 9, 20), owner=team["author"])
    return second


def run(name, *arguments):
    output = StringIO()
    call_command(name, *arguments, stdout=output)
    return output.getvalue()


def everything():
    """Return all rows of all tables, as a dry run must leave them."""
    with connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(map(str, cursor.fetchall()))
        return rows


def test_the_dry_twin_says_who_would_get_what_and_writes_nothing(due):
    before = everything()
    said = run("tick", "--now", FRIDAY, "--dry-run")
    assert "reminder  ana@example.org  2024-09-20  KP-02 is due today" in said
    assert "TIP-2024-KP-02  due\n" in said
    assert "digest    vera@example.org  2024-W38  1 status changed" in said
    assert "\nReminders that would be queued: 1.\n" in said and "\nDigests that would be queued: 6.\n" in said
    assert "Mails already queued that would be sent: 0." in said
    for name in ("queue_reminders", "queue_digests", "send_outbox"):
        run(name, "--now", FRIDAY, "--dry-run")
    assert everything() == before


def test_the_dry_twin_counts_as_the_job_does_where_nothing_happened(due):
    run("queue_digests", "--now", FRIDAY)
    Mail.objects.update(state="sent", sent_at=NOW)
    User.objects.filter(name="Vera").update(digest_when_empty=True)
    later = "2024-10-01T08:00+00:00"
    Recommendation.objects.update(next_review_on=date(2030, 1, 1))
    *said, counted = run("queue_digests", "--now", later, "--dry-run").splitlines()
    assert sum(line.endswith("held back: nothing is sent") for line in said) == len(said) - 1 == 5
    assert counted == "Digests that would be queued: 1."
    assert run("queue_digests", "--now", later) == "Digests queued: 1.\n"


def test_the_dry_twin_names_a_next_step_by_its_entry(team):
    factories.advocacy(
        team["author"], next_step="Send the list", next_on=NOW.date(), next_owner=team["other"]
    )
    said = run("queue_reminders", "--now", NOW.isoformat(), "--dry-run")
    assert "reminder  omar@example.org" in said and "Meeting: The camps  due\n" in said
    assert said.endswith("Reminders that would be queued: 1.\n")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("T-14", "due in 14 days or less"),
        ("D0", "due"),
        ("O+7", "overdue for 7 days"),
        ("W3", "has waited for 3 days"),
    ],
)
def test_stages_are_said_in_words(name, said):
    assert stage_words(name) == said


def test_each_job_by_hand(due, mailoutbox):
    assert run("queue_reminders", "--now", FRIDAY) == "Reminders queued: 1.\n"
    assert run("queue_digests", "--now", FRIDAY).startswith("Digests queued: 5"), "one waits for its reminder"
    said = run("send_outbox", "--now", FRIDAY)
    assert said.startswith("Mails sent: 6."), "and the decision of a week ago came too late"
    assert "expired: 1" in said
    assert run("queue_digests", "--now", FRIDAY).startswith("Digests queued: 1")
    assert run("send_outbox", "--now", FRIDAY).startswith("Mails sent: 1.")
    assert len(mailoutbox) == 7


def test_a_second_tick_does_nothing(due, mailoutbox):
    first = run("tick", "--now", FRIDAY)
    assert "queue_reminders: 1" in first and "queue_digests: 6" in first and "send_outbox: 7" in first
    assert run("tick", "--now", FRIDAY) == (
        "queue_reminders: 0\nsend_outbox: 0\nqueue_digests: 0\npurge_mails: 0\n"
    )
    assert len(mailoutbox) == 7
    assert Heartbeat.objects.get(name="tick").at == datetime.fromisoformat(FRIDAY)


@pytest.mark.parametrize(
    "job",
    [
        jobs.tick,
        lambda now: breaker.trip(now, "refused"),
        lambda now: breaker.trip(now, "refused") and breaker.reset(now),
        lambda now: purge.purge_mails_daily(now=now),
        lambda now: verification.verify(now=now),
    ],
)
def test_a_moment_that_is_past_sets_no_heartbeat_back(db, job):
    late, early = NOW, NOW - 20 * DAY
    for now in (late, early):
        job(now)
        assert {row.at for row in Heartbeat.objects.all()} == {late}
    job(late + DAY)
    assert {row.at for row in Heartbeat.objects.all()} == {late + DAY}


def test_a_heartbeat_of_tomorrow_was_none_and_is_replaced(db):
    tomorrow = timezone.now() + DAY
    Heartbeat.objects.create(name="tick", at=tomorrow)
    run("tick")
    assert Heartbeat.objects.get(name="tick").at < tomorrow


def test_a_moment_without_a_zone_is_utc(due):
    assert run("queue_reminders", "--now", "2024-09-20T07:59") == "Reminders queued: 0.\n"
    assert run("queue_reminders", "--now", "2024-09-20 08:00") == "Reminders queued: 1.\n"


@pytest.mark.parametrize("value", ["yesterday", "2024-13-01", "2024-09-20T25:00", "0001-01-01T00:00+14:00"])
def test_what_is_no_moment_is_refused_with_a_sentence(db, value):
    with pytest.raises(CommandError, match="--now must be a moment such as") as refusal:
        run("tick", "--now", value)
    assert refusal.value.returncode == 2


def test_the_refusal_reaches_the_shell_as_two():
    done = subprocess.run(
        [sys.executable, "manage.py", "queue_reminders", "--now", "soon"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "--now must be a moment" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_job_that_fails_keeps_no_other_from_running(due, monkeypatch, mailoutbox):
    def fail(now):
        raise RuntimeError("the table is gone")

    monkeypatch.setattr(reminders, "plan", fail)
    with pytest.raises(ExceptionGroup):
        jobs.tick(datetime.fromisoformat(FRIDAY))
    assert len(mailoutbox) == 6
    assert not Heartbeat.objects.filter(name="tick").exists(), "silence is the alarm"


def test_one_mail_that_cannot_be_written_keeps_no_other_from_being_owed(due, team, monkeypatch):
    write = digests.messages.digest

    def fail_for_vera(reader, *args):
        if reader == team["viewer"]:
            raise RuntimeError("the template is gone")
        return write(reader, *args)

    monkeypatch.setattr(digests.messages, "digest", fail_for_vera)
    with pytest.raises(Exception, match="could not be written: 1;"):
        run("queue_digests", "--now", FRIDAY)
    assert Mail.objects.filter(kind="digest").count() == 5


@pytest.mark.parametrize("command", ["tick", "send_outbox"])
def test_a_command_without_the_mail_server_of_the_last_start_writes_no_files(due, command, settings):
    settings.MAIL_SERVER_NOT_NAMED = True
    with pytest.raises(CommandError, match="EMAIL_URL is not set here"):
        run(command, "--now", FRIDAY)
    assert not Mail.objects.exclude(state="pending").exists()
    assert run(command, "--now", FRIDAY, "--dry-run")


def test_the_tasks_ring_the_same_bells(due, mailoutbox, monkeypatch):
    now, rung = datetime.fromisoformat(FRIDAY), []
    monkeypatch.setattr(tasks.send_outbox, "apply_async", lambda **options: rung.append(options))
    assert tasks.queue_reminders(now) == 1
    assert tasks.queue_digests(now) == 5
    assert tasks.send_outbox(now) == 6
    assert tasks.queue_digests(now) == 1, "the one that waited for the reminder of its morning"
    assert tasks.send_outbox(now) == 1
    assert tasks.tick(now) == {"queue_reminders": 0, "queue_digests": 0, "purge_mails": 0}
    assert rung == [{"expires": 240, "retry": False}], "what is queued is sent by the worker for mails"
    assert tasks.tick.name == "recommendations.tasks.tick"
