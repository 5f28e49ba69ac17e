"""Where files arrive: a private folder; each is hashed on the way, and stopped at the limit."""

import errno
import hashlib
import logging
import os
import tempfile
import uuid
import weakref
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.errors import Refused
from recommendations.vault import keys
from recommendations.vault.streams import Readable
from recommendations.vault.trouble import Locked, cannot_keep, no_key, too_large

CHUNK = 256 * 1024
# Left free on the disk for the database, so that a large upload does not stop the whole tracker.
RESERVE_BYTES = 64 * 1024 * 1024
# A file lies on the disk twice while it is encrypted.
COPIES = 2
# Where Linux lets a process open again what it holds open.
DESCRIPTORS = Path("/proc/self/fd")

logger = logging.getLogger(__name__)


class Incoming:
    """A file on its way in: ``write`` the chunks, then ``publish`` or ``discard`` it.

    Raises: Refused when the disk has no room, or the key to encrypt it is missing.
    """

    def __init__(self, max_bytes: int | None = None) -> None:
        try:
            keys.check()
        except Locked as locked:
            logger.error("No evidence can be added: %s", locked)
            raise Refused(no_key()) from locked
        self.max_bytes = settings.EVIDENCE_MAX_BYTES if max_bytes is None else max_bytes
        self.size = 0
        self.name = uuid.uuid4().hex
        self.path = folder("spool") / self.name
        self._hash = hashlib.sha256()
        try:
            self._stream = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
            self.has_name = not nameless()
            if not self.has_name:
                self.path.unlink()
                self.path = DESCRIPTORS / str(self._stream.fileno())
        except OSError as error:
            raise cannot_keep(error) from error
        if self.has_name:
            # A request that breaks off says so to nobody; what it had spooled goes with this object.
            weakref.finalize(self, self.path.unlink, missing_ok=True)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written so far, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Write a chunk.

        Raises: Refused past the limit, or when the disk has no room; nothing is left behind then.
        """
        self.size += len(chunk)
        if self.size > self.max_bytes:
            self.discard()
            raise Refused(too_large())
        self._hash.update(chunk)
        try:
            self._stream.write(chunk)
        except OSError as error:
            self.discard()
            raise cannot_keep(error) from error

    def finish(self) -> None:
        """Sync the bytes to the disk. Raises: Refused for an empty file or a full disk."""
        if self.size == 0:
            self.discard()
            raise Refused(_("This file is empty. Check the file and choose it again."))
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except OSError as error:
            self.discard()
            raise cannot_keep(error) from error

    def open(self) -> BinaryIO:
        """Return the bytes as a stream to read from, while the file waits in the spool."""
        if self._stream.closed:
            # The number of its descriptor may be that of another file by now.
            raise FileNotFoundError(errno.ENOENT, "it was removed", self.name)
        return open(self.path, "rb")

    def discard(self) -> None:
        """Remove the spooled bytes; calling it twice is harmless, and after ``publish`` it does nothing."""
        try:
            self._stream.close()
        except OSError:
            # Closing flushes, and a full disk refuses that too; the file goes away all the same.
            pass
        finally:
            if self.has_name:
                self.path.unlink(missing_ok=True)


def nameless() -> bool:
    """Say whether files have no name in the spool, so that a crash leaves nothing of testimony.

    The system then knows the file only by its descriptor, and frees its room when the process ends.
    """
    return settings.SEALED_LEVEL and DESCRIPTORS.exists()


def receive(stream: Readable, *, max_bytes: int | None = None) -> Incoming:
    """Read a stream into the spool.

    Args:
        max_bytes: the limit, by default ``settings.EVIDENCE_MAX_BYTES``.

    Returns: a finished ``Incoming`` with ``size`` and ``sha256``.

    Raises: Refused when empty, over the limit, or when the disk has no room.
    """
    incoming = Incoming(max_bytes)
    try:
        while chunk := stream.read(CHUNK):
            incoming.write(chunk)
        incoming.finish()
    except BaseException:
        incoming.discard()
        raise
    return incoming


def scratch() -> BinaryIO:
    """Return a file without a name in the spool; nothing of it is left, however the process ends."""
    return tempfile.TemporaryFile(dir=folder("spool"))


def has_room_for(size: int) -> bool:
    """Say whether ``size`` bytes fit on the disk with the reserve left free."""
    state = os.statvfs(folder("spool"))
    return state.f_bavail * state.f_frsize >= COPIES * size + RESERVE_BYTES


def folder(name: str) -> Path:
    """Return a folder of the vault, made if it was missing."""
    path = Path(settings.EVIDENCE_DIR) / name
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path
