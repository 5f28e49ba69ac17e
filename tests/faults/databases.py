"""A database of the harness's own, that begins anew for each test."""

import os
import shutil
from pathlib import Path

import psycopg

from tests.support import template


class SQLite:
    """One file, and a copy of it as it was after the migrations."""

    def __init__(self, path):
        self.path = Path(path)
        self.template = self.path.with_suffix(".template")
        self.url = f"sqlite:///{self.path}"

    def create(self):
        """Make it: a copy of a migrated one, or else SQLite makes the file at the first connection."""
        template.copy_to(self.path)

    def keep_as_template(self):
        """Keep the database as it is now; nobody may be connected."""
        shutil.copyfile(self.path, self.template)

    def begin_anew(self):
        """Bring back what was kept; nobody may be connected."""
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.template, self.path)

    def remove(self):
        """Take it away. The files go with the folder of the run."""


class PostgreSQL:
    """A database on a server, and a template of it."""

    def __init__(self, url):
        self.url = url
        self.server, _slash, self.name = url.rpartition("/")
        self.template = f"{self.name}_template"

    def create(self):
        """Make it, empty."""
        self._run(f"CREATE DATABASE {self.name}")

    def keep_as_template(self):
        """Keep the database as it is now; nobody may be connected."""
        self._run(f"CREATE DATABASE {self.template} TEMPLATE {self.name}")

    def begin_anew(self):
        """Bring back what was kept; who is connected still is thrown out."""
        self._run(
            f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)",
            f"CREATE DATABASE {self.name} TEMPLATE {self.template}",
        )

    def remove(self):
        """Take both databases away."""
        self._run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (self.name, self.template)))

    def _run(self, *statements):
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def at(url):
    """Return the database at an address."""
    path = url.removeprefix("sqlite:///")
    return SQLite(path) if path != url else PostgreSQL(url)


def own(kind, folder, server_of):
    """Return the address of a database that is nobody else's.

    Args:
        kind: "sqlite" or "postgresql".
        folder: where a file may lie.
        server_of: an address that names the server of PostgreSQL.
    """
    if kind == "sqlite":
        return f"sqlite:///{folder}/faults.sqlite3"
    return f"{server_of.rpartition('/')[0]}/mail_faults_{os.getpid()}"
