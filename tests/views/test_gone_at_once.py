"""A form and the taking back of what it is about, at one moment: one is done, and who lost is told."""

import threading
import uuid
from functools import partial

import pytest
from django.db import connection
from django.urls import reverse

from recommendations.choices import Sensitivity
from recommendations.errors import Gone, Refused
from recommendations.models import Advocacy, Report, StatusUpdate
from recommendations.services import advocacy, following, updates
from recommendations.services.reports import import_report
from tests.support import factories, forms
from tests.support.factories import DAY, NOW
from tests.support.importing import DOCUMENT
from tests.support.pages import browser_of, told
from tests.support.processes import WAIT
from tests.support.threads import at_once

KEY = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def brought(transactional_db, at_the_time_of_the_story):
    """A report whose import can be undone, in a database that several connections see. (people, report)"""
    people = factories.team()
    return people, import_report(document=DOCUMENT, now=NOW - DAY, actor=people["manager"])[0]


def undo_import(people, report):
    return following.undo_import(report=report, actor=people["manager"], now=NOW)


def just_before(monkeypatch, service, name, act):
    """Let ``act`` be done in the moment before a service begins: its view has looked already."""
    real = getattr(service, name)

    def late(**said):
        act()
        return real(**said)

    monkeypatch.setattr(service, name, late)


def test_a_draft_that_an_undone_import_overtakes_is_told(brought, monkeypatch):
    people, report = brought
    one = report.recommendations.first()
    just_before(monkeypatch, updates, "save_draft", partial(undo_import, people, report))
    data = forms.update_form(reason="Kept words", intent="draft")
    answer = browser_of(people["author"]).post(forms.update_address(one), data)
    assert answer.status_code == 404 and ("Reason for this status", "Kept words") in told(answer)
    assert not Report.objects.exists() and not StatusUpdate.objects.exists()


def test_an_entry_that_an_undone_import_overtakes_is_told(brought, monkeypatch):
    people, report = brought
    just_before(monkeypatch, advocacy, "log", partial(undo_import, people, report))
    data = {
        **{"kind": "meeting", "held_on": "2024-09-01", "counterpart": "An office", "subject": "Kept words"},
        **{"result": "They ask.", "recommendations": report.recommendations.first().pk},
        **{"sensitivity": "restricted"},
    }
    answer = browser_of(people["author"]).post(reverse("advocacy-add"), data)
    assert answer.status_code == 404 and ("About what", "Kept words") in told(answer)
    assert not Advocacy.objects.exists()


@pytest.mark.parametrize("round_", range(5))
def test_a_draft_and_an_undone_import_at_one_moment_leave_one_of_both(brought, round_):
    people, report = brought
    one, data = report.recommendations.first(), forms.update_form(reason="Kept words", intent="draft")
    ana, mina = browser_of(people["author"]), browser_of(people["manager"])
    written, taken = at_once(
        partial(ana.post, forms.update_address(one), data),
        partial(mina.post, reverse("report-undo-import", args=[report.slug])),
    )
    assert taken.status_code == 302
    if Report.objects.exists():
        assert written.status_code == 302 and StatusUpdate.objects.get().reason == "Kept words"
    else:
        assert written.status_code == 404
        assert ("Reason for this status", "Kept words") in told(written)


postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite has one writer at a time: set DATABASE_URL to a PostgreSQL",
)


WORK = {
    "draft": factories.write,
    "entry": lambda author, one: factories.advocacy(
        author, recommendations=[one], sensitivity=Sensitivity.RESTRICTED
    ),
}


@postgresql
def test_what_points_to_it_without_a_lock_stops_an_undone_import(brought, monkeypatch):
    """A row of a kind that locks nothing, as none is today: the deletion itself finds it."""
    people, report = brought
    author, one = people["author"], report.recommendations.first()
    real = following.has_work

    def write():
        rows = {"author": author, "recommendation": one, "created_at": NOW, "changed_at": NOW}
        StatusUpdate.objects.create(key=uuid.UUID(KEY), as_of=NOW.date(), **rows)
        connection.close()

    def look(report):
        found = real(report)
        thread = threading.Thread(target=write)
        thread.start()
        thread.join(WAIT)
        return found

    monkeypatch.setattr(following, "has_work", look)
    with pytest.raises(Refused, match="Somebody has worked on it"):
        undo_import(people, report)
    assert Report.objects.exists() and StatusUpdate.objects.exists()


@postgresql
@pytest.mark.parametrize("work", WORK)
def test_work_that_begins_after_the_look_for_work_waits_and_is_told(brought, monkeypatch, work):
    people, report = brought
    one, looked, done = report.recommendations.first(), threading.Event(), threading.Event()
    real = following.has_work

    def look(report):
        found = real(report)
        looked.set()
        done.wait(5)  # it should wait for the rows that are locked here
        return found

    def write():
        looked.wait(WAIT)
        try:
            return WORK[work](people["author"], one)
        finally:
            done.set()

    monkeypatch.setattr(following, "has_work", look)
    taken, written = at_once(partial(undo_import, people, report), write)
    assert taken is None and isinstance(written, Gone)
    assert not StatusUpdate.objects.exists() and not Advocacy.objects.exists()
