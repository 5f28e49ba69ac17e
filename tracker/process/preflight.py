"""What must hold before the tracker starts; each check raises `CannotStart` with a sentence for people."""

import errno
import fcntl
import logging
import os
import shutil
import socket
import tempfile
import time
from pathlib import Path

import kombu
import redis
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from kombu.utils.url import sanitize_url

logger = logging.getLogger(__name__)

LEAST_FREE_BYTES = 100 * 1024 * 1024
BROKER_TIMEOUT = 5  # seconds
# How long a start waits for what a killed one has left to end; a little more than the lifeline's grace.
LOCK_PATIENCE = 10.0


class CannotStart(Exception):
    """The tracker cannot start; the message says why and what helps."""


def check_data_dir(folder: Path) -> None:
    """Refuse a data folder that we cannot write to or whose disk is nearly full."""
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".start-") as probe:
            probe.write(b"x")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as error:
        raise CannotStart(f"DATA_DIR: {folder} cannot be written to: {error.strerror}.") from error
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        raise CannotStart(
            f"DATA_DIR: only {free // 1024**2} MB are free on the disk of {folder}, and the tracker "
            f"needs at least {LEAST_FREE_BYTES // 1024**2} MB. Make room and start again."
        )
    for path in sorted(folder.iterdir()):
        if not os.access(path, os.W_OK):
            raise CannotStart(
                f"DATA_DIR: {path} belongs to another user of this computer, perhaps from a start with "
                f"sudo. To make it yours again: sudo chown -R {os.getuid()} '{folder}'"
            )


def check_port(host: str, port: int) -> None:
    """Refuse an address that another program serves, or that we may not serve."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"PORT: another program already serves port {port} on {host}. Stop that program, or choose "
            f"another port, for example: PORT={port % 65535 + 1} make run"
        )
    if error.errno == errno.EACCES:
        return (
            f"PORT: this user is not allowed to serve port {port}. Choose 1024 or higher, for "
            "example PORT=8000."
        )
    return (
        f"HOST: {host} is not an address of this computer ({error.strerror or error}). The usual value "
        "is HOST=127.0.0.1"
    )


def check_broker(url: str) -> str:
    """Refuse a broker whose address cannot be used; an empty `url` means the embedded one.

    One that is not there yet, as after a power cut, must not keep the site from being served.

    Returns: a sentence when the broker cannot be reached, else "". Raises: CannotStart.
    """
    if not url:
        return ""
    options = {"socket_connect_timeout": BROKER_TIMEOUT, "socket_timeout": BROKER_TIMEOUT}
    shown = sanitize_url(url)
    try:
        kombu.Connection(url)
        with redis.Redis.from_url(url, **options) as client:
            client.ping()
    except (redis.AuthenticationError, redis.ResponseError, ValueError, TypeError) as error:
        raise CannotStart(f"REDIS_URL: {shown} cannot be used: {error}.") from error
    except (redis.RedisError, OSError) as error:
        return f"REDIS_URL: {shown} does not answer: {error}."
    return ""


def check_data(mark: Path, connection: BaseDatabaseWrapper, *, will_prepare: bool = False) -> None:
    """Refuse to start over half a restore, or over a database that is not of this version.

    A database that does not answer is no reason to refuse: the code that needs it says so.

    Args:
        mark: the file that is there while a restore is not finished.
        will_prepare: whether the caller brings an older database up to this version.
    """
    if mark.exists():
        raise CannotStart(
            "A restore is not finished here: it was stopped, or is still running. Nothing starts on "
            "half a restore. Run it again (manage.py restore FILE --identity KEY): it first removes "
            "what it has left. To remove that and begin with an empty tracker: manage.py restore "
            "--abandon"
        )
    try:
        executor = MigrationExecutor(connection)
        loader = executor.loader
        unknown = sorted(set(loader.applied_migrations) - known_migrations(loader))
        is_older = bool(executor.migration_plan(loader.graph.leaf_nodes()))
    except OperationalError as error:
        logger.warning("Could not find out which version the database belongs to: %s", error)
        return
    if unknown:
        raise CannotStart(
            "A newer version of the tracker has changed this database: it holds the migration "
            f"{'.'.join(unknown[-1])}, which this version does not know. This version could damage data "
            "that it does not know, so start the newer version again. To stay with this version, "
            "restore a backup that it made into an empty place (manage.py restore)."
        )
    if is_older and not will_prepare:
        raise CannotStart(
            "The database has not been brought up to this version of the tracker. First run: manage.py "
            "prepare (docker compose up does this)"
        )


def known_migrations(loader: MigrationLoader) -> set[tuple[str, str]]:
    """Return (app, name) of each migration of this version, and of each that one of them stands for."""
    known = loader.disk_migrations
    return {*known, *(replaced for one in known.values() for replaced in one.replaces)}


def hold_lock(folder: Path, patience: float = LOCK_PATIENCE) -> int:
    """Take the lock that lets one start at a time use a data folder.

    The kernel holds the lock for as long as a process has the file open, so it cannot be left behind.
    Where the holder named in the file has died, what it left is ending just now: wait up to `patience`
    seconds for that.

    Returns: the file descriptor to keep open. Raises: CannotStart when another start holds it.
    """
    descriptor = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode().strip()
            if _is_running(holder) or time.monotonic() > deadline:
                os.close(descriptor)
                raise CannotStart(
                    f"The tracker is already running on the data in {folder} (process "
                    f"{holder or 'not known'}). Stop it with Ctrl-C where it was started, or name "
                    "another folder with DATA_DIR and another port with PORT."
                ) from None
            time.sleep(0.1)
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, str(os.getpid()).encode(), 0)
    return descriptor


def _is_running(pid: str) -> bool:
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, as somebody else
        return True
    return True
