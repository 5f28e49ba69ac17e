"""The mail server's process, and what lies on its disk."""

import contextlib
import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

from tests.support.processes import ROOT, free_port


@dataclass(frozen=True)
class Accepted:
    """One message as the server took it: who it was for, and the bytes after our own first line."""

    recipients: tuple[str, ...]
    raw: bytes

    @property
    def id(self):
        """The Message-ID."""
        return message_from_bytes(self.raw)["Message-ID"]

    @property
    def date(self):
        """The Date header."""
        return message_from_bytes(self.raw)["Date"]

    @property
    def body_hash(self):
        """The SHA-256 of all that follows the head."""
        return hashlib.sha256(self.raw.partition(b"\r\n\r\n")[2]).hexdigest()


class Post:
    """A mail server on a port of loopback, with a disk that outlives its processes."""

    def __init__(self, folder):
        self.folder, self.port = Path(folder), free_port()
        self.folder.mkdir(parents=True)
        self._process = None

    def open(self, **faults):
        """Start the server; see ``sink`` for the faults."""
        command = [sys.executable, "-m", "tests.faults.sink", str(self.port), str(self.folder)]
        self._process = subprocess.Popen(
            [*command, json.dumps(faults)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        if self._process.stdout.readline() != "ready\n":
            raise RuntimeError("The mail server of the test did not start.")

    def close(self):
        """Kill the server, if it runs; what it accepted stays."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def accepted(self):
        """Return the accepted messages, oldest first."""
        return [self._read(path) for path in sorted(self.folder.glob("*.eml"))]

    def count(self):
        """Return how many messages were accepted."""
        return sum(1 for _path in self.folder.glob("*.eml"))

    def resets(self):
        """Return how many lines were reset."""
        return sum(1 for _path in self.folder.glob("*.reset"))

    @staticmethod
    def _read(path):
        head, _end, raw = path.read_bytes().partition(b"\r\n")
        return Accepted(tuple(head.removeprefix(b"X-Rcpt: ").decode().split(",")), raw)


@contextlib.contextmanager
def serving(folder, **faults):
    """Yield a mail server that runs."""
    post = Post(folder)
    post.open(**faults)
    try:
        yield post
    finally:
        post.close()
