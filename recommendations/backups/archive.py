"""A tar file inside an age file, written and read as a stream, in flat memory whatever the size."""

import contextlib
import errno
import hashlib
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, TypedDict

import pyrage
from pyrage import x25519

from recommendations.vault.streams import Readable

BUFFER = 1024 * 1024
# What an archive holds beside its database and objects; the manifest comes last.
FORMAT = 1
MANIFEST, RECOVERY, HEADS = "manifest.json", "recovery_recipients", "chain-heads.txt"
OFFICERS, MARKS = "officers", "sealed_marks"


class Unreadable(Exception):
    """An archive that cannot be opened, or that is not whole; ``str()`` is a sentence."""


class Member(TypedDict):
    """What a manifest says about one member: its bytes, encrypted as stored."""

    size: int
    sha256: str


class Manifest(TypedDict):
    """What a backup says about itself; ``counts`` to ``migrations`` as in ``dumps.Content``."""

    format: int
    made_at: str
    left_out: list[str]
    counts: dict[str, int]
    objects: dict[str, list[Any]]
    head: list[Any]
    migrations: list[str]
    members: dict[str, Member]


# Called with name and bytes of each member.
type Take = Callable[[str, IO[bytes]], object]


class Counting:
    """Reads from a stream and hashes what passes through."""

    def __init__(self, stream: Readable) -> None:
        self.stream, self.size, self._hash = stream, 0, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        chunk = self.stream.read(size)
        self.size += len(chunk)
        self._hash.update(chunk)
        return chunk

    @property
    def sha256(self) -> str:
        """The SHA-256 of what passed through, in hexadecimal."""
        return self._hash.hexdigest()


class Writer:
    """Adds members to an archive; ``members`` is {name: {size, sha256}} of what was added."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self.tar = tar
        self.members: dict[str, Member] = {}

    def add(self, name: str, stream: Readable, size: int) -> None:
        """Add a member of exactly ``size`` bytes. Raises: OSError when the stream ends before."""
        counting = Counting(stream)
        info = tarfile.TarInfo(name)
        info.size, info.mode = size, 0o600
        self.tar.addfile(info, counting)
        self.members[name] = Member(size=counting.size, sha256=counting.sha256)

    def add_bytes(self, name: str, content: bytes) -> None:
        """Add a member that is held in memory."""
        self.add(name, io.BytesIO(content), len(content))


@contextlib.contextmanager
def writing(path: Path, recipients: Sequence[x25519.Recipient]) -> Iterator[Writer]:
    """Write an archive; it gets its name only when it is complete and synced to the disk.

    Args:
        path: a file that must not exist yet.
        recipients: whom it is encrypted to.

    Yields: a ``Writer``. Raises: OSError.
    """
    if path.exists():
        raise FileExistsError(errno.EEXIST, "It exists already, and no backup is overwritten", str(path))
    draft = path.with_name(f"{path.name}.part")
    target = os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    try:
        with (
            target,
            _piped(lambda source: pyrage.encrypt_io(source, target, recipients)) as sink,
            tarfile.open(fileobj=sink, mode="w|", format=tarfile.PAX_FORMAT, bufsize=BUFFER) as tar,
        ):
            yield Writer(tar)
        with open(draft, "rb") as written:
            os.fsync(written.fileno())
        os.rename(draft, path)
    finally:
        draft.unlink(missing_ok=True)


@contextlib.contextmanager
def _piped(work: Callable[[IO[bytes]], object]) -> Iterator[IO[bytes]]:
    """Yield a stream to write to, which ``work`` reads in a thread; its error is raised at the end."""
    reader, writer = (os.fdopen(end, mode, BUFFER) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    failed: list[Exception] = []

    def run() -> None:
        try:
            with reader:
                work(reader)
        except (pyrage.EncryptError, OSError) as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        with writer:
            yield writer
    except BrokenPipeError as error:
        thread.join()
        raise OSError(errno.EIO, str(failed[0] if failed else error)) from error
    finally:
        thread.join()
    if failed:
        raise OSError(errno.EIO, str(failed[0]))


def read(path: Path, own: Sequence[x25519.Identity], take: Take) -> None:
    """Read an archive to its end.

    Args:
        own: the identities of the recovery key.
        take: called for each member, in order.

    Raises: Unreadable when no identity opens it, or it is incomplete, changed or not an archive. What
    ``take`` was given before must not be used then.
    """
    reader, writer = (os.fdopen(end, mode, BUFFER) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    failed: list[Exception] = []

    def run() -> None:
        try:
            with open(path, "rb") as source, writer:
                pyrage.decrypt_io(source, writer, own)
        except (pyrage.DecryptError, OSError) as error:
            failed.append(error)
            with contextlib.suppress(OSError):
                writer.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        _take_all(reader, take)
    except (tarfile.TarError, EOFError) as error:
        reader.close()
        thread.join()
        raise Unreadable(_why(failed[0] if failed else error)) from error
    finally:
        reader.close()
        thread.join()
    if failed:
        raise Unreadable(_why(failed[0]))


def _take_all(reader: IO[bytes], take: Take) -> None:
    with tarfile.open(fileobj=reader, mode="r|", bufsize=BUFFER) as tar:
        for info in tar:
            member = tar.extractfile(info) if info.isfile() else None
            if member is None:
                raise Unreadable(f"The backup holds {info.name!r}, which is not an ordinary file.")
            take(info.name, member)
    while reader.read(BUFFER):  # to the end, where age says that nothing is missing
        pass


def _why(error: Exception) -> str:
    if "No matching keys" in str(error):
        return "This key does not open the backup, which was made for another recovery key."
    return f"The file is incomplete, was changed, or is not a backup ({error})."
