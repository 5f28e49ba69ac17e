"""The supervisor with real child processes: shows, restarts, ends; and leaves nobody behind."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from tracker.supervisor import LONGEST_DELAY, STEADY_AFTER, how_it_ended, next_delay, printable

ROOT = Path(__file__).parent.parent
WAIT = 20  # seconds to wait for anything before the test fails

# A part that says its process id, then sleeps; it ends quietly when asked to.
SLEEPER = "import os, time; print('up', os.getpid()); time.sleep(600)"
# A part that leaves a child in its process group, as granian does with its worker.
PARENT = (
    "import os, subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('child', child.pid); print('up', os.getpid()); time.sleep(600)"
)
STUBBORN = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
CRASHER = "import sys; print('oh'); sys.exit(3)"


class Running:
    """A supervisor in a process of its own, its output read line by line."""

    def __init__(self, parts, **options):
        source = f"""
            import sys
            from tracker.supervisor import Part, Supervisor
            parts = [Part(name, [sys.executable, "-c", code]) for name, code in {parts!r}.items()]
            Supervisor(parts, **{options!r}).run()
        """
        self.process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(source)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.seen = []
        self.guard = threading.Timer(3 * WAIT, self.process.kill)  # reading must not wait for ever
        self.guard.start()

    def wait_for(self, pattern):
        """Read on until a line matches; returns the match."""
        for line in self.process.stdout:
            self.seen.append(line.rstrip("\n"))
            if found := re.search(pattern, self.seen[-1]):
                return found
        pytest.fail(f"{pattern!r} never came; the output was:\n" + "\n".join(self.seen))

    def pid_of(self, name):
        """The process id that the named part says next."""
        return int(self.wait_for(rf"^(?:{name}) +\| up (\d+)")[1])

    def end(self, number=signal.SIGTERM):
        """Send the signal; returns the seconds it took to end and the return code."""
        began = time.monotonic()
        self.process.send_signal(number)
        self.seen += self.process.stdout.read().splitlines()
        code = self.process.wait(WAIT)
        return time.monotonic() - began, code


def exists(pid):
    """Whether a process runs; one that ended and was not yet collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


def wait_until(condition):
    deadline = time.monotonic() + WAIT
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


@pytest.fixture
def start():
    """Starts supervisors and, whatever the test did, ends them and their children."""
    started = []

    def starter(parts, **options):
        started.append(Running(parts, **options))
        return started[-1]

    yield starter
    for running in started:
        running.guard.cancel()
        running.process.kill()
        running.process.wait()
        running.process.stdout.close()
        groups = [int(number) for line in running.seen for number in re.findall(r"\| up (\d+)", line)]
        wait_until(lambda groups=groups: not any(exists(group) for group in groups))


def test_the_wait_doubles_and_is_bounded_and_starts_again_after_a_steady_life():
    assert next_delay(0, lived=0.1) == 1
    assert next_delay(1, lived=0.1) == 2
    assert next_delay(LONGEST_DELAY, lived=0.1) == LONGEST_DELAY
    assert next_delay(LONGEST_DELAY, lived=STEADY_AFTER) == 1


def test_endings_are_said_in_words():
    assert how_it_ended(0) == "ended with code 0"
    assert how_it_ended(-9) == "was killed by SIGKILL"
    assert how_it_ended(-45) == "was killed by signal 45"


def test_a_log_line_cannot_steer_the_terminal():
    assert (
        printable(b"\x1b[2Jname: \xff\r\n") == "\N{REPLACEMENT CHARACTER}[2Jname: \N{REPLACEMENT CHARACTER}"
    )
    assert printable("서울".encode() + b"\n") == "서울"


@pytest.mark.processes
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_signal_ends_all_parts(start, number):
    running = start({"web": SLEEPER, "worker": SLEEPER})
    pids = [running.pid_of("web|worker") for _ in range(2)]
    seconds, code = running.end(number)
    assert (code, seconds < 5) == (0, True)
    assert not any(exists(pid) for pid in pids)
    assert running.seen[-1] == "tracker | stopped"


@pytest.mark.processes
def test_every_line_is_shown_with_its_part(start):
    running = start({"web": "print('one'); print('two');" + SLEEPER, "beat": SLEEPER})
    running.wait_for(r"^web     \| one$")
    running.wait_for(r"^web     \| two$")
    running.end()


@pytest.mark.processes
def test_a_killed_part_starts_again_and_its_leftovers_are_killed(start):
    running = start({"web": PARENT, "worker": SLEEPER}, first_delay=0.2)
    child = int(running.wait_for(r"child (\d+)")[1])
    first = running.pid_of("web")
    os.kill(first, signal.SIGKILL)
    running.wait_for(r"web was killed by SIGKILL; it starts again in 0\.2 s")
    wait_until(lambda: not exists(child))
    assert running.pid_of("web") != first
    running.end()


@pytest.mark.processes
def test_a_crash_loop_slows_down_and_leaves_the_others_alone(start):
    running = start({"web": CRASHER, "worker": SLEEPER}, first_delay=0.1)
    for delay in ("0.1", "0.2", "0.4", "0.8"):
        running.wait_for(rf"web ended with code 3; it starts again in {re.escape(delay)} s")
    assert sum("worker  | up" in line for line in running.seen) == 1
    seconds, _ = running.end()
    assert seconds < 5  # even in the middle of a wait


@pytest.mark.processes
def test_a_part_that_does_not_listen_is_killed_after_the_grace(start):
    running = start({"worker": STUBBORN}, grace=1)
    pid = running.pid_of("worker")
    seconds, code = running.end()
    assert 1 <= seconds < 5
    assert code == 0
    assert not exists(pid)


@pytest.mark.processes
def test_a_second_ctrl_c_ends_at_once(start):
    running = start({"worker": STUBBORN}, grace=60)
    running.pid_of("worker")
    running.process.send_signal(signal.SIGINT)
    running.wait_for("press Ctrl-C again")
    seconds, _ = running.end(signal.SIGINT)
    assert seconds < 5


@pytest.mark.processes
def test_a_killed_supervisor_leaves_nothing_behind(start):
    running = start({"web": PARENT, "worker": SLEEPER})
    pids = [int(running.wait_for(r"\| (?:child|up) (\d+)")[1]) for _ in range(3)]
    running.process.kill()
    wait_until(lambda: not any(exists(pid) for pid in pids))


@pytest.mark.processes
def test_it_ends_when_nobody_reads_its_output(start):
    running = start({"web": "import time\nwhile True: print('more'); time.sleep(0.01)", "worker": SLEEPER})
    pid = running.pid_of("worker")
    running.process.stdout.close()
    running.process.wait(WAIT)
    assert not exists(pid)


@pytest.mark.processes
def test_the_announcement_comes_once_it_is_ready(start, tmp_path):
    flag = tmp_path / "flag"
    touch = f"import pathlib, time; time.sleep(0.5); print('made'); pathlib.Path({str(flag)!r}).touch();"
    source = {"web": touch + "time.sleep(600)"}
    code = f"""
        import sys
        from pathlib import Path
        from tracker.supervisor import Part, Supervisor
        parts = [Part(name, [sys.executable, "-c", code]) for name, code in {source!r}.items()]
        Supervisor(parts, ready=Path({str(flag)!r}).exists, announcement="Open it now").run()
    """
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    lines = [process.stdout.readline().strip() for _ in range(2)]
    process.terminate()
    process.communicate(timeout=WAIT)
    assert lines == ["web     | made", "tracker | Open it now"]
