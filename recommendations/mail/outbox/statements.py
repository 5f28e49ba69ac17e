"""The changes that a sender makes for every mail: plain comparisons and plain values, their SQL written once.

Composing the SQL again costs several times what the database needs to carry it out.
"""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Model

DATABASE = "default"
# Text, numbers and nothing are the same in all that these tables hold: no field of theirs prepares them.
AS_THEY_ARE = (str, int, type(None))


@dataclass(frozen=True)
class Change:
    """One statement that changes rows, with its values."""

    sql: str
    params: list[Any]


def update(model: type[Model], where: Mapping[str, object], **values: object) -> Change:
    """Return the change of the rows that match ``where``.

    Args:
        where: {field name: value}, none of them None.
    """
    sql, fields = _update(model, tuple(where), tuple(values))
    return Change(sql, _written(fields, [*values.values(), *where.values()]))


def insert(model: type[Model], **values: object) -> Change:
    """Return the change that adds one row; no row is made for it, which costs more than the rest.

    Args:
        values: by the names of the columns, ``mail_id`` for one; what is left out has its default.
    """
    sql, fields = _insert(model)
    given = [
        values.pop(field.attname) if field.attname in values else field.get_default() for field in fields
    ]
    if values:
        raise TypeError(f"{model.__name__} has no {', '.join(values)}.")
    return Change(sql, _written(fields, given))


def run(*changes: Change) -> list[int]:
    """Make changes, all of them or none.

    Returns: for each, how many rows it changed. Raises: what the database does.
    """
    connection = connections[DATABASE]
    if len(changes) == 1:
        return [_rows(connection, changes[0])]
    if _takes_several(connection):
        return _at_once(connection, changes)
    with transaction.atomic():
        return [_rows(connection, change) for change in changes]


def _takes_several(connection: BaseDatabaseWrapper) -> bool:
    """Say whether several statements go to the database in one message, which makes them one transaction."""
    is_free = connection.get_autocommit() and not connection.in_atomic_block
    by_server = connection.settings_dict["OPTIONS"].get("server_side_binding")
    return connection.vendor == "postgresql" and is_free and not by_server


def _at_once(connection: BaseDatabaseWrapper, changes: Sequence[Change]) -> list[int]:
    """Send all in one message: this saves four waits for the server over BEGIN, statements and COMMIT."""
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(change.sql for change in changes), [param for one in changes for param in one.params]
        )
        rows = [cursor.rowcount]
        while cursor.nextset():
            rows.append(cursor.rowcount)
        return rows


def _rows(connection: BaseDatabaseWrapper, change: Change) -> int:
    with connection.cursor() as cursor:
        cursor.execute(change.sql, change.params)
        changed: int = cursor.rowcount
        return changed


def _written(fields: "Sequence[Field[Any, Any]]", values: Sequence[object]) -> list[Any]:
    """Return values as the database takes them: numbers and words as they are, the others prepared."""
    connection = connections[DATABASE]
    return [
        value if isinstance(value, AS_THEY_ARE) else field.get_db_prep_save(value, connection)
        for field, value in zip(fields, values, strict=True)
    ]


@functools.lru_cache
def _update(
    model: type[Model], where: tuple[str, ...], values: tuple[str, ...]
) -> "tuple[str, list[Field[Any, Any]]]":
    fields = {field.name: field for field in model._meta.concrete_fields}
    changed, found = ([fields[name] for name in names] for names in (values, where))
    sets, conditions = ([f"{_quoted(str(field.column))} = %s" for field in some] for some in (changed, found))
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {', '.join(sets)} WHERE {' AND '.join(conditions)}"  # noqa: S608 (names of ours)
    return sql, [*changed, *found]


@functools.lru_cache
def _insert(model: type[Model]) -> "tuple[str, list[Field[Any, Any]]]":
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(str(field.column)) for field in fields)
    signs = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({signs})", fields  # noqa: S608


def _quoted(name: str) -> str:
    return connections[DATABASE].ops.quote_name(name)
