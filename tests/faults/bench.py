"""What a test is given: its size, its database, its folder, and ways to start what it needs."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from django.db import connections

from tests.faults.post import serving
from tests.faults.senders import Senders
from tests.faults.sizes import Size


@dataclass
class Bench:
    """The surroundings of one test; ``folder`` is its own."""

    size: Size
    database: object
    folder: Path
    redis: str = ""

    def begin_anew(self):
        """Bring the database back to what it was after the migrations."""
        connections.close_all()
        self.database.begin_anew()

    @contextlib.contextmanager
    def post(self, name="post", **faults):
        """Yield a mail server with a disk of its own."""
        with serving(self.folder / name, **faults) as post:
            yield post

    def senders(self, post=None, **order):
        """Return the means to start children that lead to ``post``."""
        return Senders(self.folder, post, **order)
