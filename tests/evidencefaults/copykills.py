"""Workers killed with -9 while they keep the copy of a page: whole copies or none."""

import os
import signal
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.utils import timezone

from recommendations.choices import CaptureState, EventKind, EvidenceForm, Sensitivity
from recommendations.models import Capture, Event, Evidence
from recommendations.services.evidence import captures
from recommendations.web import client
from tests.evidencefaults import kills
from tests.evidencefaults.bench import before, die, half_items, on_call, orphans, sweep_a_day_later
from tests.evidencefaults.registry import Figure, figure
from tests.support.sites import SITE, Counted, answer, ask, serving

KILLS = 25
QUICK_KILLS = 1
ASKED = "the page comes"
POINTS = (ASKED, *(point for point in kills.POINTS if point != "waiting for its form"))


@figure("half copies of pages after kill -9", "0 of (8 points × 25 kills); the next worker keeps each")
def copy_kills(bench):
    """Kill a worker at each point, look; let another fetch, look; sweep a day later, look again."""
    found, unkilled, unkept, left_over = Figure(), 0, 0, 0
    settings.LINK_CAPTURE = True
    with serving(Counted((SITE, 0))) as site:
        for point in POINTS:
            for _time in range(bench.many(KILLS, QUICK_KILLS)):
                wish = _wish(bench, site)
                act = partial(_capture_and_die, site, point, bench.random.randint(1, 2))
                status = bench.forked(act)
                unkilled += not (os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL)
                found.tries += 1
                found.missed += len(_half_copies())
                left_over += orphans()
                _capture(site, timezone.now() + captures.LEASE + timedelta(seconds=1))
                wish.refresh_from_db()
                unkept += wish.state != CaptureState.KEPT
            found.notes[point] = sweep_a_day_later()
            found.missed += found.notes[point] + len(_half_copies())
    settings.LINK_CAPTURE = False
    # A harness whose victims live, or leave nothing, shows nothing.
    found.missed += unkilled + unkept + (left_over == 0)
    found.said = (
        f"{found.tries} kills at {len(POINTS)} points left {left_over} files, all swept; {unkept} unkept"
    )
    if found.missed:
        found.said = f"{unkilled} lived, {unkept} unkept, left over after the sweep: {found.notes}"
    return found


def _wish(bench, site):
    """Have a copy of a page of several chunks asked for."""
    body, now = bench.random.randbytes(bench.random.randint(600_000, 900_000)), timezone.now()
    site.paths["/page"] = lambda handler: answer(handler, body=body)
    item = Evidence.objects.create(
        form=EvidenceForm.LINK,
        url=f"http://{SITE}:{site.server_port}/page",
        title="A page",
        sensitivity=Sensitivity.INTERNAL,
        uploaded_by=bench.person,
        uploaded_at=now,
    )
    return Capture.objects.create(
        evidence=item, number=1, asked_by=bench.person, asked_at=now, was_restricted=False
    )


def _capture(site, now):
    captures.capture_due(
        now=now, fetch=lambda url, recording: ask(url, site.server_port, recording=recording, seconds=10)
    )


def _capture_and_die(site, point, number):
    if point == ASKED:
        client.Recording.answer = before(client.Recording.answer, on_call(number, die))
    else:
        kills.lay(point, number)
    _capture(site, timezone.now())


def _half_copies():
    """Return what is on record and is not whole: rows whose bytes do not open, copies without their event."""
    told = Event.objects.filter(kind=EventKind.CAPTURED).values("evidence")
    untold = Capture.objects.kept().exclude(evidence__in=told)
    return half_items() + [f"{copy} without its event" for copy in untold]
