"""Folders in which a backup lies open, unencrypted, while it is written or read.

Each is private, and its owner holds a lock on it, which the kernel lets go when the process ends, however
that comes. A folder whose lock is free was left by one that was killed, and is swept.
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
    """Yield a new folder that others leave alone; nothing is left of it in the end.

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
    """Make and lock a folder; again, where a sweep came between the two."""
    while True:
        folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix=f".{kind}-"))
        handle = _locked(folder)
        if handle is not None:
            return folder, handle


def _locked(folder: Path) -> int | None:
    """Return the handle of the lock of a folder; None where another holds it, or the folder is gone."""
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
    """Take away what killed backups and restores have left lying open. Returns: how many folders."""
    return sum(1 for _folder in left(shutil.rmtree))


def left(act: Callable[[Path], object] = lambda _folder: None) -> Iterator[Path]:
    """Yield the folders that killed backups and restores have left lying open, each after ``act`` on it."""
    for kind in (BACKUP, RESTORE):
        for folder in settings.DATA_DIR.glob(f".{kind}-*"):
            handle = _locked(folder)
            if handle is not None:
                try:
                    act(folder)
                finally:
                    os.close(handle)
                yield folder
