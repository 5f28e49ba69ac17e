"""The control: one Celery task a mail. It must lose mails when the broker forgets or a worker is killed."""

import os
import shutil
import time
from contextlib import contextmanager

from django.db import connection

from tests.faults.figures import Figures
from tests.faults.naive_tasks import app, send_one
from tests.faults.programs import Crew, Redis
from tests.support.processes import wait_until

TITLE = "control: one Celery task a mail"
PASS = "must lose some, or the harness is blind"
QUIET = 3  # seconds without an arrival at a worker that is ready, after which nothing will come any more
STRIKE_AFTER = 8  # mails that arrived since the last time


def run(bench):
    """Kill workers on the broker that serves this database; where that is Redis, flush it too."""
    has_redis = connection.vendor != "sqlite" and shutil.which("redis-server")
    yield _with(bench, "kill -9", has_redis)
    if has_redis:
        yield _with(bench, "FLUSHALL", has_redis)


def _with(bench, fault, has_redis):
    rows = bench.size.control_mails
    figures = Figures(variant=fault, rows=rows)
    name = fault.split()[0].lower()
    with (
        _broker(bench, has_redis) as broker,
        bench.post(f"post-{name}", think=0.15) as post,
        Crew(bench.folder, NAIVE_BROKER=broker["url"]) as crew,
    ):
        _enqueue(broker["url"], post, rows)
        worker, flushes = _ready_worker(crew), 0
        while _arrive_more(post):
            if fault == "FLUSHALL":
                broker["redis"].client.flushall()
                flushes += 1
            else:
                worker.kill()
                figures.kills += 1
                worker = _ready_worker(crew)
        ids = [message.id for message in post.accepted()]
    figures.lost, figures.extra = rows - len(set(ids)), len(ids) - len(set(ids))
    figures.require(flushes or figures.kills, "the fault never struck: too few mails arrived before")
    figures.said = f"{len(set(ids))} arrived, {flushes} times flushed"
    figures.require(figures.lost > 0, "no mail was lost: the harness is blind")
    return figures


def _ready_worker(crew):
    worker = crew.worker("tests.faults.naive_tasks")
    wait_until(lambda: "ready." in worker.log.read_text())
    return worker


@contextmanager
def _broker(bench, has_redis):
    """Yield where the tasks go: a Redis of our own, or a file as with the embedded broker."""
    if not has_redis:
        yield {"url": f"sqla+sqlite:///{bench.folder / 'naive-broker.sqlite3'}"}
        return
    server = Redis(bench.folder)
    server.start()
    try:
        yield {"url": server.url, "redis": server}
    finally:
        server.stop()


def _enqueue(url, post, rows):
    with app.connection_for_write(url) as line:
        for number in range(rows):
            arguments = (post.port, f"p{number}@example.org", f"<control-{number}-{os.getpid()}@example.org>")
            send_one.apply_async(arguments, connection=line)


def _arrive_more(post):
    """Wait until some more mails have arrived. Returns: False when none come any more."""
    before = seen = post.count()
    changed = time.monotonic()
    while time.monotonic() - changed < QUIET:
        time.sleep(0.1)
        if (now_there := post.count()) > seen:
            seen, changed = now_there, time.monotonic()
        if seen >= before + STRIKE_AFTER:
            return True
    return False
