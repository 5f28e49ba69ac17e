"""A web worker that is killed is replaced, and so is one that is frozen; the other serves on meanwhile."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import yaml

from tests.support import template
from tests.support.processes import ROOT, WAIT, Watched, exists, free_port, wait_until
from tracker import web_liveness

SPAWNED = r"Spawning worker-{} with PID: (\d+)"


class Web(Watched):
    """The very command of docker-compose.yml, over a database of SQLite."""

    def __init__(self, folder):
        self.port = free_port()
        command = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["web"]["command"]
        if "watched" in command:
            command[3:3] = ["--patience", "10"]
        here = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DATA_DIR": str(folder / "data"),
            "TMPDIR": str(folder),
            "DATABASE_URL": "",
            "REDIS_URL": "",
            "GRANIAN_HOST": "127.0.0.1",
            "GRANIAN_PORT": str(self.port),
        }
        (folder / "data").mkdir()
        if not template.copy_to(folder / "data" / "tracker.sqlite3"):
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
            subprocess.run(migrate, cwd=ROOT, env={**os.environ, **here}, check=True)
        super().__init__(command, **here)
        self.workers = [self.spawned(1), self.spawned(2)]

    def spawned(self, number):
        return int(self.wait_for(SPAWNED.format(number))[1])

    def serves(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False


@pytest.fixture
def web(tmp_path):
    web = Web(tmp_path)
    yield web
    web.discard()
    wait_until(lambda: not any(map(exists, web.workers)))


@pytest.mark.processes
def test_a_killed_and_a_frozen_worker_are_replaced_and_the_other_serves_on(web, tmp_path):
    wait_until(web.serves)
    first, second = web.workers
    os.kill(first, signal.SIGKILL)
    web.workers.append(web.spawned(1))
    wait_until(web.serves)
    assert exists(second)
    # Only one that has begun to beat can be seen to stop.
    wait_until(lambda: any(file.read_text() for file in tmp_path.glob(f"web-beats-*/{second}")))
    os.kill(second, signal.SIGSTOP)
    web.wait_for(rf"Worker {second} of the web server is frozen; killing it")
    web.workers.append(web.spawned(2))
    wait_until(lambda: web.serves() and not exists(second))
    assert not any("starts again" in line for line in web.seen)
    assert web.end() == 0 and not any(map(exists, web.workers))


@pytest.fixture
def worker(tmp_path):
    """A process that beats."""
    code = "import time; from tracker import web_liveness; web_liveness.begin(); print('up'); time.sleep(600)"
    watched = Watched([sys.executable, "-uc", code], **{web_liveness.FOLDER: str(tmp_path)})
    watched.wait_for("up")
    file = tmp_path / str(watched.process.pid)
    wait_until(lambda: file.exists() and file.read_text())
    yield watched
    watched.discard()


@pytest.mark.processes
def test_a_worker_that_beats_is_left_alone_and_a_dead_ones_number_is_nobodys(worker, tmp_path):
    assert web_liveness.end_frozen(tmp_path, patience=60) == []
    # Nobody holds the lock of this one: its number belongs to another process by now.
    foreign = tmp_path / str(os.getppid())
    foreign.write_text("1.0")
    os.utime(foreign, (time.time() - 100, time.time() - 100))
    assert web_liveness.end_frozen(tmp_path, patience=60) == [] and not foreign.exists()
    os.kill(worker.process.pid, signal.SIGSTOP)
    wait_until(lambda: web_liveness.end_frozen(tmp_path, patience=2) == [worker.process.pid])
    assert worker.process.wait(WAIT) == -signal.SIGKILL
