"""A backup: database, objects and a manifest of every hash in one file for the offline recovery key."""

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from recommendations import vault
from recommendations.audit import log
from recommendations.backups import archive, dumps, workplace
from recommendations.backups.archive import (
    FORMAT,
    HEADS,
    MANIFEST,
    MARKS,
    OFFICERS,
    RECOVERY,
    Manifest,
    Writer,
)
from recommendations.choices import EventKind
from recommendations.errors import Refused
from recommendations.models import Heartbeat
from recommendations.vault import keys, officers, reencryption
from recommendations.vault.objects import stored_name
from recommendations.vault.storage import store

BACKUP = "backup"


def make(
    *,
    path: Path,
    now: datetime,
    even_if_damaged: bool = False,
    progress: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> Manifest:
    """Write a backup. Everything in it is from one moment, the one at which it began.

    Args:
        path: a file that must not exist yet.
        even_if_damaged: write it even if objects are damaged; they are listed in it and left out.
        progress: wraps the list of objects and yields them.

    Raises: Refused when there is no recovery key to write it for, if encrypting again is unfinished, or
    an object is damaged; vault.Locked; archive.Unreadable when the database cannot be dumped; OSError. No
    file is left then.
    """
    _check()
    workplace.sweep()
    with workplace.private_folder(workplace.BACKUP) as folder:
        dump = folder / dumps.name_of_dump()
        content = dumps.dump(dump)
        recipients = [keys.parse_recipient(name) for name in keys.recovery_recipients()]
        with archive.writing(path, recipients) as writer:
            _add_file(writer, dump.name, dump)
            left_out = [name for name in progress(sorted(content.objects)) if not _add(writer, name, content)]
            if left_out and not even_if_damaged:
                raise Refused(_damaged(left_out))
            manifest = _manifest(writer, content, left_out, now)
            writer.add_bytes(MANIFEST, json.dumps(manifest, indent=1).encode())
    _note(now)
    return manifest


def _check() -> None:
    if not keys.recovery_recipients():
        raise Refused(
            "There is no recovery key for a backup. Add one first: manage.py evidence_keys init. A "
            "backup that only this server can read would be lost together with the server."
        )
    keys.check()
    if reencryption.is_unfinished():
        raise Refused(
            "Not everything is encrypted to the recovery key yet. First run: manage.py evidence_keys rekey"
        )


def _add(writer: Writer, name: str, content: dumps.Content) -> bool:
    """Add an object after reading it. Returns: whether it was whole."""
    size, sha256 = content.objects[name]
    try:
        vault.verify(name, size=size, sha256=sha256)
        stored = stored_name(name)
        with closing(store().open(stored, "rb")) as source:
            writer.add(stored, source, store().size(stored))
    except vault.Locked:
        raise
    except (vault.Damaged, FileNotFoundError):
        return False
    return True


def _damaged(names: Sequence[str]) -> str:
    return (
        "A backup would not be complete, since evidence files are damaged or were removed in the meantime "
        f"({len(names)}): {', '.join(names[:10])}. Run it again; evidence_verify names the files that stay "
        "damaged. To write the backup without them: --even-if-damaged."
    )


def _manifest(writer: Writer, content: dumps.Content, left_out: list[str], now: datetime) -> Manifest:
    beside = {
        RECOVERY: keys.recovery_file(),
        OFFICERS: officers.officers_file(),
        MARKS: officers.marks_file(),
        HEADS: settings.CHAIN_HEADS,
    }
    for name, path in beside.items():
        if path.exists():
            writer.add_bytes(name, path.read_bytes())
    return Manifest(
        format=FORMAT,
        made_at=now.astimezone(UTC).isoformat(),
        left_out=left_out,
        counts=content.counts,
        objects=content.objects,
        head=content.head,
        migrations=content.migrations,
        members=writer.members,
    )


def _add_file(writer: Writer, name: str, path: Path) -> None:
    with open(path, "rb") as source:
        writer.add(name, source, path.stat().st_size)


@transaction.atomic
def _note(now: datetime) -> None:
    Heartbeat.objects.beat(BACKUP, now)
    log.record(EventKind.BACKED_UP, now=now)
