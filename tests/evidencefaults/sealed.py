"""Sealed uploads: killed with -9 at each step, and one of 100 MiB through a real web process."""

import os
import signal
import statistics
import uuid
from functools import partial
from pathlib import Path

import pyrage
from django.conf import settings

from recommendations import vault
from recommendations.choices import SEALED
from recommendations.models import Evidence, StagedUpload
from recommendations.services.evidence import uploads
from recommendations.vault import envelope, spool
from tests.evidencefaults import kills
from tests.evidencefaults.bench import (
    after,
    before,
    die,
    files_on_disk,
    half_items,
    on_call,
    sweep_a_day_later,
)
from tests.evidencefaults.registry import Figure, figure
from tests.evidencefaults.upload import MIB, MOST_MEMORY, Web, timed
from tests.support.sealed import ciphertext_of, name_officers, opened

KILLS, QUICK_KILLS, ROUNDS = 25, 2, 3


def lay(point, number):
    """Lay the point at which this process dies; ``number`` is which chunk, where there are several."""
    if point == "while it is enclosed":
        envelope.Kept.write = before(envelope.Kept.write, on_call(number, die))
    elif point == "enclosed":
        vault.enclose = after(vault.enclose, die)
    elif point == "what waited open is taken away":
        uploads.drop_staged = after(uploads.drop_staged, die)
    else:
        kills.lay(point, number)


# (whether it waited unsealed first, the point)
STEPS = (
    (False, "while it is enclosed"),
    (False, "enclosed"),
    (False, "in its place"),
    (False, "waiting for its form"),
    (True, "while it is enclosed"),
    (True, "enclosed"),
    (True, "waiting for its form"),
    (True, "what waited open is taken away"),
)


@figure(
    "sealed uploads after kill -9", "0 half items, 0 readable of (8 steps × 25 kills); sent again: one item"
)
def sealed_kills(bench):
    """Kill an upload at each step; nobody but officers reads what is left; send it again; sweep."""
    settings.SEALED_LEVEL = True
    identity, _other = name_officers("Kim", "Lee")
    found = Figure()
    for waited, point in STEPS:
        missed = 0
        for _time in range(bench.many(KILLS, QUICK_KILLS)):
            missed += _kill(bench, identity, waited, point)
            found.tries += 1
        missed += len(half_items()) + sweep_a_day_later()
        found.notes[f"{point}{', waited first' if waited else ''}"] = missed
        found.missed += missed
    blind = _is_blind(bench)
    settings.SEALED_LEVEL = False
    found.missed += blind
    found.said = "it would see nothing; " if blind else ""
    found.said += f"{found.tries} kills at {len(STEPS)} steps; missed by step: {found.notes}"
    return found


def _kill(bench, identity, waited, point):
    """Kill one upload. Returns: how many things were not as they have to be."""
    content, key = bench.content(bench.random.randint(300_000, 900_000)), uuid.uuid4()
    if waited:
        bench.upload(content, form_key=key, level="")
        assert StagedUpload.objects.get(form_key=key).is_sealed is False
    number = bench.random.randint(1, 4)
    status = bench.forked(partial(_send_and_die, bench, content, key, point, number))
    missed = not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)
    missed += sum(content[50:90] in path.read_bytes() for path in files_on_disk())
    before_it = Evidence.objects.count()
    answer = bench.upload(content, form_key=key, level=SEALED)
    missed += answer.status_code != 302 or Evidence.objects.count() != before_it + 1
    item = Evidence.objects.latest("pk")
    missed += opened(ciphertext_of(item), identity)[1].popitem()[1] != content
    missed += StagedUpload.objects.filter(form_key=key).exists()
    return int(missed)


def _is_blind(bench):
    """Say whether the words would not be found even where a crash leaves them, in a file with a name."""
    content, nameless = bench.content(500_000), spool.nameless
    spool.nameless = bool
    bench.forked(partial(_send_and_die, bench, content, uuid.uuid4(), "while it is enclosed", 1))
    spool.nameless = nameless
    seen = sum(content[50:90] in path.read_bytes() for path in files_on_disk())
    return seen == 0 or sweep_a_day_later() > 0


def _send_and_die(bench, content, key, point, number):
    lay(point, number)
    bench.upload(content, form_key=key, level=SEALED)


@figure("sealed upload of 100 MiB", "memory of the web process < +30 MiB; an officer opens it", quick=False)
def upload(bench):
    """Upload a large file that is sealed, and watch the peak."""
    if not Path("/proc/self/clear_refs").exists():
        return Figure(skipped="needs /proc to see the memory of a process")
    identity, _other = name_officers("Kim", "Lee")
    source = settings.DATA_DIR / "source.pdf"
    source.write_bytes(bench.content(100 * MIB - 100))
    times, grown = [], []
    with Web(bench, SEALED, SEALED_LEVEL="yes") as web:
        web.send(source, 1000)  # what is imported at the first upload is no cost of this one
        for _round in range(ROUNDS):
            resting = web.memory("VmRSS")
            web.forget_peak()
            times.append(timed(web.send, source))
            grown.append(web.memory("VmHWM") - resting)
    kept = Evidence.objects.filter(is_sealed=True, size__gt=source.stat().st_size)
    inside = pyrage.decrypt(ciphertext_of(kept.latest("pk")), [identity])
    whole = source.read_bytes() in inside
    return Figure(
        tries=ROUNDS,
        missed=(max(grown) > MOST_MEMORY) + (kept.count() != ROUNDS) + (not whole),
        said=f"+{max(grown) / MIB:.1f} MiB at most; {statistics.median(times):.2f} s; {kept.count()} kept",
        notes={"uploads": times, "grown": grown},
    )
