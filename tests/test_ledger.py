"""The event sequence: unbroken, in the order of the commits, and telling when it was touched."""

import pytest
from django.db import connection, transaction

from recommendations import ledger
from recommendations.choices import EventKind
from recommendations.models import Event
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def record(report, number):
    with transaction.atomic():
        return ledger.record(EventKind.IMPORTED, now=NOW, report=report, number=number)


def test_a_sequence_numbers_from_one_and_verifies(report):
    assert [record(report, number).seq for number in range(3)] == [1, 2, 3]
    assert ledger.head() == 3
    assert list(ledger.breaches()) == []


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE recommendations_event SET kind = 'approved' WHERE seq = 2", "Event 2 was changed"),
        ("DELETE FROM recommendations_event WHERE seq = 2", "Event 2 is missing"),
        ("UPDATE recommendations_event SET salt = '' WHERE seq = 3", "Event 3 was changed"),
    ],
)
def test_a_touched_row_is_named(report, sql, sentence):
    for number in range(3):
        record(report, number)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert any(sentence in breach for breach in ledger.breaches())


def test_a_redacted_row_keeps_the_chain(report):
    for number in range(3):
        record(report, number)
    ledger.redact(Event.objects.filter(seq=2), now=NOW)
    assert Event.objects.get(seq=2).payload == {}
    assert list(ledger.breaches()) == []


@pytest.mark.django_db(transaction=True)
def test_an_event_is_not_recorded_outside_of_a_transaction(report):
    with pytest.raises(transaction.TransactionManagementError):
        ledger.record(EventKind.IMPORTED, now=NOW, report=report)
    assert not Event.objects.exists()
