"""The event sequence: unbroken, in the order of the commits, and telling when it was touched."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from recommendations.audit import log, triggers
from recommendations.choices import EventKind
from recommendations.models import Event
from tests.support.checking import breach
from tests.support.factories import NOW

pytestmark = pytest.mark.django_db


def record(report, number):
    with transaction.atomic():
        return log.record(EventKind.IMPORTED, now=NOW, report=report, number=number)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_sequence_numbers_from_one_and_verifies(report):
    assert [record(report, number).seq for number in range(3)] == [1, 2, 3]
    assert log.head() == 3
    assert list(log.breaches()) == []


ACTS_OF_AN_ADMINISTRATOR = [
    ("UPDATE recommendations_event SET kind = 'approved' WHERE seq = 2", "Event 2 was changed"),
    ("DELETE FROM recommendations_event WHERE seq = 2", "Event 2 is missing"),
    ("UPDATE recommendations_event SET salt = '' WHERE seq = 3", "Event 3 was changed"),
    ("UPDATE recommendations_event SET payload = '{\"a\": 1}' WHERE seq = 1", "Event 1 was changed"),
    ("UPDATE recommendations_event SET at = '2020-01-01T00:00:00Z' WHERE seq = 2", "Event 2 was changed"),
]


@pytest.mark.parametrize(("sql", "sentence"), ACTS_OF_AN_ADMINISTRATOR)
def test_the_database_refuses_to_change_what_happened(report, sql, sentence):
    for number in range(3):
        record(report, number)
    with pytest.raises(IntegrityError, match="cannot be changed or deleted"), transaction.atomic():
        run(sql)
    assert list(log.breaches()) == []


@pytest.mark.parametrize(("sql", "sentence"), ACTS_OF_AN_ADMINISTRATOR)
def test_a_row_touched_by_whoever_took_the_triggers_off_is_named(report, sql, sentence):
    for number in range(3):
        record(report, number)
    triggers.remove()
    run(sql)
    assert any(sentence in breach for breach in log.breaches())
    assert "event_is_not_changed is not in place" in breach()
    triggers.install()
    assert list(triggers.missing()) == []


@pytest.mark.parametrize(
    "more",
    ["hash = 'x'", "kind = 'approved'", "seq = 9", "payload = '{\"a\": 1}'", "actor_id = 1", "salt = 'x'"],
)
def test_a_redaction_that_does_anything_else_is_refused(report, more):
    for number in range(3):
        record(report, number)
    fields = {"payload": "'{}'", "salt": "''", "redacted_at": f"'{NOW.isoformat()}'"}
    name, _is, value = more.partition(" = ")
    fields[name] = value
    words = ", ".join(f"{field} = {value}" for field, value in fields.items())
    with pytest.raises(IntegrityError), transaction.atomic():
        run(f"UPDATE recommendations_event SET {words} WHERE seq = 2")


def test_a_redaction_is_not_undone_and_one_that_no_event_tells_of_is_named(report):
    for number in range(3):
        record(report, number)
    with transaction.atomic():
        redacted = log.redact(Event.objects.filter(seq__lte=2), now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        run("UPDATE recommendations_event SET redacted_at = NULL WHERE seq = 2")
    assert [one[:27] for one in log.unexplained_redactions()] == [
        "The words of event 1 were r",
        "The words of event 2 were r",
    ]
    assert "The words of event 1 were redacted" in breach()
    with transaction.atomic():
        log.record(EventKind.REDACTED, now=NOW, events=log.spans(redacted), why="An example.")
    assert list(log.unexplained_redactions()) == []


def test_spans_are_those_that_follow_one_another():
    assert log.spans([1, 2, 3, 7, 9, 10]) == [[1, 3], [7, 7], [9, 10]]
    assert log.spans([]) == []


@pytest.mark.parametrize(
    "change",
    [
        "sha256 = 'ff'",
        "size = 1",
        "object_name = 'objects/00/00/00000000000000000000000000000000'",
        "original_name = 'other.pdf'",
        "uploaded_at = '2020-01-01T00:00:00Z'",
        "uploaded_by_id = uploaded_by_id + 1",
    ],
)
def test_the_database_refuses_to_change_what_an_item_is(world, change):
    with pytest.raises(IntegrityError, match="stays as it was received"), transaction.atomic():
        run(f"UPDATE recommendations_evidence SET {change} WHERE id = {world.file.pk}")
    run(f"UPDATE recommendations_evidence SET title = 'Better' WHERE id = {world.file.pk}")


def test_migrating_again_puts_back_what_was_taken_off():
    triggers.remove()
    assert len(list(triggers.missing())) >= 3
    call_command("migrate", "--check", verbosity=0)
    assert len(list(triggers.missing())) >= 3, "asking changes nothing"
    call_command("migrate", verbosity=0)
    assert list(triggers.missing()) == []


def test_redactions_of_an_older_version_are_told_of_when_it_is_upgraded(report):
    for number in range(3):
        record(report, number)
    tell = import_module("recommendations.migrations.0004_name_redactions").tell
    tell(apps, None)
    assert log.head() == 3, "nothing to report of"
    log.redact(Event.objects.filter(seq=2), now=NOW)
    tell(apps, None)
    assert (list(log.breaches()), list(log.unexplained_redactions())) == ([], [])


def test_a_redacted_row_keeps_the_chain(report):
    for number in range(3):
        record(report, number)
    log.redact(Event.objects.filter(seq=2), now=NOW)
    assert Event.objects.get(seq=2).payload == {}
    assert list(log.breaches()) == []


@pytest.mark.django_db(transaction=True)
def test_an_event_is_not_recorded_outside_of_a_transaction(report):
    with pytest.raises(transaction.TransactionManagementError):
        log.record(EventKind.IMPORTED, now=NOW, report=report)
    assert not Event.objects.exists()
