"""Encrypting stored objects: to other keys, or for the first time. Nothing is lost on the way.

The list of objects is written to ``settings.KEYS_DIR`` before the first is encrypted, and each finished
object is written down after it; so a run that was killed continues where it ended. Doing an object twice does
no harm.
"""

import tempfile
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from pyrage import x25519

from recommendations.vault import encryption, keys
from recommendations.vault.objects import ENCRYPTED, checked, object_names, stored_name, stored_names
from recommendations.vault.spool import folder
from recommendations.vault.storage import Encrypted, save_over, store
from recommendations.vault.trouble import Damaged


def todo_file() -> Path:
    """Return the path of the list of objects to encrypt again."""
    return settings.KEYS_DIR / "reseal_todo"


def done_file() -> Path:
    """Return the path of the list of those that are done."""
    return settings.KEYS_DIR / "reseal_done"


def begin(change: Callable[[], object]) -> None:
    """Change the keys and note that every object there is must be encrypted again.

    Args:
        change: called while nothing can be encrypted; writes key files.
    """
    with keys.changing():
        done_file().unlink(missing_ok=True)
        # The list first: killed after it, too much is encrypted again; killed before it, nothing has changed.
        keys.write_file(todo_file(), "".join(f"{name}\n" for name in _names()).encode(), mode=0o600)
        change()
        keys.write_probe()


def is_unfinished() -> bool:
    """Say whether a run was begun and not ended."""
    return todo_file().exists()


def left() -> list[str]:
    """Return the names of the objects that are still to be encrypted again, in order."""
    done = set(_lines(done_file()))
    return [name for name in _lines(todo_file()) if name not in done]


def unencrypted() -> list[str]:
    """Return the names of the stored objects that are unencrypted, from before there was encryption."""
    return [stored for stored in stored_names() if not stored.endswith(ENCRYPTED)]


def mark_done(object_name: str) -> None:
    """Note that an object is done."""
    with open(done_file(), "a", encoding="ascii") as stream:
        stream.write(f"{object_name}\n")


def finish() -> None:
    """End a run in which nothing is left to do."""
    todo_file().unlink(missing_ok=True)
    done_file().unlink(missing_ok=True)


def reencrypt(
    object_name: str, *, expected: tuple[int, str] | None = None, own: Sequence[x25519.Identity] | None = None
) -> None:
    """Encrypt one object to the current recipients; the old one stays until the new one is compared.

    Args:
        expected: (size, SHA-256) that a row recorded, or None if no row names the object.
        own: identities that open it; by default the server's.

    Raises: Damaged when it is not what was recorded: it is left as it is. Locked. OSError.
    """
    checked(object_name)
    with tempfile.TemporaryFile(dir=folder("spool")) as plain:
        found = _read(object_name, plain, own or keys.identities(), expected)
        if found is None:
            return  # removed meanwhile
        plain.seek(0)
        draft = folder("spool") / f"{uuid.uuid4().hex}{ENCRYPTED}"
        try:
            with keys.steady() as recipients:
                encryption.encrypt(plain, draft, recipients)
                _put_in_place(object_name, draft, found)
        finally:
            draft.unlink(missing_ok=True)
    store().delete(object_name)


def fingerprint(object_name: str, own: Sequence[x25519.Identity]) -> tuple[int, str]:
    """Return (size, SHA-256) of what identities find in an object; nothing is stored. Raises: Damaged."""
    stored = stored_name(object_name)
    try:
        return _copy(stored, None, own, object_name)
    except FileNotFoundError as error:
        raise Damaged(f"{object_name}: {error.strerror}") from error


def _put_in_place(object_name: str, draft: Path, found: tuple[int, str]) -> None:
    """Replace the object with an encrypted draft, after reading the draft with the key that will open it."""
    with open(draft, "rb") as encrypted:
        if encryption.decrypt(encrypted, None, keys.identities(), object_name) != found:
            raise Damaged(f"{object_name}: after encrypting it again, it could not be read back unchanged")
        encrypted.seek(0)
        save_over(object_name + ENCRYPTED, Encrypted(encrypted, name=str(draft)))


def _read(
    object_name: str, plain: BinaryIO, own: Sequence[x25519.Identity], expected: tuple[int, str] | None
) -> tuple[int, str] | None:
    """Write the bytes to ``plain``: of the encrypted object, or of one from before there was encryption.

    If a run was killed between the two, both are there; the encrypted one counts if it is whole.
    Returns: (size, SHA-256), or None if neither is there.
    """
    damage = None
    for stored in (object_name + ENCRYPTED, object_name):
        if not store().exists(stored):
            continue
        plain.seek(0)
        plain.truncate()
        try:
            found = _copy(stored, plain, own, object_name)
            if expected in (None, found):
                return found
            damage = Damaged(f"{object_name}: not the bytes that were recorded")
        except Damaged as error:
            damage = error
    if damage:
        raise damage
    return None


def _copy(
    stored: str, plain: BinaryIO | None, own: Sequence[x25519.Identity], object_name: str
) -> tuple[int, str]:
    with closing(store().open(stored, "rb")) as source:
        if stored.endswith(ENCRYPTED):
            return encryption.decrypt(source, plain, own, object_name)
        return encryption.copy(source, plain)


def _names() -> list[str]:
    return sorted(set(object_names()))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
