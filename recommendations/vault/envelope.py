"""The envelope of testimony: a tar file in an age file that nobody but the named officers can open.

Made as a stream, in constant memory, from content that is read once. It holds the file, what is known about
it, and a manifest for ``sha256sum -c``. An officer needs only the programs age and tar to open it.
"""

import hashlib
import json
import logging
import tarfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

import pyrage
from pyrage import x25519

from recommendations.errors import Refused
from recommendations.vault import keys, officers
from recommendations.vault.spool import CHUNK, Incoming
from recommendations.vault.streams import Readable
from recommendations.vault.trouble import Locked, cannot_keep, not_sealed

logger = logging.getLogger(__name__)

ABOUT, MANIFEST = "about.json", "manifest-sha256.txt"
# What the tar and age files add to the largest file that is taken in.
ROOM = 4 * 1024 * 1024
SEALED_TYPE = "application/x-age"
# The longest name that a folder takes everywhere, in bytes: Linux takes 255, an encrypted home folder 143.
NAME_BYTES = 140
# What Windows takes in no name.
UNFIT = str.maketrans(dict.fromkeys('<>:"|?*', "_"))
# The first bytes of every age file.
AGE_HEAD = b"age-encryption.org/v1\n"


class SealedFields(TypedDict):
    """What rows record about an envelope; the name, type and SHA-256 of the content are not in it."""

    original_name: str
    content_type: str
    size: int
    sha256: str
    is_sealed: bool
    sealed_to: list[dict[str, str]]
    content_mark: str


def enclose(
    content: Readable,
    *,
    key: UUID,
    about: Mapping[str, Any],
    now: datetime,
    named: Sequence[officers.Officer] | None = None,
) -> tuple[UUID, Incoming, SealedFields]:
    """Put content into an envelope that only officers can open.

    Args:
        content: a stream, read to its end.
        key: the key of the item that it would become unsealed.
        about: what is known about it, as JSON values, for the officers: ``size`` and ``sha256``, which the
            content must have, since nobody here can look into the envelope later; ``original_name``, which
            the file has inside, as far as an officer's computer accepts it as a name.
        named: which officers; by default the current ones, of whom there must be enough.

    Returns: (key, incoming, known): the key of the sealed item; a finished ``Incoming`` with the ciphertext;
    what rows record of it.

    Raises: Refused, also where sealing is switched off or there are too few officers.
    """
    if named is None and not officers.may_seal():
        raise Refused(not_sealed())
    named = officers.officers() if named is None else named
    recipients, key = _recipients(named), officers.sealed_key(key)
    sealed_to = [{"name": one.name, "key": one.key} for one in named]
    told = {"format": 1, "key": str(key), **about, "sealed_at": now.isoformat(), "sealed_to": sealed_to}
    source = Pulled(_tar(_folder(key), told, content, int(now.timestamp())))
    incoming = _encrypted(source, recipients, about["size"])
    known: SealedFields = {
        "original_name": f"{_folder(key)}.tar.age",
        "content_type": SEALED_TYPE,
        "size": incoming.size,
        "sha256": incoming.sha256,
        "is_sealed": True,
        "sealed_to": sealed_to,
        "content_mark": officers.mark_of(about["sha256"]),
    }
    return key, incoming, known


def _recipients(named: Iterable[officers.Officer]) -> list[x25519.Recipient]:
    """Return the keys of officers. Raises: Refused."""
    try:
        return [keys.parse_recipient(one.key) for one in named]
    except Locked as locked:
        logger.error(
            "Nothing can be sealed: %s holds something that is not a key. %s",
            officers.officers_file(),
            locked,
        )
        raise Refused(not_sealed()) from locked


def _encrypted(source: "Pulled", recipients: list[x25519.Recipient], size: int) -> Incoming:
    """Return a finished ``Incoming`` with the ciphertext. Raises: Refused."""
    incoming = Incoming(size + size // 8 + ROOM)
    target = Kept(incoming)
    try:
        pyrage.encrypt_io(source, target, recipients)
        incoming.finish()
    except BaseException as error:
        incoming.discard()
        # pyrage passes on the words of an error alone.
        raise _refusal(source.error or target.error or error) from error
    return incoming


def _refusal(error: BaseException) -> BaseException:
    if isinstance(error, pyrage.EncryptError):
        return cannot_keep(OSError(str(error)))
    return cannot_keep(error) if isinstance(error, OSError) else error


class Kept:
    """Writes into an ``Incoming``, and keeps the error if that fails."""

    def __init__(self, incoming: Incoming) -> None:
        self.incoming = incoming
        self.error: Refused | None = None

    def write(self, chunk: bytes) -> int:
        """Take a chunk."""
        try:
            self.incoming.write(chunk)
        except Refused as error:
            self.error = error
            raise
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back here."""


class Pulled:
    """A stream to read from, over an iterator of bytes; keeps the error of the iterator."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self.chunks, self.rest = chunks, b""
        self.error: Exception | None = None

    def read(self, size: int | None = -1) -> bytes:
        """Return the next bytes, ``size`` at most; none at the end."""
        try:
            while not self.rest:
                self.rest = next(self.chunks)
        except StopIteration:
            return b""
        except Exception as error:
            self.error = error
            raise
        size = len(self.rest) if size is None or size < 0 else size
        chunk, self.rest = self.rest[:size], self.rest[size:]
        return chunk


def _folder(key: UUID) -> str:
    return f"sealed-{key.hex[:8]}"


def _fit(name: str) -> str:
    """Return a name with which tar can unpack a file on every computer; ``about.json`` has the whole name."""
    stem, dot, extension = name.translate(UNFIT).rpartition(".")
    if not stem or len(extension) > 10:
        stem, dot, extension = stem + dot + extension, "", ""
    end = f"{dot}{extension}"
    return stem.encode()[: NAME_BYTES - len(end.encode())].decode(errors="ignore").rstrip() + end


def _tar(folder: str, told: Mapping[str, Any], stream: Readable, mtime: int) -> Iterator[bytes]:
    """Yield the tar file."""
    about = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    inside = f"file/{_fit(told['original_name'])}"
    lines = [(hashlib.sha256(about).hexdigest(), ABOUT), (told["sha256"], inside)]
    manifest = "".join(f"{found}  {name}\n" for found, name in lines).encode()
    written = 0
    parts: list[tuple[str, int, Iterable[bytes]]] = [
        (ABOUT, len(about), [about]),
        (MANIFEST, len(manifest), [manifest]),
        (inside, told["size"], _compared(stream, told["size"], told["sha256"])),
    ]
    for name, size, chunks in parts:
        header = _header(f"{folder}/{name}", size, mtime)
        yield header
        yield from chunks
        padding = -size % tarfile.BLOCKSIZE
        yield bytes(padding)
        written += len(header) + size + padding
    end = 2 * tarfile.BLOCKSIZE
    yield bytes(end + -(written + end) % tarfile.RECORDSIZE)


def _header(name: str, size: int, mtime: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, mtime
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _compared(stream: Readable, size: int, sha256: str) -> Iterator[bytes]:
    """Yield content, and refuse it at its end if its size or hash is not as recorded."""
    seen, found = 0, hashlib.sha256()
    while chunk := stream.read(CHUNK):
        seen += len(chunk)
        found.update(chunk)
        yield chunk
    if (seen, found.hexdigest()) != (size, sha256):
        raise cannot_keep(OSError("it changed while it was being sealed"))
