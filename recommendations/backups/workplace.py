"""Folders in which a backup lies open, unencrypted, while it is written or read.

Each is private, and its owner holds a lock on it, which the kernel releases when the process ends, for
whatever reason. A folder whose lock is free was left by a killed process, and is swept.
"""

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings

BACKUP, RESTORE = "backup", "restore"
LOCK = "lock"


@contextlib.contextmanager
def private_folder(kind: str) -> Iterator[Path]:
    """Yield a new folder that others leave alone; it is removed at the end.

    Args:
        kind: ``BACKUP`` or ``RESTORE``.
    """
    folder, handle = _made(kind)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(handle)


def _made(kind: str) -> tuple[Path, int]:
    """Make and lock a folder; try again if a sweep came between the two."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix=f".{kind}-"))
        handle = _locked(folder)
        if handle is not None:
            return folder, handle


def _locked(folder: Path) -> int | None:
    """Return the handle of the lock of a folder; None if another process holds it, or the folder is gone."""
    path = folder / LOCK
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if path.exists():
            return handle
    except BlockingIOError:
        pass
    os.close(handle)
    return None


def sweep() -> int:
    """Remove the unencrypted folders that killed backups and restores have left. Returns: how many."""
    return sum(1 for _folder in left(shutil.rmtree))


def left(act: Callable[[Path], object] = lambda _folder: None) -> Iterator[Path]:
    """Yield the unencrypted folders that killed backups and restores have left, each after ``act`` on it."""
    for kind in (BACKUP, RESTORE):
        for folder in settings.DATA_DIR.glob(f".{kind}-*"):
            handle = _locked(folder)
            if handle is not None:
                try:
                    act(folder)
                finally:
                    os.close(handle)
                yield folder
