"""A file of 100 MiB through a real web process: its peak memory, and its time against the bare steps."""

import hashlib
import http.client
import os
import re
import statistics
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pyrage
from django.conf import settings

from recommendations.models import Evidence
from recommendations.vault import keys
from tests.evidencefaults.registry import Figure, figure
from tests.support.processes import ROOT, free_port, wait_until

MIB = 1024 * 1024
ROUNDS = 5
MOST_MEMORY = 30 * MIB
MOST_TIME = 1.5
BOUNDARY = "----figure"


@figure("upload of 100 MiB", "memory of the web process < +30 MiB, time < 1.5 × the bare steps", quick=False)
def upload(bench):
    """Upload and do the bare steps in turn, and compare the medians."""
    if not Path("/proc/self/clear_refs").exists():
        return Figure(skipped="needs /proc to see the memory of a process")
    source = settings.DATA_DIR / "source.pdf"
    source.write_bytes(bench.content(100 * MIB - 100))
    with Web(bench) as web:
        web.send(source, 1000)  # what is imported at the first upload is no cost of this one
        through, bare, grown = [], [], []
        for _round in range(ROUNDS):
            bare.append(timed(bare_steps, source))
            resting = web.memory("VmRSS")
            web.forget_peak()
            through.append(timed(web.send, source))
            grown.append(web.memory("VmHWM") - resting)
    kept = Evidence.objects.filter(size=source.stat().st_size).count()
    ratio = statistics.median(through) / statistics.median(bare)
    missed = (max(grown) > MOST_MEMORY) + (ratio > MOST_TIME) + (kept != ROUNDS)
    return Figure(
        tries=ROUNDS,
        missed=missed,
        said=f"+{max(grown) / MIB:.1f} MiB at most; {statistics.median(through):.2f} s, "
        f"{ratio:.2f} × the bare {statistics.median(bare):.2f} s; {kept} of {ROUNDS} kept",
        notes={"uploads": through, "bare": bare, "ratio": ratio, "grown": grown},
    )


def timed(act, *arguments):
    """Return the seconds that ``act`` takes."""
    began = time.monotonic()
    act(*arguments)
    return time.monotonic() - began


def bare_steps(source):
    """Spool with fsync, SHA-256, seal, re-read and open, by the same libraries, and nothing else."""
    folder = settings.DATA_DIR / "bare"
    folder.mkdir(exist_ok=True)
    spool, sealed = folder / "spool", folder / "sealed"
    digest = hashlib.sha256()
    with open(source, "rb") as stream, open(spool, "wb") as target:
        while chunk := stream.read(64 * 1024):
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    with open(spool, "rb") as stream, open(sealed, "wb") as target:
        pyrage.encrypt_io(stream, target, keys.recipients())
        target.flush()
        os.fsync(target.fileno())
    again = Hashing()
    with open(sealed, "rb") as stream:
        pyrage.decrypt_io(stream, again, keys.identities())
    assert again.digest.digest() == digest.digest()
    spool.unlink()
    sealed.unlink()


class Hashing:
    """Hashes what is written to it."""

    def __init__(self):
        self.digest = hashlib.sha256()

    def write(self, chunk):
        self.digest.update(chunk)
        return len(chunk)

    def flush(self):
        """Nothing is held back here."""


class Web:
    """The web server as ``make run`` starts it, and somebody signed in."""

    def __init__(self, bench, level="internal", **environment):
        self.level, self.environment = level, {**os.environ, **environment}
        self.port = free_port()
        cookies = bench.browser().cookies
        self.cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())

    def __enter__(self):
        web = ["granian", "--interface=wsgi", "--http=1", "--no-ws", "--workers=1"]
        command = [*web, "--blocking-threads=32"]
        place = ["--host=127.0.0.1", f"--port={self.port}", "--log-level=error", "tracker.wsgi:application"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command, *place], cwd=ROOT, env=self.environment
        )
        wait_until(self.answers)
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()

    def answers(self):
        """Whether the server is up."""
        try:
            return self.ask("GET", "/healthz")[0] in (200, 503)
        except OSError:
            return False

    def ask(self, method, path, body=None, headers=None):
        """Return (status, headers, page)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, {"Host": "localhost", **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def send(self, source, size=None):
        """Upload a file, or the head of it, as a browser does."""
        _status, headers, page = self.ask("GET", "/evidence/add/", headers={"Cookie": self.cookie})
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
        secret = headers["Set-Cookie"].split(";")[0]
        fields = {
            "csrfmiddlewaretoken": token,
            "form_key": str(uuid.uuid4()),
            "title": "A large file",
            "kind": "other",
            "sensitivity": self.level,
            "reliability": "F",
            "credibility": "6",
        }
        head = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        )
        head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="large.pdf"\r\n\r\n'
        head, tail = head.encode(), f"\r\n--{BOUNDARY}--\r\n".encode()
        size = source.stat().st_size if size is None else size
        about = {
            "Cookie": f"{self.cookie}; {secret}",
            "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(head) + size + len(tail)),
        }
        status, _headers, page = self.ask("POST", "/evidence/add/", parts(head, source, size, tail), about)
        assert status == 302, re.sub(r"<[^>]+>|\s+", " ", page)

    @property
    def workers(self):
        """The processes that answer: the children of the server's main one, or itself."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text().split()] or [self.process.pid]

    def memory(self, name):
        """Return a line of the processes' status, in bytes."""
        lines = [Path(f"/proc/{pid}/status").read_text() for pid in self.workers]
        return max(int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) for text in lines) * 1024

    def forget_peak(self):
        """Let the peak begin anew from what is used now."""
        for pid in self.workers:
            Path(f"/proc/{pid}/clear_refs").write_text("5")


def parts(head, source, size, tail):
    """Yield the body of the request."""
    yield head
    with open(source, "rb") as stream:
        while size > 0 and (chunk := stream.read(min(256 * 1024, size))):
            size -= len(chunk)
            yield chunk
    yield tail
