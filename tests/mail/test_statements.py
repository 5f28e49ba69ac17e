"""Planning for many: the statements that a page and a batch cost, whoever is in them. The large run, with
memory and the rate of sending, is ``make mail-scale``.
"""

import gc
import weakref

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import crowd
from recommendations.mail.outbox import queue
from recommendations.models import Mail
from recommendations.selectors import audience
from recommendations.services.mail import digests, reminders

PAGE, BATCH = 20, 10
PLANNERS = {"owners": reminders.queue_reminders, "readers": digests.queue_digests}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pages and batches of a size that a test can fill."""
    monkeypatch.setattr(audience, "PAGE", PAGE)
    monkeypatch.setattr(queue, "MOST", BATCH)


def statements(who, number):
    """Plan for this many new people. Returns: (reads, writes), the marks of transactions not counted."""
    getattr(crowd, who)(number)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert PLANNERS[who](now=crowd.MORNING) == number
    verbs = [query["sql"].split(" ", 1)[0] for query in asked]
    return verbs.count("SELECT"), verbs.count("INSERT") + verbs.count("UPDATE")


@pytest.mark.parametrize("number", [100, 200])
def test_reminders_cost_five_reads_a_page_and_three_writes_a_batch(db, number):
    reads, writes = statements("owners", number)
    # Beside the pages: what is the same for all, and the look behind the last page.
    assert reads <= 5 * number / PAGE + 9
    assert writes == 3 * number / BATCH


@pytest.mark.parametrize("number", [100, 200])
def test_digests_cost_four_reads_a_page_and_two_writes_a_batch(db, number):
    reads, writes = statements("readers", number)
    # Beside the pages, and the reminders and limits of their people: what readers of each role share, what
    # the team did, and three for each of the twenty let in on more.
    assert reads <= 4 * number / PAGE + 18 + 3 * 20
    assert writes == 2 * number / BATCH + number / PAGE


def test_no_more_than_a_batch_is_written_ahead(db, monkeypatch):
    """Memory stays flat: a mail is written when its batch is about to go in, not before."""
    crowd.owners(100)
    write, ahead = reminders.messages.reminder, []

    def counted(*args):
        ahead.append(written() - Mail.objects.count())
        return write(*args)

    def written():
        return len(ahead)

    monkeypatch.setattr(reminders.messages, "reminder", counted)
    reminders.queue_reminders(now=crowd.MORNING)
    assert max(ahead) < BATCH


@pytest.mark.parametrize("heaviest", [1, 10_000])
def test_long_mails_make_a_batch_full_before_many_do(db, monkeypatch, heaviest):
    monkeypatch.setattr(queue, "HEAVIEST", heaviest)
    sizes, insert = [], queue._insert
    monkeypatch.setattr(queue, "_insert", lambda queued, now: (sizes.append(queued), insert(queued, now))[1])
    crowd.owners(20)
    assert reminders.queue_reminders(now=crowd.MORNING) == 20
    assert all(sum(one.letter.weight for one in queued[:-1]) < heaviest for queued in sizes), (
        "only the last of a batch goes over the limit"
    )
    assert len(sizes) > 20 / BATCH


def test_what_was_written_does_not_stay_in_memory(db, monkeypatch):
    """The words of a batch are gone with it, without waiting for the collector of cycles."""
    crowd.owners(BATCH * 3)
    alive, make = [], queue._words

    def watched(letter, mail_id):
        row = make(letter, mail_id)
        alive.append(weakref.ref(row))
        return row

    monkeypatch.setattr(queue, "_words", watched)
    gc.collect()
    gc.disable()
    try:
        assert reminders.queue_reminders(now=crowd.MORNING) == BATCH * 3
    finally:
        gc.enable()
    assert len(alive) == BATCH * 3
    assert [row for row in alive if row()] == []
