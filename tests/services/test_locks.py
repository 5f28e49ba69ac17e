"""Locks are taken in one order, so that people who act at once wait for each other and never in a circle.

The order stands in CONTRIBUTING. Most is tried here by stopping one act in the moment before its commit,
while it holds the event sequence, and letting another one run into it: a circle shows every time.
"""

import re
import threading
import uuid
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction
from django.template.loader import render_to_string

import recommendations
from recommendations.audit import log
from recommendations.choices import AccountAct, Decision, EventKind, Role, Sensitivity
from recommendations.models import AccountChange, Event, Recommendation, Report
from recommendations.services import (
    advocacy,
    asks,
    confirming,
    editions,
    following,
    grants,
    people,
    reviews,
    updates,
)
from recommendations.services import recommendations as settings_of
from recommendations.services.evidence import details, items, retention
from recommendations.services.own_account import keep_settings
from tests.support import clients, factories, forms
from tests.support.factories import NOW
from tests.support.processes import wait_until

postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite has one writer at a time and no deadlocks: set DATABASE_URL to a PostgreSQL",
)
real_commits = pytest.mark.django_db(transaction=True)
TODAY = NOW.date()
# Acts that record no event.
SILENT = {"check again"}


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


LINK = {"title": "A decree", "sensitivity": Sensitivity.INTERNAL}


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


class Story:
    """A team, a report, and something new of each kind that an act can lock."""

    def __init__(self):
        self.team = factories.team()
        self.report = factories.report()
        self.recommendation = self.report.recommendations.first()
        # What was never assessed takes no check.
        factories.approve(self.team["author"], self.recommendation, reviewer=self.team["second"])
        self.recommendation.refresh_from_db()
        self.anew()

    def anew(self):
        """Begin with another update and another item."""
        self.update = factories.submit(self.team["author"], self.recommendation)
        self.item = factories.link(self.team["author"], sensitivity=Sensitivity.RESTRICTED)

    def record(self):
        """Record an event that points to all of it, as whoever adds, opens or cites something does."""
        about = {"recommendation": self.recommendation, "update": self.update, "evidence": self.item}
        log.record(EventKind.VIEWED, now=NOW, actor=self.team["author"], **about)


def about_update(service, **said):
    return lambda story: partial(
        service, update=story.update, reviewer=story.team["reviewer"], now=NOW, **said
    )


def about_recommendation(service, **said):
    return lambda story: partial(
        service, recommendation=story.recommendation, actor=story.team["reviewer"], now=NOW, **said
    )


def about_item(service, **said):
    return lambda story: partial(service, item=story.item, actor=story.team["author"], now=NOW, **said)


def about_author(service, **said):
    return lambda story: partial(
        service, actor=story.team["manager"], person=story.team["author"], now=NOW, **said
    )


def _checks_again(story):
    """The form of a check, posted again while its update is decided on."""
    key = uuid.uuid4()
    about = {"author": story.team["author"], "recommendation": story.recommendation, "key": key, "now": NOW}
    about |= {"as_of": TODAY, "places": [("KCNA", TODAY)], "internal_note": ""}
    updates.record_check(**about)
    return partial(updates.record_check, **about)


def _writes(story):
    """A draft is saved with a link, which becomes evidence in the same transaction."""
    link = updates.NewCitation(uuid.uuid4(), "https://example.org/a", LINK, "supports", "")
    about = {"author": story.team["author"], "recommendation": story.recommendation, "key": uuid.uuid4()}
    return partial(updates.save_draft, **about, fields={}, citations=[link], now=NOW)


def _confirms(story):
    """A second manager confirms the account that the first one made."""
    second = factories.person("Kay", Role.MANAGER)
    people_of = {"person": story.team["author"], "by": story.team["manager"]}
    AccountChange.objects.create(act=AccountAct.ADDED, at=NOW, **people_of)
    return partial(confirming.confirm_account, person=story.team["author"], actor=second, now=NOW)


LOCKING = {
    "take": about_update(reviews.take),
    "approve": about_update(reviews.decide, decision=Decision.APPROVE),
    "return": about_update(reviews.decide, decision=Decision.RETURN, comment="Which page?"),
    "split": about_recommendation(asks.add, title="It", words="Do the thing"),
    "assign": lambda story: about_recommendation(settings_of.assign, owner=story.team["author"], deputy=None)(
        story
    ),
    "reschedule": about_recommendation(settings_of.reschedule, interval_days=7, one_off_on=None),
    "retitle": about_recommendation(settings_of.retitle, short_title="Camps", pillar=""),
    "check again": _checks_again,
    "write": _writes,
    "grant": lambda story: partial(
        grants.grant,
        item=story.item,
        person=story.team["reviewer"],
        actor=story.team["author"],
        reason="Reads it.",
        now=NOW,
    ),
    "change": about_item(details.change, details={"title": "Another"}),
    "hold": about_item(retention.hold, reason="A court asks."),
    "propose removal": about_item(retention.propose, reason="Consent.", basis="Art. 17", on=TODAY),
    "freeze": lambda story: partial(
        editions.freeze,
        report=story.report,
        actor=story.team["manager"],
        name="Before the session",
        as_of=TODAY,
        now=NOW + timedelta(hours=1),
    ),
    "close": lambda story: partial(
        following.close, report=story.report, actor=story.team["manager"], now=NOW
    ),
    "confirm": _confirms,
    "rename oneself": lambda story: partial(
        keep_settings, person=story.team["author"], fields={"name": "Ana Park"}, now=NOW
    ),
    "rename": about_author(people.rename, email="ana@example.net", name="Ana"),
    "change role": about_author(people.change_role, role=Role.REVIEWER),
    "give password": about_author(people.give_password),
    "switch off": about_author(people.set_active, active=False),
}


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
    again = _checks_again(story)
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
    moment = advocacy.keep_moment(moment=None, fields=fields, **manager)
    drop = partial(advocacy.drop_moment, moment=moment, **manager)
    changed = partial(advocacy.keep_moment, moment=moment, fields=fields | {"note": "In May."}, **manager)
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
