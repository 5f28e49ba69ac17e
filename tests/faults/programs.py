"""The programs around the tracker, as real processes: Redis, workers, beat, the web server, commands."""

import os
import shutil
import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import redis

from tests.support.processes import ROOT, free_port, wait_until

_numbers = count(1)


class Program:
    """A process group of its own, whose output goes into a file."""

    def __init__(self, command, log, **environment):
        self.log = Path(log)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self):
        """Kill it and its children at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    @property
    def runs(self):
        """Whether it still runs."""
        return self.process.poll() is None


class Redis:
    """A Redis of our own on a free port, that keeps nothing."""

    def __init__(self, folder):
        self.folder, self.port = Path(folder), free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.client = redis.Redis(port=self.port, socket_connect_timeout=1)
        self._program = None

    def start(self):
        """Start it, empty, and wait until it answers."""
        command = [shutil.which("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"]
        keep_nothing = ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self._program = Program([*command, *keep_nothing], self.folder / "redis.log")
        wait_until(self._answers)

    def _answers(self):
        try:
            return self.client.ping()
        except redis.ConnectionError:
            return False

    def stop(self):
        """Kill it."""
        if self._program and self._program.runs:
            self._program.kill()


class Crew:
    """The programs of one test, all of which lead to the same places and are killed at its end."""

    def __init__(self, folder, **environment):
        self.folder, self.environment, self.all = Path(folder), environment, []

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        for program in self.all:
            if program.runs:
                program.kill()

    def start(self, name, *arguments):
        """Start a Python module. Returns: the Program."""
        log = self.folder / f"{name}-{next(_numbers)}.log"
        self.all.append(Program([sys.executable, "-m", *arguments], log, **self.environment))
        return self.all[-1]

    def worker(self, application="tests.faults.impatient"):
        """Start a Celery worker with two threads, which plans and sends."""
        quiet = ["--without-gossip", "--without-mingle", "--loglevel=INFO", "--queues=celery,mail"]
        pool = ["--pool=threads", "--concurrency=2"]
        return self.start("worker", "celery", "--quiet", "--app", application, "worker", *pool, *quiet)

    def beat(self):
        """Start a beat with a schedule file of its own."""
        schedule = f"--schedule={self.folder / f'beat-{len(self.all)}'}"
        return self.start("beat", "celery", "--quiet", "--app", "tests.faults.impatient", "beat", schedule)

    def web(self, port):
        """Start the web server."""
        options = ["--interface=wsgi", "--http=1", "--no-ws", "--workers=1", "--blocking-threads=8"]
        place = ["--host=127.0.0.1", f"--port={port}", "--log-level=error"]
        return self.start("web", "granian", *options, *place, "tracker.wsgi:application")

    def manage(self, *arguments):
        """Run a management command to its end. Returns: what it printed. Raises: CalledProcessError."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise AssertionError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout
