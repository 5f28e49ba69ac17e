"""Shows whether workers of a web server are frozen: stopped, or stuck where no other thread of theirs runs.

Each worker writes the time into a file of its own while it lives. A web server starts a worker again that
has ended, but knows nothing of one that is frozen, and would not replace it: whoever watches it ends it.
"""

import contextlib
import fcntl
import logging
import os
import signal
import threading
import time
from pathlib import Path

logger = logging.getLogger(__name__)

FOLDER = "WEB_BEATS_DIR"  # the variable by which a worker is told where its file belongs
EVERY, PATIENCE = 2.0, 30.0  # seconds between two beats, and after how many without any a worker is ended


def begin() -> None:
    """Beat from now on, in a thread, where somebody watches."""
    folder = os.environ.get(FOLDER)
    if folder:
        threading.Thread(target=_beat, args=[Path(folder) / str(os.getpid())], daemon=True).start()


def _beat(path: Path) -> None:
    # The kernel holds the lock for as long as the process lives: a number is never taken for that of another.
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    while True:
        # Not the time of day: after a night in which the computer slept nobody is late.
        os.pwrite(descriptor, f"{time.monotonic():020.3f}".encode(), 0)
        time.sleep(EVERY)


def end_frozen(folder: Path, patience: float = PATIENCE) -> list[int]:
    """Kill the workers that have not beaten for ``patience`` seconds.

    Returns: their numbers. What dead ones have left is removed.
    """
    return [int(path.name) for path in sorted(folder.iterdir()) if _is_ended(path, patience)]


def _is_ended(path: Path, patience: float) -> bool:
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            last = file.read()
            if not last or time.monotonic() - float(last) <= patience:
                return False
            logger.error("Worker %s of the web server is frozen; killing it.", path.name)
            with contextlib.suppress(ProcessLookupError):  # it ended in this moment
                os.kill(int(path.name), signal.SIGKILL)
            return True
        if time.time() - path.stat().st_mtime > patience:  # not one that is about to lock it
            path.unlink()
        return False
