"""Real sender processes, killed where it hurts, against a real mail server and a database of their own.

Run on SQLite always, and on PostgreSQL where ``DATABASE_URL`` names one.
"""

import email
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from recommendations.choices import MailState
from recommendations.models import Mail, MailAttempt, User
from tests.mailing import free_port, owe_one

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


class Post:
    """The mail server's disk, and the ways to start senders that lead to it."""

    def __init__(self, port, folder, environment):
        self.port, self.folder, self.environment = port, folder, environment

    def start(self, point="none", job="send"):
        """Start a sender that dies at ``point``."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.sender", point, job],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, point="none", job="send"):
        """Run a sender to its end. Returns: its exit status."""
        process = self.start(point, job)
        output, _ = process.communicate(timeout=60)
        if process.returncode not in (0, -signal.SIGKILL):
            pytest.fail(output)
        return process.returncode

    def accepted(self):
        """Return how often each Message-ID was accepted, and the distinct bodies under it."""
        raw = [path.read_bytes() for path in self.folder.iterdir()]
        ids = Counter(email.message_from_bytes(message)["Message-ID"] for message in raw)
        return ids, len(set(raw))


@pytest.fixture
def post(tmp_path, team):
    folder, port = tmp_path / "accepted", free_port()
    folder.mkdir()
    database = connection.settings_dict
    url = (
        f"sqlite:///{database['NAME']}"
        if connection.vendor == "sqlite"
        else f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
        f"/{database['NAME']}"
    )
    environment = {
        **os.environ,
        "DATABASE_URL": url,
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DATA_DIR": str(tmp_path / "data"),
    }
    sink = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sink", str(port), str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert sink.stdout.readline() == "ready\n"
    yield Post(port, folder, environment)
    sink.kill()
    sink.wait()


def let_leases_run_out():
    Mail.objects.filter(state=MailState.SENDING).update(lease_until=timezone.now() - timedelta(seconds=1))


def make_due():
    Mail.objects.filter(state=MailState.PENDING).update(next_attempt_at=timezone.now())


def owe_many(team, number):
    for mail in range(number):
        owe_one(team["author"], f"mail-{mail:03}", now=timezone.now())


@pytest.mark.parametrize("point", ["after-claim", "before-dot"])
def test_killed_before_the_dot_loses_and_doubles_nothing(team, post, point):
    owe_many(team, 3)
    assert post.run(point) == -signal.SIGKILL
    assert post.run() == 0
    assert sum(post.accepted()[0].values()) == 2, "the claimed one rests until its lease is over"
    let_leases_run_out()
    post.run()
    ids, _bodies = post.accepted()
    assert sorted(ids.values()) == [1, 1, 1]
    assert set(Mail.objects.values_list("state", "attempts")) == {(MailState.SENT, 1)}


@pytest.mark.parametrize(("point", "copies"), [("after-mark", 1), ("after-accepted", 2)])
def test_killed_after_the_dot_gives_at_most_one_more_and_the_same(team, post, point, copies):
    owe_many(team, 1)
    assert post.run(point) == -signal.SIGKILL
    let_leases_run_out()
    post.run()
    [mail] = Mail.objects.all()
    assert (mail.state, mail.ambiguous) == (MailState.PENDING, 1), "in doubt, and not hurried"
    make_due()
    post.run()
    ids, bodies = post.accepted()
    assert (list(ids.values()), bodies) == ([copies], 1)
    assert Mail.objects.get().state == MailState.SENT


def test_killed_twice_after_the_dot_ends_as_not_known(team, post):
    owe_many(team, 1)
    for _time in range(2):
        assert post.run("after-accepted") == -signal.SIGKILL
        let_leases_run_out()
        post.run()
        make_due()
    post.run()
    ids, bodies = post.accepted()
    assert (list(ids.values()), bodies) == ([2], 1)
    assert Mail.objects.get().state == MailState.UNKNOWN


def test_killed_after_the_record_doubles_nothing(team, post):
    owe_many(team, 2)
    post.run("after-recorded")
    post.run()
    assert list(post.accepted()[0].values()) == [1, 1]


def test_three_senders_at_once_send_each_mail_once(team, post):
    owe_many(team, 60)
    senders = [post.start() for _ in range(3)]
    for sender in senders:
        output, _ = sender.communicate(timeout=120)
        assert sender.returncode == 0, output
    ids, _bodies = post.accepted()
    assert len(ids) == 60 and set(ids.values()) == {1}
    assert set(Mail.objects.values_list("state", flat=True)) == {MailState.SENT}
    assert MailAttempt.objects.count() == 60


def let_reviews_be_due(team, report):
    """Make three reviews long overdue for the three who review, who all work today and now."""
    report.recommendations.update(next_review_on=timezone.now().date() - timedelta(days=20))
    # It is always past eight somewhere.
    place = "Etc/GMT-8" if timezone.now().hour < 8 else "UTC"
    joined = timezone.now() - timedelta(days=60)
    User.objects.update(working_days="1234567", date_joined=joined, time_zone=place)


def test_two_ticks_at_once_owe_and_send_each_mail_once(team, report, post):
    let_reviews_be_due(team, report)
    ticks = [post.start(job="tick") for _ in range(2)]
    for tick in ticks:
        output, _ = tick.communicate(timeout=120)
        assert tick.returncode == 0, output
    post.run(job="tick")
    ids, _bodies = post.accepted()
    reminded = Mail.objects.filter(kind="reminder").values_list("recipient__name", flat=True)
    assert sorted(reminded) == ["Mina", "Rita", "Sam"]
    assert set(ids.values()) == {1} and len(ids) == Mail.objects.filter(state=MailState.SENT).count()


def test_killed_in_the_middle_of_planning_leaves_no_half_mail(team, report, post):
    let_reviews_be_due(team, report)
    assert post.run("mid-plan", job="tick") == -signal.SIGKILL
    assert Mail.objects.filter(kind="reminder").count() == 1
    assert not Mail.objects.filter(kind="reminder", items=None).exists()
    post.run(job="tick")
    assert Mail.objects.filter(kind="reminder", state=MailState.SENT).count() == 3
    assert not Mail.objects.filter(kind="reminder", items=None).exists()
    assert set(post.accepted()[0].values()) == {1}


def test_a_sender_stopped_past_its_lease_sends_nothing_when_it_wakes(team, post):
    owe_many(team, 1)
    zombie = post.start("stopped-before-dot")
    deadline = time.monotonic() + 30
    while not Mail.objects.filter(state=MailState.SENDING).exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    let_leases_run_out()
    post.run()
    zombie.send_signal(signal.SIGCONT)
    output, _ = zombie.communicate(timeout=30)
    assert "taken over" in output
    assert list(post.accepted()[0].values()) == [1]
    assert Mail.objects.get().state == MailState.SENT
