"""What the figures share: people, uploads at the door, processes that die at a named point."""

import contextlib
import os
import random
import re
import signal
import time
import uuid

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils import timezone

from recommendations.choices import EventKind, Role
from recommendations.models import Event, Evidence, User
from recommendations.selectors.holdings import holdings
from recommendations.services.evidence import uploads, verification
from recommendations.vault.objects import stored_name

HEAD = b"%PDF-1.7\n"
TAIL = b"\n%%EOF\n"


class Bench:
    """The place that figures work in."""

    def __init__(self, quick):
        self.quick = quick
        self.random = random.Random(20240902)  # the same faults each time
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        self.person = User.objects.create_user("faults@example.org", uuid.uuid4().hex, role=Role.CONTRIBUTOR)
        self.manager = User.objects.create_user("chief@example.org", uuid.uuid4().hex, role=Role.MANAGER)

    def many(self, whole, quick):
        """Return how often to try: ``whole``, or ``quick`` in the slice."""
        return quick if self.quick else whole

    def content(self, size):
        """Return the bytes of a document nobody else has."""
        return HEAD + self.random.randbytes(size) + TAIL

    def upload(self, content, *, form_key=None, person=None, title="A file", level="internal"):
        """Add a file as a browser does, on the page for it. Returns: the answer."""
        client = self.browser(person)
        data = {
            "form_key": form_key or uuid.uuid4(),
            "title": title,
            "kind": "other",
            "sensitivity": level,
            "reliability": "F",
            "credibility": 6,
            "file": SimpleUploadedFile("report.pdf", content),
        }
        return client.post("/evidence/add/", data)

    def browser(self, person=None):
        """Return a browser in which somebody is signed in."""
        client = Client(headers={"host": "localhost"})
        client.force_login(person or self.person)
        return client

    def items(self, number, size=2000):
        """Add files. Returns: their items."""
        before_them = set(Evidence.objects.values_list("pk", flat=True))
        for _number in range(number):
            answer = self.upload(self.content(size))
            assert answer.status_code == 302, re.sub(rb"<[^>]+>", b" ", answer.content).decode()
        return list(Evidence.objects.exclude(pk__in=before_them))

    def forked(self, act):
        """Run ``act`` in a process of its own. Returns: its exit status, as of ``waitpid``."""
        connections.close_all()
        pid = os.fork()
        if pid == 0:
            with contextlib.suppress(BaseException):
                act()
                os._exit(0)
            os._exit(1)
        return os.waitpid(pid, 0)[1]


def die(*_arguments):
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(function, act):
    """Return ``function`` followed by ``act``."""

    def wrapped(*arguments, **named):
        result = function(*arguments, **named)
        act()
        return result

    return wrapped


def before(function, act):
    """Return ``function`` preceded by ``act``."""

    def wrapped(*arguments, **named):
        act()
        return function(*arguments, **named)

    return wrapped


def on_call(number, act):
    """Return a function that does ``act`` when it is called for the ``number``-th time."""
    calls = iter(range(1, number + 1))

    def wrapped():
        if next(calls) == number:
            act()

    return wrapped


def half_items():
    """Return what is on record and is not whole: rows whose bytes do not open, items without their event."""
    found = verification.verify(now=timezone.now()).problems
    told = Event.objects.filter(kind=EventKind.EVIDENCE_ADDED).exclude(evidence=None).values("evidence")
    untold = Evidence.objects.exclude(object_name="").exclude(pk__in=told)
    return found + [f"{item.key} without its event" for item in untold]


def files_on_disk():
    """Return every file in the vault's folder."""
    return [path for path in settings.EVIDENCE_DIR.rglob("*") if path.is_file()]


def orphans():
    """Return how many files nothing on record names."""
    held = {settings.EVIDENCE_DIR / stored_name(holding.object_name) for holding in holdings()}
    return len(set(files_on_disk()) - held)


def sweep_a_day_later():
    """Let a day pass for the files on the disk, and sweep. Returns: how many files nothing names are left."""
    yesterday = time.time() - 2 * 86400
    for path in files_on_disk():
        os.utime(path, (yesterday, yesterday))
    uploads.sweep(now=timezone.now() + uploads.STAGED_FOR * 2)
    return orphans()
