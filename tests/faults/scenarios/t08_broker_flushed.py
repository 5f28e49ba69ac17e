"""Redis forgets everything every two seconds, two beats ring, and workers are killed: the rows remember."""

import time

from django.utils import timezone

from recommendations.choices import MailKind, MailState
from recommendations.models import Mail
from tests.faults.figures import OPEN, Figures, check_invariant, count_arrivals
from tests.faults.household import enqueue_grid, people
from tests.faults.programs import Crew, Redis

TITLE = "FLUSHALL every 2 s, two beats, kill -9 of workers"
PASS = "missing 0 (one task a mail in the same run: > 0, see C2)"
REDIS_ONLY = True
EVERY = 2  # seconds
PATIENCE = 240


def run(bench):
    """Break what can be broken for a while; then leave workers and beats in peace until all has ended."""
    readers, figures, now = people(bench.size.people), Figures(), timezone.now()
    rows = enqueue_grid(readers, now=now) + len(readers)
    broker = Redis(bench.folder)
    broker.start()
    try:
        with bench.post(reply_after=0.1) as post, _crew(bench, post, broker) as crew:
            flushes = _break_things(bench.size, figures, crew, broker, post)
            _wait_for_the_end(rows)
            count_arrivals(figures, post)
    finally:
        broker.stop()
    digests = Mail.objects.filter(kind=MailKind.DIGEST).count()
    figures.require_equal(digests, len(readers), "digests that a ring planned")
    figures.require_equal(figures.lost, 0, "lost")
    figures.require(figures.kills > 0, "no worker was killed")
    # A worker has two threads, so that a kill stops two senders.
    figures.require(figures.extra <= 2 * figures.kills, f"{figures.extra} extra copies")
    figures.said = f"{flushes} times flushed, {Mail.objects.filter(state=MailState.SENT).count()} sent"
    check_invariant(figures, rows=rows)
    yield figures


def _crew(bench, post, broker):
    return Crew(
        bench.folder, EMAIL_URL=f"smtp://127.0.0.1:{post.port}", REDIS_URL=broker.url, TICK_SECONDS="5"
    )


def _break_things(size, figures, crew, broker, post):
    """Flush the broker and kill a worker whenever mails have arrived since. Returns: how often flushed."""
    workers = [crew.worker(), crew.worker()]
    crew.beat()
    crew.beat()
    flushes, arrived, began = 0, 0, time.monotonic()
    while time.monotonic() - began < size.flush_for or not figures.kills:
        if time.monotonic() - began > PATIENCE:
            raise AssertionError("No worker ever sent a mail.")
        time.sleep(EVERY)
        broker.client.flushall()
        flushes += 1
        if post.count() > arrived:
            arrived = post.count()
            workers.pop(0).kill()
            workers.append(crew.worker())
            figures.kills += 1
    return flushes


def _wait_for_the_end(rows):
    deadline = time.monotonic() + PATIENCE
    while Mail.objects.filter(state__in=OPEN).exists() or Mail.objects.count() < rows:
        if time.monotonic() > deadline:
            return
        time.sleep(0.5)
