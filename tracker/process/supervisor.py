"""Runs the tracker's parts as child processes: shows their output, restarts what dies, ends all of them."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, TextIO

from tracker.process.lifeline import Lifeline

FIRST_DELAY = 1.0  # seconds before a part that died is started again; doubled at each further death
LONGEST_DELAY = 30.0
STEADY_AFTER = 60.0  # a part that lived this long starts with the first delay again
LONGEST_LINE = 8192  # bytes
GRACE = 10.0  # seconds that the parts have to end by themselves
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Watch:
    """How to see that a part does no work although its process runs.

    ``is_idle`` is asked every ``every`` seconds once the part has lived for ``patience`` seconds; when it
    says so, the part is ended and starts again. An error of its own says nothing about the part.
    """

    is_idle: Callable[[], bool]
    patience: float
    every: float = 60.0


@dataclass(frozen=True)
class Part:
    """One child process: the name shown before each of its lines, its command, and who watches its work."""

    name: str
    command: Sequence[str]
    watch: Watch | None = None


def next_delay(previous: float, lived: float, first: float = FIRST_DELAY) -> float:
    """Seconds to wait before a part that lived `lived` seconds starts again; `previous` is the last wait."""
    if not previous or lived >= STEADY_AFTER:
        return first
    return min(previous * 2, LONGEST_DELAY)


def how_it_ended(code: int) -> str:
    """A child's return code in words: "ended with code 3", "was killed by SIGKILL"."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:  # a real-time signal has no name
        return f"was killed by signal {-code}"


def printable(raw: bytes) -> str:
    """A line of a child's output without its line end and without control characters.

    What people typed can be in a log line; it must not be able to control the terminal that shows it.
    """
    text = raw.decode("utf-8", "replace").rstrip("\r\n").expandtabs()
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


class Supervisor:
    """Keeps its parts running until a stop signal comes.

    `ready` and `announcement` go together: once ``ready()`` is true the announcement is printed.
    `keep_open` are file descriptors (a lock) to hold for as long as anything of ours may be running.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        *,
        ready: Callable[[], bool] | None = None,
        announcement: str = "",
        keep_open: Sequence[int] = (),
        out: TextIO = sys.stdout,
        first_delay: float = FIRST_DELAY,
        grace: float = GRACE,
    ):
        self.parts = parts
        self.ready, self.announcement = ready, announcement
        self.out, self.first_delay, self.grace = out, first_delay, grace
        self._keep_open = keep_open
        self._width = max(len("tracker"), *(len(part.name) for part in parts))
        self._lock = threading.Lock()  # guards the children and the lifeline's pipe
        self._print_lock = threading.Lock()
        self._children: dict[str, subprocess.Popen] = {}
        self._stopping = threading.Event()

    def run(self) -> None:
        """Start all parts and return when a stop signal has come and nothing is left running."""
        signals = self._catch_stop_signals()
        self._lifeline = Lifeline(self._keep_open)
        keepers = [threading.Thread(target=self._keep, args=(part,)) for part in self.parts]
        for keeper in keepers:
            keeper.start()
        if self.ready:
            threading.Thread(target=self._announce, args=(self.ready,), daemon=True).start()
        os.read(signals, 64)
        self._stop(keepers, signals)
        self._lifeline.close()

    @staticmethod
    def _catch_stop_signals() -> int:
        """A file descriptor that becomes readable when a stop signal arrives.

        The handlers themselves do nothing: one that took a lock could meet the thread that holds it.
        """
        signals, wake = os.pipe()
        os.set_blocking(wake, False)
        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup keeps its meaning
                signal.signal(number, lambda *_: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        return signals

    def _stop(self, keepers: Sequence[threading.Thread], signals: int) -> None:
        """Ask every part to end; after the grace, or at a second stop signal, kill what is left."""
        self._stopping.set()
        self._say("tracker", "stopping; press Ctrl-C again to stop at once")
        self._signal(os.kill, signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        while any(keeper.is_alive() for keeper in keepers) and time.monotonic() < deadline:
            if select.select([signals], [], [], 0.05)[0]:
                break
        self._signal(os.killpg, signal.SIGKILL)
        for keeper in keepers:
            keeper.join()
        self._say("tracker", "stopped")

    def _signal(self, send: Callable[[int, int], None], number: int) -> None:
        with self._lock:
            for child in self._children.values():
                with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended in this moment
                    send(child.pid, number)

    def _keep(self, part: Part) -> None:
        """Start the part, wait for its end, and begin again until we are stopping."""
        delay = 0.0
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                ending = self._live(part)
            except OSError as error:  # no memory, no process table entry
                ending = f"could not start: {error}"
            if self._stopping.is_set():
                return
            delay = next_delay(delay, time.monotonic() - began, self.first_delay)
            self._say("tracker", f"{part.name} {ending}; it starts again in {delay:g} s")
            self._stopping.wait(delay)

    def _live(self, part: Part) -> str:
        """One life of a part, from its start to its end; returns how it ended."""
        child = self._start(part)
        if child is None:
            return ""
        reader = threading.Thread(target=self._show, args=(part.name, child.stdout), daemon=True)
        reader.start()
        ended = threading.Event()
        if part.watch:
            threading.Thread(target=self._watch, args=(part, part.watch, child, ended), daemon=True).start()
        code = child.wait()
        ended.set()
        self._clear(part, child)
        reader.join(timeout=2)  # its last lines; a process that left the group may hold the pipe for longer
        return how_it_ended(code)

    def _watch(self, part: Part, watch: Watch, child: subprocess.Popen, ended: threading.Event) -> None:
        """End a part that no longer does any work; `_keep` restarts it."""
        began = time.monotonic()
        while not ended.wait(watch.every):
            if time.monotonic() - began >= watch.patience and self._is_idle(part, watch):
                self._say("tracker", f"{part.name} runs but no longer does any work; stopping it")
                child.terminate()
                if not ended.wait(self.grace):  # stopped, or caught where no signal reaches it
                    self._kill(part, child)
                return

    def _is_idle(self, part: Part, watch: Watch) -> bool:
        try:
            return watch.is_idle()
        except Exception as error:  # whatever it asks may be away, and the part must not pay for it
            self._say("tracker", f"{part.name}: could not find out whether it does its work: {error}")
            return False

    def _kill(self, part: Part, child: subprocess.Popen) -> None:
        with self._lock:
            if self._children.get(part.name) is child:  # its number is still its own
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, signal.SIGKILL)

    def _start(self, part: Part) -> subprocess.Popen | None:
        """The part's new process in a session and process group of its own; None when we are stopping."""
        with self._lock:
            if self._stopping.is_set():
                return None
            child = subprocess.Popen(
                part.command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
            self._children[part.name] = child
            self._lifeline.hold(child.pid)
            return child

    def _clear(self, part: Part, child: subprocess.Popen) -> None:
        """Kill what a part that ended has left behind, such as a worker that still serves its port."""
        with self._lock:
            del self._children[part.name]
            with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing was left
                os.killpg(child.pid, signal.SIGKILL)
            self._lifeline.release(child.pid)

    def _show(self, name: str, lines: IO[bytes]) -> None:
        with lines:
            for line in iter(lambda: lines.readline(LONGEST_LINE), b""):
                self._say(name, printable(line))

    def _announce(self, ready: Callable[[], bool]) -> None:
        while not ready():
            if self._stopping.wait(0.2):
                return
        self._say("tracker", self.announcement)

    def _say(self, name: str, text: str) -> None:
        with self._print_lock:
            try:
                for line in text.splitlines() or [""]:
                    self.out.write(f"{name:<{self._width}} | {line}\n")
                self.out.flush()
            except OSError:  # nobody reads us any more: the terminal or the pipe is gone
                if not self._stopping.is_set():
                    os.kill(os.getpid(), signal.SIGTERM)
