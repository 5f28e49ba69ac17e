"""What the tests with real child processes share."""

import contextlib
import itertools
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).parents[2]
WAIT = 300  # seconds until a test gives up; most comes in well under one, if the machine is free
# Below those that the system gives to connections, any of which could take a port before it is served;
# each process that runs tests has a hundred of its own.
_ports = itertools.cycle(range(10_000 + os.getpid() % 200 * 100, 10_000 + os.getpid() % 200 * 100 + 100))


def free_port():
    """A port of loopback that nothing serves, and that was not given out a moment ago."""
    for port in itertools.islice(_ports, 100):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("every port is in use")


def exists(pid):
    """Whether a process runs; one that ended and was not yet collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def wait_until(condition, timeout=WAIT):
    """Return as soon as the condition holds; fail when it does not come about in time."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


@contextlib.contextmanager
def fresh_database(name):
    """The address of a new database on the server that DATABASE_URL names; empty, for SQLite, without one."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield ""
        return
    server = address.rpartition("/")[0]
    name = f"{name}_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def as_from_a_terminal():
    """Take the stop signals as a terminal gives them: nohup and "&" let children ignore two of them."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Watched:
    """A child process whose output is read line by line."""

    def __init__(self, command, **environment):
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=as_from_a_terminal,
        )
        self.seen = []  # the lines that were waited for or passed over
        self._coming = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        with self.process.stdout:
            for line in self.process.stdout:
                self._coming.put(line.rstrip("\n"))
        self._coming.put(None)

    def wait_for(self, pattern):
        """Read on until a line matches; returns the match."""
        deadline = time.monotonic() + WAIT
        while True:
            try:
                line = self._coming.get(timeout=max(0, deadline - time.monotonic()))
            except queue.Empty:
                line = None
            if line is None:
                pytest.fail(f"{pattern!r} never came; the output was:\n" + "\n".join(self.seen))
            self.seen.append(line)
            if found := re.search(pattern, line):
                return found

    def end(self, number=signal.SIGTERM):
        """Send the signal and wait for the end; returns the code it ended with."""
        self.process.send_signal(number)
        code = self.process.wait(WAIT)
        self.seen += iter(self._coming.get, None)
        return code

    def discard(self):
        """Kill it if it still runs."""
        self.process.kill()
        self.process.wait()
