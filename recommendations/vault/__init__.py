"""Evidence bytes: received into a private spool, hashed on the way, encrypted, put in place with one rename.

Layout under ``settings.EVIDENCE_DIR``: ``spool/<uuid>`` while a file arrives, then
``objects/ab/cd/<uuid>.age``, read-only, encrypted to the server's key and the offline recovery keys. Rows
hold the name without the ending, since objects from before there was encryption have none. The original
name of a file is never part of a path. Only the functions below touch the bytes; a crash at any step leaves
either a whole object or something that ``sweep`` removes.
"""

from recommendations.vault import keys, officers
from recommendations.vault.envelope import AGE_HEAD, SEALED_TYPE, enclose
from recommendations.vault.objects import (
    OBJECT_NAME,
    anything_encrypted,
    is_encrypted,
    leftovers,
    object_names,
    open_object,
    open_verified,
    publish,
    remove,
    sweep,
    verify,
)
from recommendations.vault.spool import CHUNK, Incoming, has_room_for, receive, scratch
from recommendations.vault.trouble import Damaged, Locked, Unreachable, no_key, no_room, not_sealed, too_large

__all__ = [
    "AGE_HEAD",
    "CHUNK",
    "OBJECT_NAME",
    "SEALED_TYPE",
    "Damaged",
    "Incoming",
    "Locked",
    "Unreachable",
    "anything_encrypted",
    "enclose",
    "has_room_for",
    "is_encrypted",
    "keys",
    "leftovers",
    "no_key",
    "no_room",
    "not_sealed",
    "object_names",
    "officers",
    "open_object",
    "open_verified",
    "publish",
    "receive",
    "remove",
    "scratch",
    "sweep",
    "too_large",
    "verify",
]
