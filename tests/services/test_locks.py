"""Locks are taken in one order, so that people who act at once wait for each other and never in a circle.

The order stands in CONTRIBUTING. Most is tried here by stopping one act in the moment before its commit,
while it holds the event sequence, and letting another one run into it: a circle shows every time.
"""

import re
import threading
import uuid
from functools import partial
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.template.loader import render_to_string

import recommendations
from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.models import Event, Recommendation, Report
from recommendations.services import (
    moments,
    people,
    reviews,
    updates,
)
from recommendations.services.evidence import items
from tests.support import clients, factories, forms
from tests.support.factories import NOW
from tests.support.locking import LINK, LOCKING, SILENT, Story, checks_again
from tests.support.processes import wait_until

postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite has one writer at a time and no deadlocks: set DATABASE_URL to a PostgreSQL",
)
real_commits = pytest.mark.django_db(transaction=True)
TODAY = NOW.date()


def test_no_lock_keeps_rows_from_pointing_to_a_row():
    """FOR UPDATE would: an event that points to the row then waits at its commit, with the sequence held."""
    root = Path(recommendations.__file__).parent
    found = [
        f"{path.relative_to(root)}: {call}"
        for path in root.rglob("*.py")
        for call in re.findall(r"select_for_update\([^)]*\)?", path.read_text())
        if "no_key=True" not in call
    ]
    assert not found


@pytest.mark.parametrize(
    "act", [lambda: Report.objects.update(heading="Late"), lambda: render_to_string("_brand.html")]
)
def test_what_comes_after_an_event_is_seen(events_are_recorded_last, report, act):
    late = events_are_recorded_last
    with transaction.atomic():
        act()
        log.record(EventKind.VIEWED, now=NOW, report=report)
        log.record(EventKind.VIEWED, now=NOW, report=report)
    act()
    assert not late, "all of it before, and what is done when the block was left"
    with transaction.atomic():
        log.record(EventKind.VIEWED, now=NOW, report=report)
        act()
    assert len(late) == 1
    late.clear()


def somebody_waits(locktype):
    """Whether somebody waits: for the sequence ("advisory"), or for who holds a row ("transactionid")."""
    with connection.cursor() as cursor:
        # For us: other databases of the server have locks too.
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = %s AND NOT granted"
            " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))",
            [locktype],
        )
        return cursor.fetchone()[0] > 0


def run_into(act, *, held, at, then=lambda: None):
    """Do ``held``, let ``act`` come as far as it gets in another transaction, do ``then`` and commit.

    Args:
        at: the kind of lock at which ``act`` is held up, if it is.

    Returns: what ``act`` returned or raised.
    """
    result = []

    def other():
        try:
            result.append(act())
        except Exception as error:  # whatever it is, the test judges it
            result.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    try:
        with transaction.atomic():
            held()
            thread.start()
            wait_until(lambda: result or somebody_waits(at))
            then()
    except OperationalError as error:  # of two in a circle the server chose us
        result.insert(0, error)
    thread.join(60)
    return result[0]


@pytest.mark.parametrize("name", LOCKING)
def test_events_are_recorded_last(db, name):
    """The fixture of this folder judges it, here and for every other act that is tested in it."""
    story = Story()
    prepared, events = LOCKING[name](story), Event.objects.count()
    prepared()
    assert Event.objects.count() > events or name in SILENT


@postgresql
@real_commits
def test_who_waits_for_the_sequence_holds_nothing_that_its_holder_needs():
    story, circles = Story(), {}
    before = clients.deadlocks()
    for name, prepared in LOCKING.items():
        story.anew()
        events = Event.objects.count()
        result = run_into(prepared(story), held=story.record, at="advisory")
        if isinstance(result, Exception):
            circles[name] = result
        else:
            assert Event.objects.count() > events + (name not in SILENT), name
    assert not circles
    assert clients.deadlocks() == before


@postgresql
@real_commits
def test_rows_are_locked_in_one_order(settings, tmp_path):
    """The recommendation before the update; all people before the sequence; a moment before the sequence."""
    settings.EVIDENCE_DIR = tmp_path
    story = Story()
    before = clients.deadlocks()
    again = checks_again(story)
    check = story.recommendation.updates.latest("pk")
    # Somebody who decides on a check has its recommendation already when the check is posted again.
    rows = Recommendation.objects.select_for_update(no_key=True)
    hold = partial(rows.get, pk=story.recommendation.pk)
    take = partial(reviews.take, update=check, reviewer=story.team["reviewer"], now=NOW)
    assert run_into(again, held=hold, at="transactionid", then=take) == check

    # The desk's form of a person changes address and role in one transaction.
    manager = {"actor": story.team["manager"], "now": NOW}
    one, other = story.team["author"], story.team["viewer"]
    moves = partial(people.change_role, person=other, role=Role.CONTRIBUTOR, **manager)
    renames = partial(people.rename, person=one, email="ana@example.net", name="Ana", **manager)
    promotes = partial(people.change_role, person=one, role=Role.REVIEWER, **manager)
    assert run_into(moves, held=renames, at="transactionid", then=promotes) == other

    # Two forms of one person with the same files, in another order.
    author, recommendation = story.team["author"], story.report.recommendations.last()
    first, second = (factories.staged(author, content) for content in (forms.PDF, forms.PDF + b"2"))
    cited = [updates.NewCitation(key, "", LINK, "supports", "") for key in (second, first)]
    about = {"author": author, "recommendation": recommendation, "key": uuid.uuid4(), "now": NOW}
    writes = partial(updates.save_draft, **about, fields={}, citations=cited)
    holds, reaches = (partial(items.hold_staged, keys=[key], uploader=author) for key in (first, second))
    assert run_into(writes, held=holds, at="transactionid", then=reaches).citations.count() == 2

    fields = {"kind": "upr", "title": "Review", "on": TODAY, "note": ""}
    moment = moments.keep_moment(moment=None, fields=fields, **manager)
    drop = partial(moments.drop_moment, moment=moment, **manager)
    changed = partial(moments.keep_moment, moment=moment, fields=fields | {"note": "In May."}, **manager)
    assert run_into(drop, held=moment.save, at="transactionid", then=changed) is None
    assert clients.deadlocks() == before


@postgresql
@real_commits
def test_reviewers_at_work_on_two_recommendations_meet_no_deadlock(settings, tmp_path):
    settings.EVIDENCE_DIR = tmp_path
    chosen = list(factories.report(count=2).recommendations.all())
    members = [
        clients.Member(factories.person(f"Reviewer{number}", Role.REVIEWER), chosen, seed=number)
        for number in range(6)
    ]
    before = clients.deadlocks()
    done = clients.at_work(members, goes_on=lambda acts: acts < 8)
    assert clients.deadlocks() == before
    # 409: a comment on what another reviewer decided in the same moment, given back.
    assert {status for _what, status in done} <= {200, 302, 409}, done
    assert sum(done.values()) == 48
