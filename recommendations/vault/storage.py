"""Where sealed objects lie: Django's Storage interface, on the local disk unless a setting names another."""

import errno
import os

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.utils.deconstruct import deconstructible

ALIAS = "evidence"


def store():
    """Return the storage that ``settings.STORAGES["evidence"]`` names."""
    return storages[ALIAS]


def save_over(name, content):
    """Put a sealed file under a name, over what is there. Raises: OSError, also where it got another name."""
    saved = store().save(name, content)
    if saved != name:
        store().delete(saved)
        raise OSError(errno.EEXIST, f"the storage does not write over {name}; see the settings of its kind")


@deconstructible
class LocalStorage(FileSystemStorage):
    """The folder ``settings.EVIDENCE_DIR``; a file is put in place whole, by one rename, or not at all."""

    def __init__(self):
        super().__init__(allow_overwrite=True)

    @property
    def base_location(self):
        """The folder, asked for each time, so that a test has its own."""
        return settings.EVIDENCE_DIR

    @property
    def location(self):
        """The folder as an absolute path."""
        return os.path.abspath(self.base_location)

    def _save(self, name, content):
        """Move a file that lies whole and synced on this disk to its name, and bring its folders to the disk.

        Args:
            content: a file with ``temporary_file_path``, as ``sealing.Sealed``.
        """
        target = self.path(name)
        folder = os.path.dirname(target)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.chmod(content.temporary_file_path(), 0o400)
        os.rename(content.temporary_file_path(), target)
        for level in (folder, os.path.dirname(folder), os.path.dirname(os.path.dirname(folder))):
            sync_folder(level)
        return name


def sync_folder(folder):
    """Bring the entries of a folder to the disk for good."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
