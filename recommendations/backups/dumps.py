"""The database as one file, with what is in it, all of one moment; and the way back into an empty one.

SQLite: ``VACUUM INTO``. PostgreSQL: its own pg_dump and pg_restore, since nothing else follows every
detail of its types, sequences and triggers.
"""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.postgresql.client import DatabaseClient
from django.db.backends.utils import CursorWrapper

from recommendations.backups.archive import Unreadable
from recommendations.models import Event
from recommendations.selectors.holdings import holders
from recommendations.vault.storage import sync_folder

# What triggers call; those of extensions were there before.
OWN_FUNCTIONS = """
SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE n.nspname = current_schema() AND NOT EXISTS
    (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


# Asks the database, and returns all rows, whose columns are of any type.
type Fetch = Callable[[str], list[tuple[Any, ...]]]


@dataclass
class Content:
    """What a database holds: rows by table, objects as rows record them, the head of the event sequence.

    As in JSON: ``objects`` is {name: [size, SHA-256]}, ``head`` [number, hash], empty before any event.
    """

    counts: dict[str, int]
    objects: dict[str, list[Any]]
    head: list[Any]
    migrations: list[str]


def name_of_dump() -> str:
    """Return what the dump of this database is called inside an archive."""
    return f"database.{'sqlite3' if connection.vendor == 'sqlite' else 'pgdump'}"


def dump(path: Path) -> Content:
    """Write the database into a new file. Returns: its ``Content`` at that moment.

    Raises: Unreadable when the programs of PostgreSQL are missing or fail.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(path)])
        return content_of_file(path)
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        plain = ["--format=custom", "--no-owner", "--no-privileges"]
        _postgres("pg_dump", *plain, f"--snapshot={snapshot}", f"--file={path}")
        return _content(_fetcher(cursor))


def content() -> Content:
    """Return the ``Content`` of the database as it is now."""
    with connection.cursor() as cursor:
        return _content(_fetcher(cursor))


def content_of_file(path: Path) -> Content:
    """Return the ``Content`` of a SQLite file. Raises: Unreadable when it is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:

            def fetch(sql: str) -> list[tuple[Any, ...]]:
                return copy.execute(sql).fetchall()

            if fetch("PRAGMA integrity_check") != [("ok",)]:
                raise Unreadable("The database in the backup is damaged.")
            return _content(fetch)
    except sqlite3.DatabaseError as error:
        raise Unreadable(f"The database in the backup cannot be read ({error}).") from error


def _fetcher(cursor: CursorWrapper) -> Fetch:
    def fetch(sql: str) -> list[tuple[Any, ...]]:
        cursor.execute(sql)
        return list(cursor.fetchall())

    return fetch


def _content(fetch: Fetch) -> Content:
    """Read what a database holds; the statements are the same for both kinds."""
    quote = connection.ops.quote_name
    if connection.vendor == "sqlite":
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
    else:
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    names = sorted(name for (name,) in fetch(tables))
    counts = {name: fetch(f"SELECT count(*) FROM {quote(name)}")[0][0] for name in names}  # noqa: S608
    objects: dict[str, list[Any]] = {}
    for model in holders():
        table = model._meta.db_table
        if table in counts:
            rows = fetch(f"SELECT object_name, size, sha256 FROM {quote(table)} WHERE object_name <> ''")  # noqa: S608
            objects |= {name: [size, sha256] for name, size, sha256 in rows}
    events = quote(Event._meta.db_table)
    head = fetch(f"SELECT seq, hash FROM {events} ORDER BY seq DESC LIMIT 1")  # noqa: S608
    done = fetch("SELECT app, name FROM django_migrations ORDER BY app, name")
    return Content(counts, objects, list(head[0]) if head else [], [f"{app}.{name}" for app, name in done])


def is_empty() -> bool:
    """Say whether the database has no table yet."""
    return not connection.introspection.table_names()


def load(path: Path) -> None:
    """Load a dump into the empty database, completely or not at all. Raises: Unreadable; OSError."""
    if connection.vendor != "sqlite":
        plain = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
        _postgres("pg_restore", *plain, str(path))
        return
    connection.close()
    target = Path(settings.DATABASES["default"]["NAME"])
    for leftover in (f"{target}-wal", f"{target}-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(leftover)
    os.chmod(path, 0o600)
    with open(path, "rb") as dumped:
        os.fsync(dumped.fileno())
    os.replace(path, target)
    sync_folder(target.parent)


def empty() -> None:
    """Remove what ``load`` put in: every table of a database that had none."""
    if connection.vendor == "sqlite":
        connection.close()
        for name in ("", "-wal", "-shm"):
            Path(f"{settings.DATABASES['default']['NAME']}{name}").unlink(missing_ok=True)
        return
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"DROP TABLE IF EXISTS {quote(table)} CASCADE")
        cursor.execute(OWN_FUNCTIONS)
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION IF EXISTS {function} CASCADE")


def _postgres(program: str, *arguments: str) -> None:
    """Run a program of PostgreSQL on this database. Raises: Unreadable with what it said."""
    if not shutil.which(program):
        raise Unreadable(
            f"The program {program} is missing. Install the client programs of PostgreSQL, of the server's "
            "version or newer: apt-get install postgresql-client"
        )
    command, environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    named = [program, *arguments, *command[1:-1], f"--dbname={command[-1]}"]
    done = subprocess.run(named, env={**os.environ, **(environment or {})}, capture_output=True, text=True)
    if done.returncode:
        raise Unreadable(f"{program} failed: {done.stderr.strip()}")
