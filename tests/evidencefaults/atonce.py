"""Ten identical uploads at the same moment, by ten processes."""

import contextlib
import os
import uuid

from django.db import connections

from recommendations.choices import EventKind
from recommendations.models import Event, Evidence
from tests.evidencefaults.bench import half_items, sweep_a_day_later
from tests.evidencefaults.registry import Figure, figure

PROCESSES = 10


@figure("ten identical uploads at once", "one form: 1 item, 1 event; ten forms: 10 items, 10 events")
def at_once(bench):
    """The same bytes ten times: with one form, as by ten clicks, and with ten forms."""
    one, told_of_one = _race(bench, [uuid.uuid4()] * PROCESSES)
    ten, told_of_ten = _race(bench, [uuid.uuid4() for _ in range(PROCESSES)])
    missed = sum(
        found != wanted for found, wanted in ((one, 1), (told_of_one, 1), (ten, 10), (told_of_ten, 10))
    )
    return Figure(
        tries=2 * PROCESSES,
        missed=missed + len(half_items()) + sweep_a_day_later(),
        said=f"one form: {one} item, {told_of_one} event; ten forms: {ten} items, {told_of_ten} events",
    )


def _race(bench, form_keys):
    """Upload the same bytes once a key, all at the same moment. Returns: (new items, new events)."""
    content, items, events = bench.content(500_000), Evidence.objects.count(), _added()
    connections.close_all()
    ready, start = os.pipe()
    children = []
    for form_key in form_keys:
        pid = os.fork()
        if pid == 0:
            os.close(start)
            with contextlib.suppress(BaseException):
                os.read(ready, 1)  # until the parent closes its end
                os._exit(0 if bench.upload(content, form_key=form_key).status_code == 302 else 1)
            os._exit(1)
        children.append(pid)
    os.close(ready)
    os.close(start)
    refused = sum(os.waitpid(pid, 0)[1] != 0 for pid in children)
    return Evidence.objects.count() - items + 100 * refused, _added() - events


def _added():
    return Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).count()
