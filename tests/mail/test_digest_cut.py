"""A digest is compiled while events are being committed: each event is in exactly one digest.

Real transactions in threads. A writer reads the clock, takes its time, and commits when a digest that
began later is under way, or is done. A cut by the clock would miss such an event; a control in the same
run shows that it does. The cut by sequence misses and doubles none. ``DIGEST_ROUNDS=50`` tries a thousand
interleavings, as ``.ci/run`` does.
"""

import os
import random
import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connections, transaction
from django.utils import timezone

from recommendations.audit import log
from recommendations.choices import DigestFrequency, EventKind, EvidenceForm, MailKind, MailState
from recommendations.mail import messages
from recommendations.models import Event, Evidence, Mail, User
from recommendations.selectors.news import Chronicle
from recommendations.services.mail.digests import queue_digests
from tests.support.factories import DAY, NOW
from tests.support.processes import WAIT

# Each round is one digest and as many writers: every writer against the digest is one interleaving.
ROUNDS, WRITERS = int(os.environ.get("DIGEST_ROUNDS", "10")), 20
WEEK = timedelta(days=7)
LONGEST_PAUSE = 0.004

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def reader(team, report, monkeypatch):
    """One weekly reader, whose digests name all items and are compiled at a random pace."""
    report.recommendations.update(next_review_on=(NOW + 9000 * DAY).date())
    User.objects.update(digest_frequency=DigestFrequency.NEVER, date_joined=NOW - 400 * DAY)
    User.objects.filter(pk=team["viewer"].pk).update(
        digest_frequency=DigestFrequency.WEEKLY, digest_when_empty=True
    )
    monkeypatch.setattr(messages, "LONGEST_LIST", 10**6)
    read, chance = Chronicle._read_back_to, random.Random(5)

    def read_late(self, from_seq):
        time.sleep(chance.random() * LONGEST_PAUSE)
        read(self, from_seq)

    monkeypatch.setattr(Chronicle, "_read_back_to", read_late)
    return team["viewer"]


def title_of(number, writer):
    """Return a title that is no part of another one."""
    return f"Item-{number:03}-{writer:02}."


def write(person, title, chance):
    """Add an item and its event: the clock is read first, and the commit takes its time."""
    at = timezone.now()
    time.sleep(chance.random() * LONGEST_PAUSE)
    with transaction.atomic():
        item = Evidence.objects.create(
            form=EvidenceForm.LINK,
            title=title,
            url="https://example.org/",
            uploaded_by=person,
            uploaded_at=at,
        )
        time.sleep(chance.random() * LONGEST_PAUSE / 4)
        log.record(EventKind.EVIDENCE_ADDED, now=at, actor=person, evidence=item)
        time.sleep(chance.random() * LONGEST_PAUSE / 4)


def run_writer(person, writer, start, failures):
    """Write one item in each round."""
    chance = random.Random(writer)
    try:
        for number in range(ROUNDS):
            start.wait(WAIT)
            write(person, title_of(number, writer), chance)
    except Exception as error:
        failures.append(error)
        start.abort()
    finally:
        connections.close_all()


def told_by_the_clock(since, until):
    """Return the numbers of the events that a digest cut by the clock would tell of at this moment."""
    return list(Event.objects.filter(at__gt=since, at__lte=until).values_list("seq", flat=True))


def test_each_event_is_in_exactly_one_digest_in_whatever_order_they_are_committed(team, reader, capsys):
    chance, failures, by_clock = random.Random(1), [], []
    start = threading.Barrier(WRITERS + 1)
    writers = [
        threading.Thread(target=run_writer, args=(team["author"], number, start, failures))
        for number in range(WRITERS)
    ]
    for thread in writers:
        thread.start()
    clock = timezone.now()
    for number in range(ROUNDS):
        start.wait(WAIT)
        time.sleep(chance.random() * LONGEST_PAUSE)
        since, clock = clock, timezone.now()
        by_clock += told_by_the_clock(since, clock)
        assert queue_digests(now=NOW + number * WEEK) == 1
        Mail.objects.filter(state=MailState.PENDING).update(state=MailState.SENT, sent_at=NOW)
    for thread in writers:
        thread.join(WAIT)
    assert not failures
    assert queue_digests(now=NOW + ROUNDS * WEEK) == 1, "what was committed during the last one"

    digests = list(Mail.objects.filter(kind=MailKind.DIGEST, recipient=reader).order_by("to_seq", "pk"))
    texts = " ".join(mail.text for mail in digests).split()
    named = Counter(word for word in texts if word.startswith("Item-"))
    every = {title_of(number, writer) for number in range(ROUNDS) for writer in range(WRITERS)}
    missed = every - set(named)
    doubled = [title for title, times in named.items() if times > 1]
    blind = len(every) - len(set(by_clock))
    with capsys.disabled():
        print(
            f"\n{len(every)} events in {len(digests)} digests: {len(missed)} missed, {len(doubled)} doubled;"
        )
        print(f"cut by the clock, {blind} would have been missed.")
    assert not missed and not doubled
    assert blind > 0, "nothing committed late: the writers were not in the way"
    windows = [(mail.from_seq, mail.to_seq) for mail in digests]
    assert all(later[0] == earlier[1] for earlier, later in pairwise(windows))
