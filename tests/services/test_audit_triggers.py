"""The triggers that protect the record stay in place, whatever happens while the tracker starts."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from recommendations.audit import triggers as audit_triggers
from recommendations.management.commands import migrate
from recommendations.models import Event
from tests.support import factories
from tests.support.factories import NOW
from tests.support.locks import Holder

pytestmark = pytest.mark.django_db(transaction=True)

# What pg_dump and a long report do to a table.
READS_EVENTS = "LOCK TABLE recommendations_event IN ACCESS SHARE MODE"
READS_EVIDENCE = "LOCK TABLE recommendations_evidence IN ACCESS SHARE MODE"
postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="readers hold up nobody on SQLite: set DATABASE_URL"
)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def quick_turns(monkeypatch):
    """Have turns that are over at once."""
    monkeypatch.setattr(migrate, "TURN", 0.1)
    monkeypatch.setattr(migrate, "PAUSE", 0)
    monkeypatch.setattr(migrate, "TURNS", 2)


@pytest.fixture
def one_to_do():
    """A migration is not on record, so that it is to be done, and fails: its table is there."""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("sessions", "0001_initial")
    yield
    recorder.record_applied("sessions", "0001_initial")


def test_a_start_over_an_unchanged_schema_waits_for_nobody():
    with Holder(READS_EVENTS):
        call_command("migrate", verbosity=0)
    assert list(audit_triggers.missing()) == []


def test_a_start_over_an_unchanged_schema_changes_nothing():
    def triggers():
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SELECT oid, xmin, tgname FROM pg_trigger ORDER BY oid")
            else:
                cursor.execute("SELECT rowid, sql FROM sqlite_master ORDER BY rowid")
            return cursor.fetchall()

    before = triggers()
    call_command("migrate", verbosity=0)
    assert triggers() == before


def test_a_migration_that_fails_is_told_and_leaves_every_trigger(one_to_do):
    with pytest.raises(CommandError) as told:
        call_command("prepare", stdout=io.StringIO())
    assert "could not be brought up to date" in str(told.value) and "already exists" in str(told.value)
    assert list(audit_triggers.missing()) == []


@postgresql
def test_a_migration_that_has_to_wait_says_so_and_leaves_every_trigger(one_to_do, quick_turns):
    said = io.StringIO()
    with Holder(READS_EVIDENCE), pytest.raises(CommandError) as told:
        call_command("prepare", stdout=io.StringIO(), stderr=said)
    assert "Something has locked the database" in str(told.value) and "lock timeout" in str(told.value)
    assert "Waiting for the database (1 of 1)" in said.getvalue()
    assert list(audit_triggers.missing()) == []


def test_a_trigger_that_says_something_else_is_named_and_put_right():
    if connection.vendor == "postgresql":
        run(
            "CREATE OR REPLACE TRIGGER event_is_not_deleted BEFORE DELETE ON recommendations_event"
            " FOR EACH ROW WHEN (false) EXECUTE FUNCTION recommendations_refuse('no')"
        )
        run("ALTER TABLE recommendations_edition DISABLE TRIGGER edition_is_not_changed")
    else:
        run("DROP TRIGGER event_is_not_deleted")
        run(
            "CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON recommendations_event WHEN 0"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        run("DROP TRIGGER edition_is_not_changed")
    named = [sentence.split()[2] for sentence in audit_triggers.missing()]
    assert named == ["event_is_not_deleted", "edition_is_not_changed"]
    call_command("migrate", verbosity=0)
    assert list(audit_triggers.missing()) == []
    factories.submit(factories.team()["author"], factories.report().recommendations.first())
    Event.objects.create(seq=1, kind="viewed", at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.all().delete()


@postgresql
def test_triggers_are_put_right_while_somebody_reads_for_long(quick_turns):
    audit_triggers.remove()
    with Holder(READS_EVIDENCE):
        call_command("migrate", verbosity=0)
    assert list(audit_triggers.missing()) == []


@postgresql
def test_triggers_that_call_nothing_are_not_in_place():
    run(
        "CREATE OR REPLACE FUNCTION recommendations_refuse() RETURNS trigger LANGUAGE plpgsql"
        " AS 'BEGIN RETURN NEW; END'"
    )
    assert len(list(audit_triggers.missing())) == len(audit_triggers.SAFEGUARDS)
    call_command("migrate", verbosity=0)
    assert list(audit_triggers.missing()) == []
