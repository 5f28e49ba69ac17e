"""A restore that is not finished: the mark that it leaves in ``DATA_DIR``, and the way back.

The mark is written before anything else and removed last, and nothing starts while it is there
(``tracker/process/preflight.py``). It names the place, and each file that the restore puts beside database
and objects, so that undoing the restore removes these and nothing else. The server's secret key is never
removed: a new key that opens nothing does no harm, and so a key that opens something cannot be lost.
"""

import json
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.db import connection

from recommendations.backups import dumps
from recommendations.backups.archive import HEADS, MARKS, OFFICERS, RECOVERY
from recommendations.errors import Refused
from recommendations.vault import keys, objects, officers, reencryption
from recommendations.vault.storage import ALIAS, sync_folder


class Mark(TypedDict):
    """The content of the mark: the place, in words, and the files put beside database and objects."""

    place: str
    files: list[str]


def begin() -> None:
    """Write the mark; the place was found empty."""
    _write({"place": _place(), "files": []})


def finish() -> None:
    """Remove the mark: what is here is complete, or there is nothing."""
    settings.RESTORE_MARK.unlink()
    sync_folder(settings.DATA_DIR)


def put(name: str, content: bytes, *, mode: int) -> None:
    """Put a file of the backup beside database and objects, without overwriting one.

    Args:
        name: one of ``archive``'s names.
    """
    path = _paths()[name]
    if path.exists():
        return
    said = _read()
    _write({**said, "files": [*said["files"], name]})
    keys.write_file(path, content, mode=mode)


def go_back() -> bool:
    """Remove what an unfinished restore has put here. Returns: whether there was one.

    Raises: Refused if the mark names another place than the settings.
    """
    if not settings.RESTORE_MARK.exists():
        return False
    said = _read()
    if said["place"] != _place():
        raise Refused(
            "A restore into another place was not finished: "
            f"{said['place'] or 'it does not say which'}. These settings name {_place()}, where nothing "
            "was changed. Use the DATABASE_URL and EVIDENCE_STORAGE of that restore; or empty its "
            f"place by hand and remove {settings.RESTORE_MARK}."
        )
    dumps.empty()
    for name in list(objects.object_names()):
        objects.take_away(name)
    reencryption.finish()
    for name in said["files"]:
        _paths()[name].unlink(missing_ok=True)
    finish()
    return True


def _paths() -> dict[str, Path]:
    return {
        RECOVERY: keys.recovery_file(),
        OFFICERS: officers.officers_file(),
        MARKS: officers.marks_file(),
        HEADS: settings.CHAIN_HEADS,
    }


def _place() -> str:
    """Return the database and the storage that the settings name, without a password, in words."""
    database = connection.settings_dict
    where = ":".join(str(database[part]) for part in ("HOST", "PORT", "NAME") if database[part])
    bucket = settings.STORAGES[ALIAS].get("OPTIONS")
    return f"database {where}, evidence {json.dumps(bucket) if bucket else settings.EVIDENCE_DIR}"


def _write(said: Mark) -> None:
    keys.write_file(settings.RESTORE_MARK, json.dumps(said).encode(), mode=0o600)


def _read() -> Mark:
    """Return the content of the mark; one from an older version, or an incomplete one, names no place."""
    try:
        said: Mark = json.loads(settings.RESTORE_MARK.read_bytes())
        return said
    except ValueError:
        return {"place": "", "files": []}
