"""The supervisor with real child processes: shows, restarts, ends; and leaves nobody behind."""

import os
import re
import signal
import subprocess
import sys
import textwrap

import pytest

from tests.support.processes import ROOT, WAIT, Watched, exists, wait_until
from tracker.process.supervisor import LONGEST_DELAY, STEADY_AFTER, how_it_ended, next_delay, printable

# A part that says its process id, then sleeps; it ends quietly when asked to.
SLEEPER = "import os, time; print('up', os.getpid()); time.sleep(600)"
# A part that leaves a child in its process group, as granian does with its worker.
PARENT = (
    "import os, subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('child', child.pid); print('up', os.getpid()); time.sleep(600)"
)
# A part that has something to finish, and ends by itself then.
ORDERLY = (
    "import os, signal, sys, time;"
    "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.2), print('put away'), sys.exit()));" + SLEEPER
)
STUBBORN = "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + SLEEPER
# Longer than a test waits: what ends then did not wait for it.
FOREVER = 100 * WAIT
CRASHER = "import sys; print('oh'); sys.exit(3)"


def command(parts, ready="None", watch="None", **options):
    """The command of a supervisor over parts given as name and Python code; all of them are watched alike."""
    source = f"""
        import sys
        from pathlib import Path
        from tracker.process.supervisor import Part, Supervisor, Watch
        parts = [Part(name, [sys.executable, "-c", code], {watch}) for name, code in {parts!r}.items()]
        Supervisor(parts, ready={ready}, **{options!r}).run()
    """
    return [sys.executable, "-c", textwrap.dedent(source)]


class Running(Watched):
    """A supervisor in a process of its own."""

    def __init__(self, parts, **options):
        super().__init__(command(parts, **options))

    def pid_of(self, name):
        """The process id that the named part says next."""
        return int(self.wait_for(rf"^(?:{name}) +\| up (\d+)")[1])


@pytest.fixture
def start():
    """Starts supervisors and, whatever the test did, ends them and their children."""
    started = []

    def starter(parts, **options):
        started.append(Running(parts, **options))
        return started[-1]

    yield starter
    for running in started:
        running.discard()
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
    running = start({"web": SLEEPER, "worker": SLEEPER}, grace=FOREVER)
    pids = [running.pid_of("web|worker") for _ in range(2)]
    assert running.end(number) == 0
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
def test_a_part_may_finish_before_the_grace_is_over(start):
    running = start({"worker": ORDERLY}, grace=FOREVER)
    running.pid_of("worker")
    assert running.end() == 0
    assert "worker  | put away" in running.seen


@pytest.mark.processes
def test_a_crash_loop_slows_down_and_leaves_the_others_alone(start):
    running = start({"web": CRASHER, "worker": SLEEPER}, first_delay=0.1)
    for delay in ("0.1", "0.2", "0.4", "0.8"):
        running.wait_for(rf"web ended with code 3; it starts again in {re.escape(delay)} s")
    assert sum("worker  | up" in line for line in running.seen) == 1
    running.end()


@pytest.mark.processes
def test_it_ends_in_the_middle_of_a_wait(start):
    running = start({"web": CRASHER}, first_delay=FOREVER)
    running.wait_for("it starts again in")
    assert running.end() == 0


@pytest.mark.processes
def test_a_part_that_does_not_listen_is_killed_after_the_grace(start):
    running = start({"worker": STUBBORN}, grace=0.2)
    pid = running.pid_of("worker")
    assert running.end() == 0
    assert not exists(pid)


@pytest.mark.processes
def test_a_second_ctrl_c_ends_at_once(start):
    running = start({"worker": STUBBORN}, grace=FOREVER)
    running.pid_of("worker")
    running.process.send_signal(signal.SIGINT)
    running.wait_for("press Ctrl-C again")
    assert running.end(signal.SIGINT) == 0


@pytest.mark.processes
def test_a_killed_supervisor_leaves_nothing_behind(start):
    running = start({"web": PARENT, "worker": SLEEPER})
    pids = [int(running.wait_for(r"\| (?:child|up) (\d+)")[1]) for _ in range(3)]
    running.process.kill()
    wait_until(lambda: not any(exists(pid) for pid in pids))


@pytest.mark.processes
def test_it_ends_when_nobody_reads_its_output():
    parts = {"web": SLEEPER, "worker": "while True: print('more')"}
    process = subprocess.Popen(command(parts), cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with process.stdout as lines:
        pid = int(next(line for line in lines if "up" in line).split()[-1])
    assert process.wait(WAIT) == 0
    wait_until(lambda: not exists(pid))


@pytest.mark.processes
def test_the_announcement_comes_once_it_is_ready(start, tmp_path):
    flag = tmp_path / "flag"
    web = f"print('made'); import pathlib, time; pathlib.Path({str(flag)!r}).touch(); time.sleep(60)"
    running = start({"web": web}, ready=f"Path({str(flag)!r}).exists", announcement="Open it now")
    running.wait_for(r"^tracker \| Open it now$")
    assert running.seen == ["web     | made", "tracker | Open it now"]
    running.end()


@pytest.mark.processes
def test_a_part_that_runs_but_does_no_work_is_ended_and_starts_again(start, tmp_path):
    idle = tmp_path / "idle"
    watch = f"Watch(Path({str(idle)!r}).exists, patience=0, every=0.1)"
    running = start({"worker": SLEEPER}, watch=watch, first_delay=0.1, grace=0.5)
    first = running.pid_of("worker")
    os.kill(first, signal.SIGSTOP)  # neither works nor hears SIGTERM
    idle.touch()
    running.wait_for("worker runs but no longer does any work; stopping it")
    idle.unlink()
    running.wait_for("worker was killed by SIGKILL; it starts again in 0.1 s")
    assert running.pid_of("worker") != first
    running.end()


@pytest.mark.processes
def test_a_part_has_its_patience_and_pays_for_no_error_of_the_question(start):
    running = start({"worker": SLEEPER}, watch="Watch(lambda: 1 / 0, patience=0, every=0.1)")
    running.wait_for("worker: could not find out whether it does its work: division by zero")
    patient = start({"worker": SLEEPER}, watch="Watch(lambda: True, patience=60, every=0.05)")
    first = patient.pid_of("worker")
    running.wait_for("could not find out")
    assert exists(first) and not any("ended" in line for line in patient.seen + running.seen)
    patient.end()
    running.end()
