"""Where encrypted objects are stored: Django's Storage interface, by default on the local disk."""

import errno
import os
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible

ALIAS = "evidence"


class Encrypted(File):  # type: ignore[type-arg]  # while it runs, it takes no type in brackets
    """An encrypted file that waits in the spool to be stored; storages move or read it."""

    def temporary_file_path(self) -> str:
        """Return the path of the file."""
        return str(self.name)


def store() -> Storage:
    """Return the storage that ``settings.STORAGES["evidence"]`` names."""
    return storages[ALIAS]


def save_over(name: str, content: Encrypted) -> None:
    """Store an encrypted file under a name, overwriting what is there. Raises: OSError."""
    saved = store().save(name, content)
    if saved != name:
        store().delete(saved)
        raise OSError(
            errno.EEXIST, f"the storage does not overwrite {name}; see the settings for this kind of storage"
        )


@deconstructible
class LocalStorage(FileSystemStorage):
    """The folder ``settings.EVIDENCE_DIR``; a file is put in place with one rename, or not at all."""

    def __init__(self) -> None:
        super().__init__(allow_overwrite=True)

    @property
    def base_location(self) -> Path:
        """The folder, read from the settings each time, so that a test can have its own."""
        return settings.EVIDENCE_DIR

    @property
    def location(self) -> str:
        """The folder as an absolute path."""
        return os.path.abspath(self.base_location)

    def _save(self, name: str, content: "File[bytes]") -> str:
        """Move a complete ``Encrypted`` file to its name, and make it and its folders durable on the disk."""
        assert isinstance(content, Encrypted)
        target = self.path(name)
        folder = os.path.dirname(target)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.chmod(content.temporary_file_path(), 0o400)
        os.rename(content.temporary_file_path(), target)
        for level in (folder, os.path.dirname(folder), os.path.dirname(os.path.dirname(folder))):
            sync_folder(level)
        return name


def sync_folder(folder: str | Path) -> None:
    """Sync the entries of a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
