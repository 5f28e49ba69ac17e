"""Encryption and decryption by age (X25519, ChaCha20-Poly1305 in chunks), in constant memory at any size."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyrage
from pyrage import x25519

from recommendations.vault import keys
from recommendations.vault.streams import Readable, ReadableFile, Writable
from recommendations.vault.trouble import Damaged


class Through:
    """Passes what is written to it on to ``target``, if there is one, and keeps the error if that fails."""

    def __init__(self, target: Writable | None = None) -> None:
        self.target = target
        self.error: OSError | None = None

    def write(self, chunk: bytes) -> int:
        """Take a chunk; an error of the target is kept, since pyrage passes on only its text."""
        if self.target is not None:
            try:
                self.target.write(chunk)
            except OSError as error:
                self.error = error
                raise
        return len(chunk)

    def flush(self) -> None:
        """Nothing is held back here."""


class Tee(Through):
    """Counts and hashes what passes through it."""

    def __init__(self, target: Writable | None = None) -> None:
        super().__init__(target)
        self.size, self.hash = 0, hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        """Take a chunk."""
        self.size += len(chunk)
        self.hash.update(chunk)
        return super().write(chunk)

    @property
    def sha256(self) -> str:
        """The SHA-256 of what passed through, in hexadecimal."""
        return self.hash.hexdigest()


def encrypt(source: Readable, path: Path, recipients: Sequence[x25519.Recipient]) -> None:
    """Encrypt a stream into a new file that is synced to the disk when this returns.

    Raises: OSError when the disk fails; no file is left then.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as target:
            through = Through(target)
            try:
                pyrage.encrypt_io(source, through, recipients)
            except pyrage.EncryptError as error:
                raise through.error or OSError(str(error)) from error
            target.flush()
            os.fsync(target.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def decrypt(
    source: Readable, target: Writable | None, own: Sequence[x25519.Identity], name: str
) -> tuple[int, str]:
    """Open an encrypted stream.

    Args:
        source: what ``encrypt`` wrote.
        target: where the bytes go, or None only to hash them. They must not be used before this returns:
            age lets chunks through before it has seen the end.
        name: what the object is called in messages.

    Returns: (size, SHA-256) of the bytes.

    Raises: Damaged, also if no identity fits; OSError when ``target`` refuses.
    """
    tee = Tee(target)
    try:
        pyrage.decrypt_io(source, tee, own)
    except (pyrage.DecryptError, OSError) as error:
        # pyrage passes on the words of an error alone.
        if broken := tee.error or getattr(source, "broken", None):
            raise broken from error
        if isinstance(error, pyrage.DecryptError):
            raise Damaged(f"{name}: {error}") from error
        raise Damaged(f"{name}: {error.strerror or error}") from error
    return tee.size, tee.sha256


def copy(source: ReadableFile, target: Writable | None) -> tuple[int, str]:
    """Copy an object from before there was encryption. Returns: (size, SHA-256)."""
    tee = Tee(target)
    with closing(source):
        while chunk := source.read(256 * 1024):
            tee.write(chunk)
    return tee.size, tee.sha256


def decrypt_own(source: Readable, target: Writable | None, name: str) -> tuple[int, str]:
    """Open an encrypted stream with the server's key. Raises: as ``decrypt``, and Locked for a wrong key."""
    own = keys.identities()
    try:
        return decrypt(source, target, own, name)
    except Damaged:
        # A header that no key opens may be damaged, or the key may be another one.
        keys.check()
        raise
