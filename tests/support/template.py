"""A migrated SQLite database, made once for all runs and copied: the migrations take seconds each time.

What it is made from is in its name, so that a change of a migration makes a new one. Whoever copies it may
run ``migrate`` over the copy, which then finds nothing to do.
"""

import hashlib
import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import django

ROOT = Path(__file__).parents[2]
MADE_FROM = (
    "recommendations/migrations/*.py",
    "recommendations/models/*.py",
    "recommendations/choices/*.py",
    "recommendations/audit/triggers.py",
)
FOLDER = ROOT / ".pytest_cache" / "migrated"


def template():
    """Return where the database lies, or will lie once somebody has kept one."""
    made_from = hashlib.sha256(f"{sys.version} {django.VERSION} {sqlite3.sqlite_version}".encode())
    made_from.update((ROOT / "requirements.txt").read_bytes())
    for pattern in MADE_FROM:
        for path in sorted(ROOT.glob(pattern)):
            made_from.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return FOLDER / f"{made_from.hexdigest()}.sqlite3"


def copy_to(path):
    """Put a copy at a path, as if it was migrated just now. Returns: whether there was one to copy."""
    try:
        shutil.copyfile(template(), path)
    except FileNotFoundError:
        return False
    with closing(sqlite3.connect(path)) as copy, copy:
        copy.execute("UPDATE django_migrations SET applied = datetime('now')")
    return True


def keep(connection):
    """Keep a database that is migrated and holds nothing else for those who come later."""
    if template().exists():
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    part = FOLDER / f"{os.getpid()}.part"
    connection.ensure_connection()
    with closing(sqlite3.connect(part)) as target:
        connection.connection.backup(target)
    for older in FOLDER.glob("*.sqlite3"):
        older.unlink(missing_ok=True)
    part.replace(template())
