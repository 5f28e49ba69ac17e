"""Encrypted objects in S3-compatible storage, through django-storages; only if ``EVIDENCE_STORAGE`` says so.

Objects are encrypted before they leave this computer. An error of the network or of the service is an
``Unreachable``, which says that nothing is lost; only an object that is not there is a missing file.
"""

import contextlib
import errno
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from django.core.files import File
from storages.backends.s3 import S3Storage
from urllib3.exceptions import HTTPError

from recommendations.vault.trouble import Unreachable

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 60, 3
NOT_THERE = {"404", "NoSuchKey", "NotFound"}


class ObjectStorage(S3Storage):
    """A bucket, or a part of one, as Django's Storage interface; each file is written completely or not."""

    def __init__(self, **options: Any) -> None:  # as the settings name them
        super().__init__(
            file_overwrite=True,  # encrypting again overwrites; a new object has a random name of its own
            transfer_config=TransferConfig(use_threads=False),
            client_config=Config(
                signature_version="s3v4",
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
                # Servers other than Amazon's know the bucket in the path, and not all know new checksums.
                s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
            **options,
        )

    def _open(self, name: str, mode: str = "rb") -> "Body":
        """Return the object as a stream that is read from the network; it is not stored on the way."""
        with telling(name):
            return Body(self.bucket.Object(self._normalize_name(name)).get()["Body"], name)

    def _save(self, name: str, content: "File[bytes]") -> str:
        with telling(name):
            return super()._save(name, content)

    def delete(self, name: str) -> None:
        """Remove an object, if it is there."""
        with telling(name):
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Say whether there is an object of this name."""
        with telling(name):
            return super().exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Return (folders, files) below a path."""
        with telling(path):
            return super().listdir(path)

    def names_below(self, folder: str) -> Iterator[str]:
        """Yield the names of all objects below a folder in order, a thousand for each request."""
        start = self._normalize_name(folder) + "/"
        cut = len(start) - len(folder) - 1
        with telling(folder):
            for found in self.bucket.objects.filter(Prefix=start):
                yield found.key[cut:]

    def size(self, name: str) -> int:
        """Return the size in bytes. Raises: FileNotFoundError."""
        with telling(name):
            return super().size(name)

    def get_modified_time(self, name: str) -> datetime:
        """Return when an object was written, aware of its zone. Raises: FileNotFoundError."""
        with telling(name):
            return super().get_modified_time(name)


class Body:
    """The bytes of an object from the network; ``broken`` is the error that cut them off, if any."""

    def __init__(self, body: Any, name: str) -> None:  # botocore says no types
        self.body, self.name = body, name
        self.broken: Unreachable | None = None

    def read(self, size: int | None = None) -> bytes:
        """Return up to ``size`` bytes. Raises: Unreachable if the line breaks."""
        try:
            with telling(self.name):
                return self.body.read(size)
        except Unreachable as error:
            self.broken = error
            raise

    def close(self) -> None:
        """Close the connection."""
        self.body.close()


@contextlib.contextmanager
def telling(name: str) -> Iterator[None]:
    """Turn errors of the network and the storage into errors that the vault knows.

    Raises: FileNotFoundError; Unreachable.
    """
    try:
        yield
    except ClientError as error:
        about = error.response.get("Error", {})
        if about.get("Code") in NOT_THERE:
            raise FileNotFoundError(errno.ENOENT, "not in the storage", name) from error
        raise Unreachable(about.get("Message") or about.get("Code") or str(error)) from error
    except (BotoCoreError, Boto3Error, HTTPClientError, HTTPError) as error:
        raise Unreachable(str(error)) from error
