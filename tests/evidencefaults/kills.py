"""Intake killed with -9 at eight points: what is on record is whole, and what is left over is swept."""

import os
import signal
from functools import partial

from recommendations import vault
from recommendations.audit import log
from recommendations.services.evidence import uploads
from recommendations.vault import encryption, objects, spool, storage
from tests.evidencefaults.bench import (
    after,
    before,
    die,
    half_items,
    on_call,
    orphans,
    sweep_a_day_later,
)
from tests.evidencefaults.registry import Figure, figure

KILLS = 25
QUICK_KILLS = 2


def lay(point, number):
    """Lay the point at which this process dies; ``number`` is which chunk, where there are several."""
    if point == "while it comes in":
        spool.Incoming.write = before(spool.Incoming.write, on_call(number, die))
    elif point == "in the spool":
        vault.publish = before(vault.publish, die)
    elif point == "while it is encrypted":
        encryption.Through.write = before(encryption.Through.write, on_call(number, die))
    elif point == "encrypted":
        storage.os.rename = before(os.rename, die)
    elif point == "in its place":
        objects.verify = before(objects.verify, die)
    elif point == "read again":
        vault.publish = after(vault.publish, die)
    elif point == "waiting for its form":
        uploads._keep_once = after(uploads._keep_once, die)
    elif point == "on record, not committed":
        log.record = after(log.record, die)
    else:
        raise ValueError(point)


POINTS = (
    "while it comes in",
    "in the spool",
    "while it is encrypted",
    "encrypted",
    "in its place",
    "read again",
    "waiting for its form",
    "on record, not committed",
)


@figure("half items after kill -9", "0 of (8 points × 25 kills); orphans swept 100 %")
def kills(bench):
    """Kill an upload at each point, look, sweep a day later, look again."""
    found, left_over, unkilled = Figure(), 0, 0
    for point in POINTS:
        for _time in range(bench.many(KILLS, QUICK_KILLS)):
            content = bench.content(bench.random.randint(300_000, 900_000))
            act = partial(_upload_and_die, bench, content, point, bench.random.randint(1, 4))
            status = bench.forked(act)
            unkilled += not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)
            found.tries += 1
        found.missed += len(half_items())
        left_over += orphans()
        left = sweep_a_day_later()
        found.missed += left + len(half_items())
        found.notes[point] = left
    # A harness whose victims live, or leave nothing, shows nothing.
    found.missed += unkilled + (left_over == 0)
    found.said = f"{found.tries} kills at {len(POINTS)} points left {left_over} files, all swept"
    if found.missed:
        found.said = f"{unkilled} lived, left over after the sweep: {found.notes}"
    return found


def _upload_and_die(bench, content, point, number):
    lay(point, number)
    bench.upload(content)
