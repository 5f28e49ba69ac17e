"""Objects: encrypted once, put in place with one rename, opened and checked, removed when no row is left."""

import logging
import os
import re
import time
import uuid
from collections.abc import Container, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from recommendations.errors import Refused
from recommendations.vault import encryption, keys
from recommendations.vault.spool import Incoming, folder, scratch
from recommendations.vault.storage import Encrypted, save_over, store
from recommendations.vault.streams import Readable, ReadableFile, Writable
from recommendations.vault.trouble import Damaged, Locked, Unreachable, cannot_keep, no_key

OBJECT_NAME = re.compile(r"objects/[0-9a-f]{2}/[0-9a-f]{2}/[0-9a-f]{32}")
SPOOL_NAME = re.compile(r"[0-9a-f]{32}(\.age)?")
ENCRYPTED = ".age"

logger = logging.getLogger(__name__)


def publish(incoming: Incoming) -> str:
    """Encrypt a finished file, put it among the objects and read it again.

    Args:
        incoming: a finished ``Incoming``; its spooled bytes are removed here.

    Returns: the name of the object, which rows store.

    Raises: Refused when the disk has no room, the key is not in order, or what was written cannot be read
    back unchanged.
    """
    name = incoming.name
    object_name = f"objects/{name[:2]}/{name[2:4]}/{name}"
    try:
        with incoming.open() as source:
            put(object_name, source)
        verify(object_name, size=incoming.size, sha256=incoming.sha256)
    except BaseException as error:
        incoming.discard()
        remove(object_name)
        raise _refusal(error) from error
    incoming.discard()
    return object_name


def _refusal(error: BaseException) -> BaseException:
    """Return the refusal for an error while a file was encrypted; any other error as it is."""
    if isinstance(error, OSError):
        return cannot_keep(error)
    if isinstance(error, Locked):
        return Refused(no_key())
    return cannot_keep(OSError(str(error))) if isinstance(error, Damaged) else error


def put(object_name: str, source: Readable) -> None:
    """Encrypt a stream to the current recipients, overwriting what is stored under this name.

    Raises: OSError; Locked.
    """
    draft = folder("spool") / f"{uuid.uuid4().hex}{ENCRYPTED}"
    with keys.steady() as recipients:
        encryption.encrypt(source, draft, recipients)
        try:
            with open(draft, "rb") as encrypted:
                save_over(object_name + ENCRYPTED, Encrypted(encrypted, name=str(draft)))
        finally:
            draft.unlink(missing_ok=True)


def open_object(object_name: str) -> BinaryIO:
    """Return the bytes of an object as a stream, in a file without a name that is deleted with it.

    Raises: Damaged when they are missing or changed; Locked, which is a ``Damaged``, when the key or the
    room to open them is missing.
    """
    return _opened(object_name)[0]


def open_verified(object_name: str, *, size: int, sha256: str) -> BinaryIO:
    """Return the bytes of an object, after checking that they are those recorded.

    Raises: as ``open_object``.
    """
    stream, *found = _opened(object_name)
    if found != [size, sha256]:
        stream.close()
        raise Damaged(f"{object_name}: not the bytes that were recorded")
    return stream


def verify(object_name: str, *, size: int, sha256: str) -> None:
    """Open an object and compare it with what was recorded; nothing is stored. Raises: as ``open_object``."""
    if read_into(None, object_name) != (size, sha256):
        raise Damaged(f"{object_name}: not the bytes that were recorded")


def _opened(object_name: str) -> tuple[BinaryIO, int, str]:
    stream = scratch()
    try:
        size, sha256 = read_into(stream, object_name)
        stream.seek(0)
    except OSError as error:
        stream.close()
        raise Locked(f"{object_name} cannot be opened now: {error.strerror or error}") from error
    except BaseException:
        stream.close()
        raise
    return stream, size, sha256


def read_into(target: Writable | None, object_name: str) -> tuple[int, str]:
    """Write the bytes of an object to ``target``, or only hash them if it is None.

    Returns: (size, SHA-256). Raises: Damaged; Locked; OSError when ``target`` refuses.
    """
    encrypted = is_encrypted(object_name)
    with closing(_raw(object_name, encrypted)) as source:
        if encrypted:
            return encryption.decrypt_own(source, target, object_name)
        return encryption.copy(source, target)


def _raw(object_name: str, encrypted: bool) -> ReadableFile:
    try:
        return store().open(object_name + ENCRYPTED if encrypted else object_name, "rb")
    except Unreachable:
        raise
    except OSError as error:
        raise Damaged(f"{object_name}: {error.strerror or error}") from error


def stored_name(object_name: str) -> str:
    """Return the name under which the storage holds an object: with the ending if it is encrypted."""
    return object_name + ENCRYPTED if is_encrypted(object_name) else object_name


def is_encrypted(object_name: str) -> bool:
    """Say whether an object is encrypted; those from before there was encryption are not. Raises: Damaged."""
    checked(object_name)
    return store().exists(object_name + ENCRYPTED) or not store().exists(object_name)


def checked(object_name: str) -> str:
    """Return the name if it is a name of an object. Raises: Damaged."""
    if not OBJECT_NAME.fullmatch(object_name):
        raise Damaged(f"{object_name!r} is not the name of an object")
    return object_name


def remove(object_name: str) -> None:
    """Remove an object that no row in the database names, or names any more.

    If the storage does not answer, the object is left to the sweep, which finds it because no row names it;
    the decision of the caller is already committed.
    """
    try:
        take_away(object_name)
    except Unreachable as error:
        logger.warning("%s is left for the sweep to remove: %s", object_name, error)


def take_away(object_name: str) -> None:
    """Remove an object now. Raises: Unreachable."""
    checked(object_name)
    store().delete(object_name + ENCRYPTED)
    store().delete(object_name)


def object_names(*, older_than: float | None = None) -> Iterator[str]:
    """Yield the name of every object; with ``older_than``, only those older than that many seconds."""
    for stored in stored_names():
        if older_than is None or _is_older(stored, older_than):
            yield stored.removesuffix(ENCRYPTED)


def stored_names() -> Iterator[str]:
    """Yield the names under which the storage holds objects, in order."""
    # A storage that is asked over a network lists everything at once.
    names_below = getattr(store(), "names_below", None)
    for stored in names_below("objects") if names_below else _walk():
        if OBJECT_NAME.fullmatch(stored.removesuffix(ENCRYPTED)):
            yield stored


def _walk() -> Iterator[str]:
    for first in _folders("objects"):
        for second in _folders(first):
            yield from (f"{second}/{name}" for name in sorted(store().listdir(second)[1]))


def _folders(name: str) -> list[str]:
    try:
        return [f"{name}/{folder}" for folder in sorted(store().listdir(name)[0])]
    except FileNotFoundError:
        return []


def anything_encrypted() -> bool:
    """Say whether there is an encrypted object."""
    return any(stored.endswith(ENCRYPTED) for stored in stored_names())


def _is_older(stored: str, seconds: float) -> bool:
    """Say whether an object is there, and was written at least that long ago."""
    try:
        return store().get_modified_time(stored).timestamp() <= time.time() - seconds
    except FileNotFoundError:
        # Taken away since the folder was listed.
        return False


def sweep(known: Container[str], *, older_than: float) -> list[str]:
    """Remove what a crash left: spooled files and objects that no row names.

    Args:
        known: the object names that rows hold.
        older_than: age in seconds below which a file may still belong to a running request.

    Returns: the names that were removed.
    """
    gone = []
    for path in folder("spool").iterdir():
        if SPOOL_NAME.fullmatch(path.name) and _lies_since(path, older_than):
            path.unlink(missing_ok=True)
            gone.append(f"spool/{path.name}")
    for stored in list(stored_names()):
        name = stored.removesuffix(ENCRYPTED)
        if name not in known and _is_older(stored, older_than):
            take_away(name)
            gone.append(name)
    return gone


def leftovers(known: Container[str], *, older_than: float) -> Iterator[tuple[str, float]]:
    """Yield (name, age in seconds) of what ``sweep`` would remove. Raises: Unreachable.

    Args:
        known, older_than: as for ``sweep``.
    """
    for path in folder("spool").iterdir():
        if SPOOL_NAME.fullmatch(path.name) and _lies_since(path, older_than):
            yield f"spool/{path.name}", _age(path)
    for stored in stored_names():
        name = stored.removesuffix(ENCRYPTED)
        if name not in known and _is_older(stored, older_than):
            yield name, time.time() - store().get_modified_time(stored).timestamp()


def _lies_since(path: Path, seconds: float) -> bool:
    return _age(path) >= seconds


def _age(path: Path) -> float:
    """Return how many seconds ago a file was written; None if it is gone."""
    try:
        return time.time() - os.stat(path).st_mtime
    except FileNotFoundError:
        return -1
