"""Naming the officers to whose offline keys testimony is sealed, and testing that they can open it."""

import io
import os
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import OFFICER_NAMED, EventKind
from recommendations.errors import Refused
from recommendations.vault import keys
from recommendations.vault.officers import FEWEST, Officer, officers, write_officers

LONGEST_NAME = 80
TEST_WORDS = """\
This is a test item of the recommendation tracker. If you can read this, your key opens sealed evidence.
Tell this word to the person who runs the tracker, so that they know that you opened it: {word}
"""


def add(*, name: str, key: str, now: datetime) -> None:
    """Name an officer: from now on, files are sealed to this key too.

    Args:
        name: as colleagues know the person; shown on the pages of sealed items.
        key: the public half, ``age1…``.

    Raises: Refused with a sentence for a secret key, something that is not a key, or a name or key in use.
    """
    named = officers()
    officer = Officer(_checked_name(name, named), _checked_key(key, named))
    write_officers([*named, officer])
    _note(now, did=OFFICER_NAMED, officer=officer.name, key=officer.key)


def drop(*, name: str, now: datetime) -> None:
    """Drop an officer: files sealed from now on are not sealed to this key. Raises: Refused.

    Files sealed before stay open to it: nobody here could seal them again.
    """
    named = officers()
    left = [one for one in named if not _same(one.name, name)]
    if len(left) == len(named):
        raise Refused(f"No officer is called “{name}”. “evidence_keys officers” lists them.")
    write_officers(left)
    gone = next(one for one in named if one not in left)
    _note(now, did="officer dropped", officer=gone.name, key=gone.key)


def write_test_item(*, path: Path, now: datetime) -> tuple[str, str]:
    """Write a file that is sealed like testimony, for each officer to open in a drill.

    Returns: (the folder that it is unpacked to, a word that is only in this file).
    Raises: Refused; OSError, also when there is a file of this name already.
    """
    if not officers():
        raise Refused("There is no officer yet: evidence_keys officers --add NAME age1…")
    word = secrets.token_hex(4)
    incoming = vault.receive(io.BytesIO(TEST_WORDS.format(word=word).encode()))
    try:
        known_as = {"original_name": "test.txt", "content_type": "text/plain", "title": "A test item"}
        about = {**known_as, "size": incoming.size, "sha256": incoming.sha256}
        with incoming.open() as content:
            _key, sealed, known = vault.enclose(
                content, key=uuid.uuid4(), about=about, named=officers(), now=now
            )
    finally:
        incoming.discard()
    try:
        with sealed.open() as source, _new_file(path) as target:
            while chunk := source.read(vault.CHUNK):
                target.write(chunk)
    finally:
        sealed.discard()
    _note(now, did="test item for officers written", keys=[one["key"] for one in known["sealed_to"]])
    return known["original_name"].removesuffix(".tar.age"), word


def _checked_name(name: str, named: Sequence[Officer]) -> str:
    name = " ".join(name.split())
    if not name or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Refused(f"Give the officer's name first: one line, {LONGEST_NAME} characters at most.")
    if name.casefold().startswith((keys.PUBLIC, keys.SECRET.casefold())):
        raise Refused("That is a key, not a name. Give the officer's name first, then the key.")
    if any(_same(one.name, name) for one in named):
        raise Refused(
            f"There is already an officer called “{name}”. For another key of the same person, drop the "
            "old one first; for another person, write the name in full."
        )
    return name


def _checked_key(key: str, named: Sequence[Officer]) -> str:
    key = key.strip()
    if key.upper().startswith(keys.SECRET):
        raise Refused(
            f"This is the SECRET half of a key ({keys.SECRET}…). It opens testimony and must never be "
            "on this server; it may be in the shell's history now. Nothing was changed. Ask the "
            f"officer to make a new pair, and give only the half that begins with {keys.PUBLIC}."
        )
    try:
        key = str(keys.parse_recipient(key))
    except vault.Locked as locked:
        raise Refused(str(locked)) from locked
    if any(one.key == key for one in named):
        raise Refused("This key is already in use. Each officer needs a key of their own.")
    if key in keys.recovery_recipients():
        raise Refused(
            "This is a recovery key: anybody who opens a backup with it could read testimony too. Ask "
            "the officer to make a pair of their own."
        )
    if key in {str(own.to_public()) for own in keys.identities()}:
        raise Refused(
            "This is the server's own key: it would open what the server must not be able to open. "
            "Nothing was changed."
        )
    return key


def _same(one: str, other: str) -> bool:
    return one.casefold() == " ".join(other.split()).casefold()


def _new_file(path: Path) -> BinaryIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb")


@transaction.atomic
def _note(now: datetime, **said: Any) -> None:
    log.record(EventKind.KEYS_CHANGED, now=now, **said)


__all__ = ["FEWEST", "add", "drop", "officers", "write_test_item"]
