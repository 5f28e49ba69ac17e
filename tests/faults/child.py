"""What one child process does: the tracker's own jobs, at a time that is given, until it is struck.

Children are forked from a process that has loaded Django and opened nothing, so that hundreds can be
killed in a minute. Each is a process of its own, with connections of its own.
"""

import os
import random
import signal
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from recommendations import jobs  # noqa: E402
from recommendations.audit import log as audit_log  # noqa: E402
from recommendations.choices import EventKind, EvidenceForm  # noqa: E402
from recommendations.mail import outbox  # noqa: E402
from recommendations.mail.outbox import leases  # noqa: E402
from recommendations.models import Evidence, User  # noqa: E402
from tests.faults import naive, points  # noqa: E402


@dataclass
class Order:
    """What a child is to do, and what is to happen to it."""

    job: str
    nows: list[datetime]
    log: str
    notes: str
    port: int = 0
    timeout: float = 30
    limit: int = leases.RESEND_LIMIT
    shares: dict[str, float] = field(default_factory=dict)
    nth_write: int = 0
    seed: int = 0
    signal: int = signal.SIGKILL
    start_at: float = 0
    without_template: str = ""
    detail: str = ""


def _send(now, _order):
    return dict(outbox.send(now))


def _plan(now, _order):
    # In this order: a digest waits for the reminder of its morning, which nobody sends here.
    return jobs.queue_digests(now), jobs.queue_reminders(now)


def _tick(now, _order):
    return jobs.tick(now)


def _plan_digests(now, order):
    """Plan the digests of one moment after a pause chosen by dice."""
    time.sleep(random.Random(f"{order.seed}{now}").uniform(0, 0.005))
    return jobs.queue_digests(now)


def _record_events(now, order):
    """Record events until a file appears, each in a transaction that commits late."""
    dice, number = random.Random(order.seed), 0
    uploader = User.objects.order_by("pk").first()
    while not Path(order.detail).exists():
        number += 1
        with transaction.atomic():
            title = f"Item {order.seed}-{number}."
            item = Evidence.objects.create(
                form=EvidenceForm.LINK,
                url="https://example.org/",
                title=title,
                uploaded_by=uploader,
                uploaded_at=now,
            )
            audit_log.record(EventKind.EVIDENCE_ADDED, now=now, actor=uploader, evidence=item)
            time.sleep(dice.uniform(0, 0.005))
        time.sleep(dice.uniform(0.005, 0.03))
    return number


def _select_send_mark(now, _order):
    return naive.select_send_mark(now)


JOBS = {
    "send": _send,
    "plan": _plan,
    "tick": _tick,
    "digests": _plan_digests,
    "events": _record_events,
    "naive": _select_send_mark,
}


def main(order):
    """Carry out an order; what is printed goes into the order's log."""
    log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    override_settings(**_settings(order)).enable()
    leases.RESEND_LIMIT = order.limit
    fate = points.Fate(
        shares=order.shares,
        nth_write=order.nth_write,
        seed=order.seed,
        signal=order.signal,
        notes=order.notes,
    )
    points.lay(fate)
    time.sleep(max(0, order.start_at - time.time()))
    for now in order.nows:
        print(order.job, now.isoformat(), JOBS[order.job](now, order), flush=True)
    print("changes:", fate.writes, flush=True)


def _settings(order):
    changed = {
        "MAILERS": {
            "default": {
                "BACKEND": "recommendations.mail.outbox.transport.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": order.port, "timeout": order.timeout},
            }
        }
    }
    if order.without_template:
        changed["TEMPLATES"] = [_without(order.without_template, each) for each in settings.TEMPLATES]
    return changed


def _without(name, engine):
    """Return an engine's settings under which one template cannot be found."""
    options = {key: value for key, value in engine["OPTIONS"].items() if key != "loaders"}
    folders = [str(folder) for folder in engine["DIRS"]]
    loader = ("tests.faults.templates.Without", name, folders)
    return {**engine, "APP_DIRS": False, "OPTIONS": {**options, "loaders": [loader]}}
