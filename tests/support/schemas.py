"""What a database holds as text, so that two can be compared: read from SQLite's file, or by pg_dump."""

import re
import sqlite3
import subprocess
from contextlib import closing

# To apply the migrations that another one replaces, up to the named one, and all of the other apps.
REPLAY = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.loader.replace_migrations = False
executor.loader.build_graph()
others = [node for node in executor.loader.graph.leaf_nodes() if node[0] != "recommendations"]
executor.migrate([*others, ("recommendations", "{name}")])
"""


def schema(place):
    """Return every statement that makes the tables, indexes and triggers; columns in order of their names.

    In which order a table has its columns hangs on the way there: SQLite remakes whole tables.
    """
    statements = [_in_order(one) for one in _statements(place)]
    assert len(statements) > 100
    return sorted(statements)


def content(place):
    """Return schema and rows as they lie in the database, without the list of migrations."""
    if place.database:
        lines = _pg_dump(place, "--exclude-table-data=django_migrations").splitlines()
    else:
        with closing(sqlite3.connect(place.folder / "tracker.sqlite3")) as opened:
            lines = list(opened.iterdump())
    assert len(lines) > 500
    return [line for line in lines if "django_migrations" not in line]


def _statements(place):
    if place.database:
        return re.split(r";\n", _pg_dump(place, "--schema-only"))
    with closing(sqlite3.connect(place.folder / "tracker.sqlite3")) as opened:
        return [sql for (sql,) in opened.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]


def _pg_dump(place, *arguments):
    command = ["pg_dump", "--no-owner", "--no-privileges", *arguments, place.database]
    dump = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    # A word made up for each dump.
    return re.sub(r"^\\(un)?restrict .*$", "", dump, flags=re.MULTILINE)


def _in_order(statement):
    """Return a statement with what stands in its outermost brackets sorted, if it makes a table."""
    if not re.match(r"(--.*\n|\s)*CREATE TABLE", statement):
        return statement.strip()
    head, _bracket, rest = statement.partition("(")
    body, _bracket, tail = rest.rpartition(")")
    return f"{head.strip()} ({', '.join(sorted(_parts(body)))}){tail}"


def _parts(body):
    """Return what commas part, outside of brackets and quotes."""
    depth, parts = 0, [""]
    for token in re.findall(r"'[^']*'|\"[^\"]*\"|.", body, flags=re.DOTALL):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == "," and not depth:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts]
