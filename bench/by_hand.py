"""What is done by hand in the sending, beside what does the same plainly: ``python -m bench.by_hand``.

One process sends groups of equal mails in turn, with all parts as they are, and with one or all of them
exchanged for what Django and smtplib do by themselves. ``DATABASE_URL`` for PostgreSQL. Prints for each way
the processor time and the time of a mail as multiples of those of the product (ADR 18).
"""

import contextlib
import json
import smtplib
import sys
import tempfile
import time
from datetime import timedelta
from email.policy import SMTP
from pathlib import Path
from statistics import median
from unittest import mock

import django

from bench import mail_scale

PEOPLE, ROUNDS, SIZE = 5_000, 7, 100


def measure():
    """Make the databases, and print the table of each kind of mail."""
    with tempfile.TemporaryDirectory() as folder:
        mail_scale.use_folder(folder)
        databases = mail_scale.Databases(Path(folder))
        try:
            for kind, who in (("reminders", "owners"), ("digests", "readers")):
                address = databases.copy(who)
                mail_scale.run("-m", "bench.people", who, PEOPLE, database=address)
                mail_scale.run("-m", "bench.planner", kind, database=address)
                with mail_scale.sink(pin=1) as port:
                    server = f"smtp://127.0.0.1:{port}"
                    found = mail_scale.run("-m", "bench.by_hand", "turns", database=address, EMAIL_URL=server)
                print(mail_scale.line(kind, "processor", "time", "mails a s"))
                for way, figures in json.loads(found).items():
                    print(mail_scale.line(way, *figures))
        finally:
            databases.drop()


def turns():
    """Let each way send a group in turn, the first of them for nothing, and print its figures as JSON."""
    pending = list(Mail.objects.filter(state=MailState.PENDING).order_by("pk").values_list("pk", flat=True))
    groups = [pending[at : at + SIZE] for at in range(0, len(pending), SIZE)]
    Mail.objects.filter(state=MailState.PENDING).update(next_attempt_at=MORNING + timedelta(days=100))
    found = {way: [] for way in WAYS}
    for turn, group in enumerate(groups[: (ROUNDS + 1) * len(WAYS)]):
        way = list(WAYS)[(turn + turn // len(WAYS)) % len(WAYS)]
        with contextlib.ExitStack() as exchanged:
            for old, name, new in WAYS[way]:
                exchanged.enter_context(mock.patch.object(old, name, new))
            figures = sent(group, MORNING + timedelta(minutes=turn))
        found[way] += [figures] if turn >= len(WAYS) else []
    ours = found["as it is"]
    print(json.dumps({way: beside(ours, figures) for way, figures in found.items()}))


def sent(group, now):
    """Let the outbox send these mails. Returns: (the processor time, the time) that it took, in seconds."""
    Mail.objects.filter(pk__in=group).update(next_attempt_at=now)
    processor, began = time.process_time(), time.perf_counter()
    tally = delivery.send(now)
    took = time.process_time() - processor, time.perf_counter() - began
    if tally != {"sent": len(group)}:
        sys.exit(f"Of {len(group)} mails: {dict(tally)}")
    return took


def beside(ours, others):
    """Return processor time and time as multiples of ours, round by round, and the mails a second."""
    multiples = [
        round(median(other[which] / our[which] for our, other in zip(ours, others, strict=True)), 2)
        for which in (0, 1)
    ]
    return [*multiples, round(SIZE / median(took for _processor, took in others), 1)]


if __name__ == "__main__" and sys.argv[1:] != ["turns"]:
    measure()
    sys.exit()

django.setup()

from django.db import transaction

from bench.crowd import MORNING
from recommendations.choices import MailState
from recommendations.mail.outbox import delivery, leases, statements, transport
from recommendations.mail.outbox.suppression import Suppression
from recommendations.models import Mail


class PlainMessage(transport.FrozenMessage):
    """The message whose bytes the email package writes."""

    @property
    def raw(self):
        """The bytes, written once."""
        if "written" not in self.__dict__:
            self.written = self.message(policy=SMTP.clone(cte_type="7bit")).as_bytes()
        return self.written


class PlainAhead:
    """The next mail, read when it is its turn."""

    def next(self, now):
        """Return it with its recipient and words, or None."""
        mail = Mail.objects.sendable(now).select_related("recipient", "words").first()
        self.suppression = Suppression([mail] if mail else [])
        return mail


def plain_update(model, where, **values):
    """Return the change, to be made by the ORM."""
    return lambda: model.objects.filter(**where).update(**values)


def plain_insert(model, **values):
    """Return the change that adds a row by the ORM."""
    return lambda: [model.objects.create(**values)] and 1


def plain_run(*changes):
    """Make the changes in one transaction."""
    if len(changes) == 1:
        return [changes[0]()]
    with transaction.atomic():
        return [change() for change in changes]


def plain_addresses(line, address):
    """Return an address as Django's backend prepares it for the envelope."""
    return line.mailer.prep_address(address)


COMMANDS = [(transport._MarksTheDot, name, getattr(smtplib.SMTP, name)) for name in ("mail", "rcpt")]
ADDRESSES = [*COMMANDS, (transport.Line, "_prepared", plain_addresses)]
BYTES = [(delivery, "FrozenMessage", PlainMessage)]
READING = [(delivery, "Ahead", PlainAhead), (leases, "Ahead", PlainAhead)]
SQL = [
    (statements, name, new)
    for name, new in (("update", plain_update), ("insert", plain_insert), ("run", plain_run))
]
WAYS = {
    "as it is": [],
    "addresses": ADDRESSES,
    "mime": BYTES,
    "prefetch": READING,
    "statements": SQL,
    "all plain": [*ADDRESSES, *BYTES, *READING, *SQL],
}

if __name__ == "__main__":
    turns()
