"""Evidence bytes: received to a private spool, hashed on the way, published by one rename.

Lay-out under ``settings.EVIDENCE_DIR``: ``spool/<uuid>`` while a file comes in, then
``objects/ab/cd/<uuid>``, read-only, for ever the same bytes. The name a file came with is never part of
a path. ``publish`` and ``open_object`` are the only doors, so that sealing the bytes has one place.
A crash at any step leaves either a whole object or something that ``sweep`` takes away.
"""

import errno
import hashlib
import os
import re
import time
import uuid
import weakref
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.errors import Refused

CHUNK = 256 * 1024
# Left free on the disk for the database, so that a large upload does not stop the whole tracker.
RESERVE_BYTES = 64 * 1024 * 1024
OBJECT_NAME = re.compile(r"objects/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}")
SPOOL_NAME = re.compile(r"[0-9a-f]{32}")
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Damaged(Exception):
    """An object that is missing, or is not the bytes that were recorded."""


class Incoming:
    """A file on its way in: ``write`` the chunks, then ``publish`` or ``discard`` it."""

    def __init__(self, max_bytes=None):
        self.max_bytes = settings.EVIDENCE_MAX_BYTES if max_bytes is None else max_bytes
        self.size = 0
        self.path = _folder("spool") / uuid.uuid4().hex
        self._hash = hashlib.sha256()
        try:
            self._stream = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        except OSError as error:
            raise _cannot_keep(error) from error
        # A request that breaks off says so to nobody; what it had spooled goes with this object.
        weakref.finalize(self, self.path.unlink, missing_ok=True)

    @property
    def sha256(self):
        """The SHA-256 of what was written so far, in hexadecimal."""
        return self._hash.hexdigest()

    def write(self, chunk):
        """Take in a chunk.

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
            raise _cannot_keep(error) from error

    def finish(self):
        """Bring the bytes to the disk for good. Raises: Refused for an empty file or a full disk."""
        if self.size == 0:
            self.discard()
            raise Refused(_("This file is empty. Check the file and choose it again."))
        try:
            self._stream.flush()
            os.fsync(self._stream.fileno())
        except OSError as error:
            self.discard()
            raise _cannot_keep(error) from error

    def open(self):
        """Return the bytes as a stream to read from, while the file waits in the spool."""
        return open(self.path, "rb")

    def discard(self):
        """Take the spooled bytes away; once is as good as twice, and after ``publish`` it does nothing."""
        try:
            self._stream.close()
        except OSError:
            # Closing flushes, and a full disk refuses that too; the file goes away all the same.
            pass
        finally:
            self.path.unlink(missing_ok=True)


def receive(stream, *, max_bytes=None):
    """Read a stream into the spool.

    Args:
        stream: a binary file object.
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


def publish(incoming):
    """Move a finished file among the objects.

    Returns: the name of the object. Raises: Refused when the disk has no room.
    """
    name = incoming.path.name
    object_name = f"objects/{name[:2]}/{name[2:4]}/{name}"
    target = settings.EVIDENCE_DIR / object_name
    try:
        folder = _folder(os.path.dirname(object_name))
        os.chmod(incoming.path, 0o400)
        os.rename(incoming.path, target)
        for level in (folder, folder.parent, folder.parent.parent):
            _fsync_folder(level)
    except OSError as error:
        incoming.discard()
        target.unlink(missing_ok=True)
        raise _cannot_keep(error) from error
    incoming.discard()
    return object_name


def open_object(object_name):
    """Return the bytes of an object as a stream. Raises: Damaged when they are missing."""
    try:
        return open(_path(object_name), "rb")
    except OSError as error:
        raise Damaged(f"{object_name}: {error.strerror}") from error


def open_verified(object_name, *, size, sha256):
    """Return the bytes of an object, after checking that they are those recorded. Raises: Damaged."""
    stream = open_object(object_name)
    found_size = os.fstat(stream.fileno()).st_size
    if found_size != size or hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
        stream.close()
        raise Damaged(f"{object_name}: not the bytes that were recorded")
    stream.seek(0)
    return stream


def remove(object_name):
    """Take an object away for which no row was, or is any more, in the database."""
    _path(object_name).unlink(missing_ok=True)


def object_names(*, older_than=None):
    """Yield the name of every object on the disk; with ``older_than`` only those of that many seconds."""
    for path in sorted((settings.EVIDENCE_DIR / "objects").glob("*/*/*")):
        if older_than is None or _is_older(path, older_than):
            yield str(path.relative_to(settings.EVIDENCE_DIR))


def _is_older(path, seconds):
    """Say whether a file is there, and was written that long ago."""
    try:
        return path.stat().st_mtime <= time.time() - seconds
    except FileNotFoundError:
        # Taken away since the folder was listed.
        return False


def sweep(known, *, older_than):
    """Take away what a crash left: spooled files and objects that no row names.

    Args:
        known: the object names that rows hold.
        older_than: age in seconds below which a file may still belong to a request under way.

    Returns: the names that were taken away.
    """
    spooled = [f"spool/{path.name}" for path in _folder("spool").iterdir() if SPOOL_NAME.fullmatch(path.name)]
    orphans = [name for name in (*spooled, *object_names()) if name not in known]
    gone = [name for name in orphans if _is_older(settings.EVIDENCE_DIR / name, older_than)]
    for name in gone:
        (settings.EVIDENCE_DIR / name).unlink(missing_ok=True)
    return gone


def has_room_for(size):
    """Say whether ``size`` bytes fit on the disk with the reserve left free."""
    state = os.statvfs(_folder("spool"))
    return state.f_bavail * state.f_frsize >= size + RESERVE_BYTES


def no_room():
    """Return the sentence for a disk that is full."""
    return _(
        "The tracker’s disk is full, so this file could not be kept. What you typed is not lost. "
        "Tell your manager, and send the file again when there is room."
    )


def too_large():
    """Return the sentence for a file over the limit."""
    return _(
        "This file is larger than %(limit)s MB, the most that is kept. Send a shorter or smaller one."
    ) % {"limit": settings.EVIDENCE_MAX_BYTES // (1024 * 1024)}


def _cannot_keep(error):
    if error.errno in NO_SPACE:
        return Refused(no_room())
    return Refused(
        _("The tracker could not store this file (%(why)s). What you typed is not lost. Tell your manager.")
        % {"why": error.strerror}
    )


def _path(object_name):
    if not OBJECT_NAME.fullmatch(object_name):
        raise Damaged(f"{object_name!r} is not the name of an object")
    return settings.EVIDENCE_DIR / object_name


def _folder(name):
    folder = Path(settings.EVIDENCE_DIR) / name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _fsync_folder(folder):
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
