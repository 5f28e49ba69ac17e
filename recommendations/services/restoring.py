"""A restore: into an empty place only, everything verified, whole or not at all.

While it runs a mark lies in ``settings.DATA_DIR``. What a killed restore has left is taken away by the
next one, and nothing starts over it.
"""

import json
import shutil
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.migrations.loader import MigrationLoader

from recommendations import ledger, vault
from recommendations.backups import archive, dumps
from recommendations.backups.archive import FORMAT, HEADS, MANIFEST, MARKS, OFFICERS, RECOVERY
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
from recommendations.vault import keys, objects, officers, resealing, sealing
from recommendations.vault.objects import SEALED

NAMES_OF_DUMPS = {"sqlite3": "database.sqlite3", "postgresql": "database.pgdump"}


@dataclass
class Backup:
    """A backup that was read and found whole, unpacked into ``folder``."""

    folder: Path
    manifest: dict
    own: list = field(repr=False)

    @property
    def objects(self):
        """{object name: [size, SHA-256]} of what it holds."""
        left_out = set(self.manifest["left_out"])
        return {name: said for name, said in self.manifest["objects"].items() if name not in left_out}

    @property
    def dump(self):
        """Where the dump of the database lies."""
        return self.folder / dumps.name_of_dump()

    def path_of(self, object_name):
        """Return where an object lies, sealed or as it came."""
        sealed = self.folder / f"{object_name}{SEALED}"
        return sealed if sealed.exists() else self.folder / object_name


def mark():
    """Return the path of the file that lies there while a restore is not finished."""
    return settings.DATA_DIR / "restore-unfinished"


def verify(path, own, *, progress=iter):
    """Read a backup and verify all that can be without a place for it; nothing is kept.

    Args:
        path: the file.
        own: identities of the recovery key.
        progress: wraps the list of objects and yields them.

    Returns: the manifest.

    Raises: archive.Unreadable; vault.Damaged; Refused; OSError.
    """
    with Unpacked(path, own) as backup:
        for name in progress(sorted(backup.objects)):
            _open_one(backup, name, None)
        if backup.dump.suffix == ".sqlite3":
            _compare(dumps.content_of_file(backup.dump), backup.manifest)
        return backup.manifest


def removed():
    """Return how many items of evidence were removed, by the record that is here now."""
    return Evidence.objects.filter(retention=Retention.TOMBSTONED).count()


def restore(path, own, *, now, upgrade, progress=iter):
    """Restore a backup into this place, which must be empty. See ``verify``.

    Args:
        upgrade: brings the restored database up to this version of the program.

    Returns: (the manifest, how many mails are held for a human).
    """
    _make_empty_again()
    _must_be_empty()
    with Unpacked(path, own) as backup:
        keys.write_file(mark(), b"", mode=0o600)
        try:
            _place_keys(backup)
            for name in progress(sorted(backup.objects)):
                _place(backup, name)
            dumps.load(backup.dump)
            _compare(dumps.content(), backup.manifest)
            upgrade()
            _check_chain()
            held = _settle(backup.manifest, now)
            _place_heads(backup)
        except BaseException:
            _make_empty_again()
            raise
        mark().unlink()
        return backup.manifest, held


class Unpacked:
    """Reads an archive into a folder of its own and checks that it is exactly what its manifest says."""

    def __init__(self, path, own):
        self.path, self.own = path, own

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(dir=settings.DATA_DIR, prefix=".restore-"))
        self.found = {}
        try:
            archive.read(self.path, self.own, self._take)
            return Backup(self.folder, self._checked(), self.own)
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_error):
        shutil.rmtree(self.folder)

    def _take(self, name, stream):
        plain = name.removesuffix(SEALED)
        known = {MANIFEST, RECOVERY, OFFICERS, MARKS, HEADS, *NAMES_OF_DUMPS.values()}
        if (name not in known and not objects.OBJECT_NAME.fullmatch(plain)) or name in self.found:
            raise archive.Unreadable(f"It holds {name!r}, which no backup of ours does.")
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        with open(target, "wb") as written:
            size, sha256 = sealing.copy(stream, written)
        self.found[name] = {"size": size, "sha256": sha256}

    def _checked(self):
        try:
            manifest = json.loads((self.folder / MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise archive.Unreadable("It has no manifest: it is not whole.") from error
        if manifest.get("format") != FORMAT:
            raise archive.Unreadable("It was made by another version of the tracker, which has to read it.")
        self.found.pop(MANIFEST)
        if self.found != manifest["members"]:
            raise archive.Unreadable("It is not what its manifest says: something is missing or changed.")
        if dumps.name_of_dump() not in self.found:
            raise Refused(
                "It was made over another kind of database. Restore it with a DATABASE_URL of the same kind."
            )
        _refuse_newer(manifest)
        return manifest


def _refuse_newer(manifest):
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest["migrations"]) - known)
    if unknown:
        raise Refused(
            f"It was made by a newer version of the tracker ({unknown[-1]}). Restore it with that version."
        )


def _must_be_empty():
    if not dumps.is_empty():
        raise Refused(
            "There is a database here already, and a restore goes into an empty place only. Name another "
            "one with DATA_DIR and DATABASE_URL. Nothing was changed."
        )
    if any(objects.stored_names()):
        raise Refused(
            f"There is evidence in {settings.EVIDENCE_DIR} already, and a restore goes into an empty place "
            "only. Name another one with DATA_DIR. Nothing was changed."
        )


def _make_empty_again():
    """Take away what a restore that failed, or was killed, has put here."""
    if not mark().exists():
        return
    dumps.empty()
    for name in list(objects.object_names()):
        objects.take_away(name)
    resealing.finish()
    if (settings.DATA_DIR / f"{mark().name}.keys").exists():
        own = (keys.recovery_file(), keys.probe_file(), Path(settings.EVIDENCE_KEY_FILE))
        for path in (*own, officers.officers_file(), officers.marks_file()):
            path.unlink(missing_ok=True)
        (settings.DATA_DIR / f"{mark().name}.keys").unlink()
    mark().unlink()


def _place_keys(backup):
    """Use the server's key that is here, or make one; seal to the recovery keys of the backup as well."""
    if not Path(settings.EVIDENCE_KEY_FILE).exists():
        keys.write_file(settings.DATA_DIR / f"{mark().name}.keys", b"", mode=0o600)
    keys.make_first(anything_sealed=False)
    if not keys.recovery_recipients():
        named = keys.lines_of((backup.folder / RECOVERY).read_text())
        resealing.begin(lambda: keys.write_recovery_recipients(named))
        resealing.finish()
    if (backup.folder / OFFICERS).exists() and not officers.officers():
        keys.write_file(officers.officers_file(), (backup.folder / OFFICERS).read_bytes(), mode=0o600)
    if (backup.folder / MARKS).exists():
        # Over one that is here: the marks in the database that comes were made with it.
        keys.write_file(officers.marks_file(), (backup.folder / MARKS).read_bytes(), mode=0o400)


def _open_one(backup, name, target):
    """Open an object of a backup with the recovery key and compare it with what was recorded."""
    path, expected = backup.path_of(name), backup.objects[name]
    try:
        with open(path, "rb") as source:
            if path.suffix == SEALED:
                found = sealing.unseal(source, target, backup.own, name)
            else:
                found = sealing.copy(source, target)
    except FileNotFoundError as error:
        raise vault.Damaged(f"{name} is missing") from error
    if list(found) != expected:
        raise vault.Damaged(f"{name}: not the bytes that were recorded")


def _place(backup, name):
    """Seal an object to the keys of this place, and read it again as it will be read."""
    with tempfile.TemporaryFile(dir=backup.folder) as plain:
        _open_one(backup, name, plain)
        plain.seek(0)
        objects.put(name, plain)
    size, sha256 = backup.objects[name]
    vault.verify(name, size=size, sha256=sha256)


def _compare(content, manifest):
    """Make sure that a database holds what the manifest says. Raises: archive.Unreadable."""
    for what, key in (("number of rows", "counts"), ("list of files", "objects"), ("last event", "head")):
        if getattr(content, key) != manifest[key]:
            raise archive.Unreadable(f"The {what} in its database is not what its manifest says.")


def _check_chain():
    broken = next(ledger.breaches(), None)
    if broken:
        raise archive.Unreadable(f"The event sequence in it is broken: {broken}")


def _place_heads(backup):
    if (backup.folder / HEADS).exists() and not settings.CHAIN_HEADS.exists():
        keys.write_file(settings.CHAIN_HEADS, (backup.folder / HEADS).read_bytes(), mode=0o600)


@transaction.atomic
def _settle(manifest, now):
    """Hold what was on its way to somebody, end the sessions, and record the restore.

    Whether a mail that waited at the backup went out afterwards, nobody here knows: a human decides.
    """
    made_at = datetime.fromisoformat(manifest["made_at"])
    reason = f"Held: restored from the backup of {made_at:%Y-%m-%d %H:%M}; it may have been sent since."
    waiting = Mail.objects.filter(state__in=[MailState.PENDING, MailState.SENDING])
    held = waiting.update(
        state=MailState.UNKNOWN, reason=reason, claim_token=None, claimed_by="", lease_until=None, phase=""
    )
    Session.objects.all().delete()
    # Nor is a site asked at the word of somebody who does not know that it is asked again.
    Capture.objects.filter(state__in=OPEN_CAPTURES).update(
        state=CaptureState.FAILED, finding=CaptureFinding.LAPSED, due_at=None
    )
    ledger.record(EventKind.RESTORED, now=now, made_at=manifest["made_at"], held=held)
    return held
