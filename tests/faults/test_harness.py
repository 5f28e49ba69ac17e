"""The harness of ``make mail-faults`` sees what is lost and doubled; its quickest tests run with the rest."""

import contextlib
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import connection

from recommendations.choices import MailState
from recommendations.models import Mail
from tests.faults import report
from tests.faults.figures import Figures, check_invariant, count_arrivals
from tests.faults.registry import all_scenarios
from tests.faults.scenarios import c1_select_send_mark
from tests.faults.sizes import TINY
from tests.support import factories
from tests.support.factories import NOW
from tests.support.processes import ROOT


def post_with(*ids):
    """Return what stands for a mail server that accepted messages of these ids."""
    return SimpleNamespace(accepted=lambda: [SimpleNamespace(id=message_id) for message_id in ids])


@pytest.fixture
def three(team):
    """The Message-IDs of three mails that are said to be sent."""
    ids = [
        factories.mail(team["author"], f"m{number}", period=f"P{number}").message_id for number in range(3)
    ]
    Mail.objects.update(state=MailState.SENT, sent_at=NOW)
    return ids


@pytest.mark.processes
def test_senders_that_are_killed_and_stopped_lose_and_double_nothing(tmp_path):
    """On SQLite, or on the PostgreSQL that DATABASE_URL names."""
    out = tmp_path / "figures.json"
    options = ["--size", "tiny", "--tests", "3,4,6,7,C1", "--databases", connection.vendor]
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *options, "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = json.loads(out.read_text())["databases"][connection.vendor]
    assert sum(row["kills"] for row in rows) > 8
    assert [row["number"] for row in rows if row["number"] == "C1" and row["extra"] > 0] == ["C1"]


def test_what_is_lost_or_doubled_or_not_owed_is_seen(three):
    figures = Figures()
    count_arrivals(figures, post_with(three[0], three[1], three[1], "<nobody's@example.org>"))
    figures.require_nothing_lost_or_doubled()
    assert (figures.rows, figures.lost, figures.extra) == (3, 1, 1)
    assert len(figures.misses) == 4
    assert "1 rows say sent and never arrived" in figures.misses


def test_when_all_arrived_once_nothing_is_missed(three):
    figures = Figures()
    count_arrivals(figures, post_with(*three))
    figures.require_nothing_lost_or_doubled()
    check_invariant(figures, rows=3)
    assert figures.misses == []


def test_rows_too_many_left_open_or_late_are_seen(three, team):
    Mail.objects.filter(message_id=three[0]).update(state=MailState.PENDING)
    Mail.objects.filter(message_id=three[1]).update(not_after=NOW.replace(year=2020))
    factories.mail(team["author"], "m9", period="P2", state=MailState.SUPPRESSED)
    figures = Figures()
    check_invariant(figures, rows=3)
    for words in ("rows: 4, not 3", "two rows for a period", "came to no end", "of no use"):
        assert any(words in miss for miss in figures.misses), words


def test_a_control_that_shows_nothing_fails_the_run(team):
    """With senders that do not double the control has to say that the harness is blind."""

    @contextlib.contextmanager
    def post():
        yield post_with(*Mail.objects.values_list("message_id", flat=True))

    idle = SimpleNamespace(run_at_once=lambda *_arguments: None)
    bench = SimpleNamespace(size=TINY, post=post, senders=lambda _post: idle)
    [figures] = c1_select_send_mark.run(bench)
    assert figures.extra == 0 and "blind" in figures.misses[0]


def test_a_miss_and_a_test_that_did_not_run_fail_the_run():
    good = {"number": "3", "title": "t", "pass": "p", "misses": [], "passed": True} | dict.fromkeys(
        ("kills", "rows", "lost", "extra", "unknown"), 0
    )
    bad = good | {"number": "4", "misses": ["lost: 1, not 0"], "passed": False, "variant": "limit 0"}
    apart = {"number": "8", "title": "t", "pass": "p", "not_run": "no redis-server on this computer"}
    assert report.shortcomings({"sqlite": [good, apart]}, ["3", "8"]) == []
    assert report.shortcomings({"sqlite": [good, bad]}, ["3", "4", "5"]) == [
        "sqlite: test 5 did not run",
        "sqlite: test 4: lost: 1, not 0",
    ]
    table = "\n".join(report.lines([good, bad, apart]))
    for words in ("t [limit 0]", "MISSED lost: 1, not 0", "no redis-server", "NO", "not run"):
        assert words in table


def test_there_are_twenty_tests_and_two_controls():
    scenarios = all_scenarios()
    assert [scenario.number for scenario in scenarios] == [*map(str, range(1, 21)), "C1", "C2"]
    assert [scenario.number for scenario in scenarios if scenario.redis_only] == ["8", "9"]
    assert all(scenario.title and scenario.passes for scenario in scenarios)
