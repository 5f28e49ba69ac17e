"""A backup, unpacked into a private folder and found whole."""

import contextlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db.migrations.loader import MigrationLoader
from pyrage import x25519

from recommendations.backups import archive, dumps, workplace
from recommendations.backups.archive import FORMAT, HEADS, MANIFEST, MARKS, OFFICERS, RECOVERY
from recommendations.errors import Refused
from recommendations.vault import encryption, objects
from recommendations.vault.objects import ENCRYPTED
from recommendations.vault.streams import ReadableFile
from tracker.process.preflight import known_migrations

NAMES_OF_DUMPS = {"sqlite3": "database.sqlite3", "postgresql": "database.pgdump"}


@dataclass
class Backup:
    """A backup that was read and found whole, unpacked into ``folder``."""

    folder: Path
    manifest: archive.Manifest
    own: Sequence[x25519.Identity] = field(repr=False)

    @property
    def objects(self) -> dict[str, list[Any]]:
        """{object name: [size, SHA-256]} of its objects."""
        left_out = set(self.manifest["left_out"])
        return {name: said for name, said in self.manifest["objects"].items() if name not in left_out}

    @property
    def dump(self) -> Path:
        """The path of the dump of the database."""
        return self.folder / dumps.name_of_dump()

    def path_of(self, object_name: str) -> Path:
        """Return the path of an object, encrypted or not."""
        encrypted = self.folder / f"{object_name}{ENCRYPTED}"
        return encrypted if encrypted.exists() else self.folder / object_name


@contextlib.contextmanager
def unpacked(path: Path, own: Sequence[x25519.Identity]) -> Iterator[Backup]:
    """Unpack an archive, and yield it as a ``Backup`` if it is exactly what its manifest says.

    Raises: archive.Unreadable; Refused; OSError. Nothing of it is left at the end.
    """
    with workplace.private_folder(workplace.RESTORE) as folder:
        found: dict[str, archive.Member] = {}
        archive.read(path, own, partial(_take, folder, found))
        yield Backup(folder, _checked(folder, found), own)


def _take(folder: Path, found: dict[str, archive.Member], name: str, stream: ReadableFile) -> None:
    plain = name.removesuffix(ENCRYPTED)
    known = {MANIFEST, RECOVERY, OFFICERS, MARKS, HEADS, *NAMES_OF_DUMPS.values()}
    if (name not in known and not objects.OBJECT_NAME.fullmatch(plain)) or name in found:
        raise archive.Unreadable(f"The backup holds {name!r}, which the tracker does not put into backups.")
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as written:
        size, sha256 = encryption.copy(stream, written)
    found[name] = archive.Member(size=size, sha256=sha256)


def _checked(folder: Path, found: dict[str, archive.Member]) -> archive.Manifest:
    """Return the manifest, if the content matches it."""
    try:
        manifest: archive.Manifest = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError) as error:
        raise archive.Unreadable("The backup has no manifest, so it is incomplete.") from error
    if manifest.get("format") != FORMAT:
        raise archive.Unreadable(
            "The backup was made by another version of the tracker. Restore it with that version."
        )
    found.pop(MANIFEST)
    if found != manifest["members"]:
        raise archive.Unreadable("The backup does not match its manifest: something is missing or changed.")
    if dumps.name_of_dump() not in found:
        raise Refused(
            "The backup was made on another kind of database. Restore it with a DATABASE_URL of the "
            "same kind."
        )
    _refuse_newer(manifest)
    return manifest


def _refuse_newer(manifest: archive.Manifest) -> None:
    known = {f"{app}.{name}" for app, name in known_migrations(MigrationLoader(None))}
    unknown = sorted(set(manifest["migrations"]) - known)
    if unknown:
        raise Refused(
            f"The backup was made by a newer version of the tracker ({unknown[-1]}). Restore it with "
            "that version."
        )
