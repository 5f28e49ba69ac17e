"""The officers to whose offline keys testimony is sealed, so that this server cannot open it.

``settings.KEYS_DIR`` holds ``officers`` (one line each: the public half of a key, then the name; nothing in
it is secret) and ``sealed_marks``, a secret that recognizes the same content without its SHA-256: a thief of
the database who has a document cannot find out whether we have it too.
"""

import contextlib
import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from recommendations.vault import keys

# One officer alone can lose a key, or be forced to hand it over unnoticed.
FEWEST = 2


@dataclass(frozen=True)
class Officer:
    """Somebody who can open what is sealed: a name, and the public half of a key (``age1…``)."""

    name: str
    key: str


def officers_file() -> Path:
    """Return the path of the list of officers."""
    return settings.KEYS_DIR / "officers"


def marks_file() -> Path:
    """Return the path of the secret that recognizes the same content."""
    return settings.KEYS_DIR / "sealed_marks"


def officers() -> list[Officer]:
    """Return the officers to whom testimony is sealed now, in the order in which they were named."""
    try:
        lines = keys.lines_of(officers_file().read_text())
    except FileNotFoundError:
        return []
    return [Officer(name.strip(), key) for key, _space, name in (line.partition(" ") for line in lines)]


def write_officers(named: Iterable[Officer]) -> None:
    """Write the list of officers. Raises: Locked for something that is not a key."""
    for one in named:
        keys.parse_recipient(one.key)
    text = "".join(f"{one.key} {one.name}\n" for one in named)
    keys.write_file(officers_file(), text.encode(), mode=0o600)


def too_few() -> bool:
    """Say whether sealing is switched on but there are too few officers to seal to."""
    return settings.SEALED_LEVEL and len(officers()) < FEWEST


def may_seal() -> bool:
    """Say whether testimony can be sealed here: it is switched on, and there are enough officers."""
    return settings.SEALED_LEVEL and len(officers()) >= FEWEST


def mark_of(sha256: str) -> str:
    """Return the mark of content, from its SHA-256; without the secret, it reveals nothing."""
    return _keyed("content", sha256.encode())


def known_mark_of(sha256: str) -> str:
    """Return the mark of content if anything was ever sealed here; else empty, and no secret is made."""
    return mark_of(sha256) if sha256 and marks_file().exists() else ""


def sealed_key(key: uuid.UUID) -> uuid.UUID:
    """Return the key that an item has when it is sealed, from the key that it would have otherwise.

    The latter is made of the SHA-256 and the name of the file, and somebody with the database could
    compare it with known documents.
    """
    return uuid.UUID(hex=_keyed("key", key.bytes)[:32])


def _keyed(what: str, data: bytes) -> str:
    return hmac.new(_secret(), what.encode() + b"\0" + data, hashlib.sha256).hexdigest()


def _secret() -> bytes:
    with contextlib.suppress(FileNotFoundError):
        return marks_file().read_bytes()
    with keys.changing():
        if not marks_file().exists():
            keys.write_file(marks_file(), secrets.token_hex(32).encode(), mode=0o400)
        return marks_file().read_bytes()
