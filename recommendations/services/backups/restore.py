"""A restore into an empty place: everything is verified, and it is restored completely or not at all.

While it runs, there is a mark in ``settings.DATA_DIR`` (``backups/unfinished.py``), and the tracker does not
start. The next restore removes what a killed one has left.
"""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from pyrage import x25519

from recommendations import vault
from recommendations.audit import log
from recommendations.backups import archive, dumps, unfinished, workplace
from recommendations.backups.archive import HEADS, MARKS, OFFICERS, RECOVERY, Manifest
from recommendations.backups.unpacking import Backup, unpacked
from recommendations.choices import (
    OPEN_CAPTURES,
    CaptureFinding,
    CaptureState,
    EventKind,
    MailState,
    Retention,
)
from recommendations.errors import Refused
from recommendations.models import Capture, Evidence, Mail
from recommendations.models.leases import NO_LEASE
from recommendations.vault import encryption, keys, objects, officers, reencryption
from recommendations.vault.objects import ENCRYPTED
from recommendations.vault.streams import Writable


def verify(
    *, path: Path, own: Sequence[x25519.Identity], progress: Callable[[Sequence[str]], Iterable[str]] = iter
) -> Manifest:
    """Read a backup and verify everything that needs no place to restore to; nothing is stored.

    Args:
        own: the identities of the recovery key.
        progress: wraps the list of objects and yields them.

    Raises: archive.Unreadable; vault.Damaged; Refused; OSError.
    """
    with unpacked(path, own) as backup:
        for name in progress(sorted(backup.objects)):
            _open_one(backup, name, None)
        if backup.dump.suffix == ".sqlite3":
            _compare(dumps.content_of_file(backup.dump), backup.manifest)
        return backup.manifest


def removed() -> int:
    """Return how many evidence items were removed, according to the record that is here now."""
    return Evidence.objects.filter(retention=Retention.TOMBSTONED).count()


def restore(
    *,
    path: Path,
    own: Sequence[x25519.Identity],
    now: datetime,
    upgrade: Callable[[], object],
    progress: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> tuple[Manifest, int]:
    """Restore a backup into this place, which must be empty. See ``verify``.

    Args:
        upgrade: brings the restored database up to this version of the program.

    Returns: (the manifest, how many mails are held for a human).
    """
    abandon()
    _must_be_empty()
    unfinished.begin()
    try:
        with unpacked(path, own) as backup:
            _place_keys(backup)
            for name in progress(sorted(backup.objects)):
                _place(backup, name)
            dumps.load(backup.dump)
            _compare(dumps.content(), backup.manifest)
            upgrade()
            _check_chain()
            held = _settle(backup.manifest, now)
            _place_file(backup, HEADS, mode=0o600)
    except BaseException:
        unfinished.go_back()
        raise
    unfinished.finish()
    return backup.manifest, held


def abandon() -> bool:
    """Remove what a killed restore has left here. Returns: whether there was anything.

    Raises: Refused if that restore went into another place than the settings name.
    """
    swept = workplace.sweep()
    return unfinished.go_back() or bool(swept)


def _must_be_empty() -> None:
    if not dumps.is_empty():
        raise Refused(
            "There is already a database here, but a restore needs an empty place. Choose another "
            "one with DATA_DIR and DATABASE_URL. Nothing was changed."
        )
    if any(objects.stored_names()):
        raise Refused(
            f"There is already evidence in {settings.EVIDENCE_DIR}, but a restore needs an empty place. "
            "Choose another one with DATA_DIR. Nothing was changed."
        )


def _place_keys(backup: Backup) -> None:
    """Use the server's key that is here, or make one; encrypt to the recovery keys of the backup as well."""
    keys.make_first(anything_encrypted=False)
    if not keys.recovery_recipients():
        for name in keys.lines_of((backup.folder / RECOVERY).read_text()):
            keys.parse_recipient(name)
        keys.recovery_file().unlink(missing_ok=True)
        reencryption.begin(lambda: _place_file(backup, RECOVERY, mode=0o600))
        reencryption.finish()
    if not officers.officers():
        officers.officers_file().unlink(missing_ok=True)
        _place_file(backup, OFFICERS, mode=0o600)
    if (backup.folder / MARKS).exists():
        # Over one that is here: the marks in the database that comes were made with it.
        keys.put_aside(officers.marks_file())
        _place_file(backup, MARKS, mode=0o400)


def _place_file(backup: Backup, name: str, *, mode: int) -> None:
    path = backup.folder / name
    if path.exists():
        unfinished.put(name, path.read_bytes(), mode=mode)


def _open_one(backup: Backup, name: str, target: Writable | None) -> None:
    """Open an object of a backup with the recovery key and compare it with what was recorded."""
    path, expected = backup.path_of(name), backup.objects[name]
    try:
        with open(path, "rb") as source:
            if path.suffix == ENCRYPTED:
                found = encryption.decrypt(source, target, backup.own, name)
            else:
                found = encryption.copy(source, target)
    except FileNotFoundError as error:
        raise vault.Damaged(f"{name} is missing") from error
    if list(found) != expected:
        raise vault.Damaged(f"{name}: not the bytes that were recorded")


def _place(backup: Backup, name: str) -> None:
    """Encrypt an object to the keys of this place, and read it again as it will be read."""
    with tempfile.TemporaryFile(dir=backup.folder) as plain:
        _open_one(backup, name, plain)
        plain.seek(0)
        objects.put(name, plain)
    size, sha256 = backup.objects[name]
    vault.verify(name, size=size, sha256=sha256)


def _compare(content: dumps.Content, manifest: Manifest) -> None:
    """Make sure that a database holds what the manifest says. Raises: archive.Unreadable."""
    compared = (
        ("number of rows", content.counts, manifest["counts"]),
        ("list of files", content.objects, manifest["objects"]),
        ("last event", content.head, manifest["head"]),
    )
    for what, found, said in compared:
        if found != said:
            raise archive.Unreadable(
                f"In the backup, the {what} of the database does not match the manifest."
            )


def _check_chain() -> None:
    broken = next(log.breaches(), None)
    if broken:
        raise archive.Unreadable(f"The event sequence in the backup is broken: {broken}")


@transaction.atomic
def _settle(manifest: Manifest, now: datetime) -> int:
    """Hold the mails that were waiting, end the sessions, and record the restore.

    Nobody here knows whether a mail that waited then was sent after the backup: a human decides.
    """
    made_at = datetime.fromisoformat(manifest["made_at"]).astimezone(UTC)
    reason = f"Held: restored from the backup of {made_at:%Y-%m-%d %H:%M} UTC; it may have been sent since."
    waiting = Mail.objects.filter(state__in=[MailState.PENDING, MailState.SENDING])
    held = waiting.update(state=MailState.UNKNOWN, reason=reason, last_holder="", **NO_LEASE, phase="")
    Session.objects.all().delete()
    # Nor is a site asked at the word of somebody who does not know that it is asked again.
    Capture.objects.filter(state__in=OPEN_CAPTURES).update(
        state=CaptureState.FAILED, finding=CaptureFinding.LAPSED, **NO_LEASE
    )
    log.record(EventKind.RESTORED, now=now, made_at=manifest["made_at"], held=held)
    return held
