"""Rows and files that are made once and put back for each test, where making them takes as long as a test.

What is put back is the same to the last byte each time: primary keys, keys of the vault, objects. It is made
anew where the clock stands elsewhere, or the objects lie.
"""

import pickle

import time_machine
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

# The models whose rows the migrations write; no test makes any.
OF_THE_MIGRATIONS = {ContentType, Permission, Group, Group.permissions.through}
_kept = {}


def remembered(make):
    """Return what ``make()`` returns, having done what it does to empty tables and to the vault.

    Args:
        make: a class or function without arguments; what it returns can be pickled.
    """
    circumstances = (make, _moment(), repr(settings.STORAGES["evidence"]))
    if circumstances in _kept:
        return _put_back(*_kept[circumstances])
    others = set(_files("EVIDENCE_DIR"))
    made = make()
    objects = {file: content for file, content in _files("EVIDENCE_DIR").items() if file not in others}
    # With the key that opens them, which was there before.
    _kept[circumstances] = (pickle.dumps(made), _rows_of_tests(), objects | _files("KEYS_DIR"))
    return made


def _put_back(pickled, rows, files):
    put_rows(rows)
    for (place, name), content in files.items():
        path = getattr(settings, place) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o400 if place == "EVIDENCE_DIR" else 0o600)
    return pickle.loads(pickled)


def _moment():
    """Return the moment at which the clock of a story stands, or today where it goes on as everywhere."""
    return timezone.now() if time_machine.escape_hatch.is_travelling() else timezone.localdate()


def _files(place):
    """Return the files in the folder that a setting names: {(the setting, path in it): bytes}."""
    folder = getattr(settings, place)
    found = (path for path in folder.rglob("*") if path.is_file())
    return {(place, path.relative_to(folder)): path.read_bytes() for path in found}


def _rows_of_tests():
    return rows_of(set(apps.get_models(include_auto_created=True)) - OF_THE_MIGRATIONS)


def rows_of(models):
    """Return what tables hold, as their database gives and takes it: {(table, its columns): rows}."""
    tables = {
        (model._meta.db_table, ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields))
        for model in models
    }
    found = {(table, columns): _read(table, columns) for table, columns in sorted(tables)}
    return {columns: rows for columns, rows in found.items() if rows}


def put_rows(rows):
    """Put rows into tables that are empty."""
    with transaction.atomic():
        for columns, of_table in rows.items():
            _write(*columns, of_table)


def _read(table, columns):
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) TO STDOUT") as copy:
            return b"".join(copy)
    # The sign before a column keeps Python from making of a value what its type says.
    as_it_is = columns.replace('"', '+"', 1).replace(', "', ', +"')
    with connection.cursor() as cursor:
        return cursor.execute(f"SELECT {as_it_is} FROM {table}").fetchall()


def _write(table, columns, rows):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                copy.write(rows)
        else:
            places = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)
