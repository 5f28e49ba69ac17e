"""Ends the supervisor's children when the supervisor itself was killed and could not.

Run as a script it is a small process of its own, with nothing but the standard library, that reads its
standard input: ``+123`` names a process group to answer for, ``-123`` one that has ended. The pipe closes
when the supervisor is gone, for whatever reason (``kill -9``, out of memory); every group still named is
then ended. This works alike on Linux and macOS, and it reaches grandchildren, which a parent-death signal
does not.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

GRACE = 6.0  # seconds that a group has to end by itself
STEP = 0.05


def send(function, target, number):
    """Send a signal by ``os.kill`` or ``os.killpg``; False when nobody was there to take it."""
    try:
        function(target, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies
        return False
    return True


def end(groups, grace=GRACE):
    """Ask each group's leader to end, wait up to `grace` seconds for them, then kill all that is left."""
    leaders = {group for group in groups if send(os.kill, group, signal.SIGTERM)}
    deadline = time.monotonic() + grace
    while leaders and time.monotonic() < deadline:
        time.sleep(STEP)
        leaders = {leader for leader in leaders if send(os.kill, leader, 0)}
    for group in groups:
        send(os.killpg, group, signal.SIGKILL)


def watch(lines):
    """Follow the supervisor's lines to their end; return the groups that are still named then."""
    groups = set()
    for line in lines:
        sign, group = line[:1], int(line[1:])
        if sign == "+":
            groups.add(group)
        else:
            groups.discard(group)
    return groups


class Lifeline:
    """The supervisor's end of the pipe; `keep_open` are file descriptors kept open until all has ended."""

    def __init__(self, keep_open: Sequence[int] = ()):
        self._keep_open = keep_open
        self._groups: set[int] = set()
        self._start()

    def _start(self) -> None:
        reading, self._pipe = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=reading,
            pass_fds=self._keep_open,
            start_new_session=True,
        )
        os.close(reading)

    def _write(self, sign: str, group: int) -> None:
        try:
            os.write(self._pipe, f"{sign}{group}\n".encode())
        except BrokenPipeError:  # the process was killed: a new one gets the whole list
            os.close(self._pipe)
            self._process.wait()
            self._start()
            os.write(self._pipe, "".join(f"+{group}\n" for group in self._groups).encode())

    def hold(self, group: int) -> None:
        """Answer for a process group from now on."""
        self._groups.add(group)
        self._write("+", group)

    def release(self, group: int) -> None:
        """The group has ended."""
        self._groups.discard(group)
        self._write("-", group)

    def close(self) -> None:
        """Let the process go; it ends what it still answers for."""
        os.close(self._pipe)
        self._process.wait()


if __name__ == "__main__":
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # it ends when the pipe does, not earlier
    end(watch(sys.stdin))
