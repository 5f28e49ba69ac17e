"""The statements of a sender, written once and asked for every mail.

A sender asks the same few statements for each mail, and writing their SQL anew costs several times what the
database needs to answer. The reads are querysets like all others, and so are the rows that come of them;
only their SQL is kept. The changes are plain comparisons and plain values, by the fields of the model.
"""

import functools
import threading

from django.db import connections
from django.db.models.query import ModelIterable

DATABASE = "default"


class Prepared:
    """A read whose SQL is kept, and that is asked again with other values.

    Args:
        make: returns the queryset for the values.
        samples: for each value (its field, a value that occurs nowhere else in the statement).
    """

    def __init__(self, make, *samples):
        self.make, self.samples, self.kept = make, samples, threading.local()

    def __call__(self, *values):
        """Return the rows for these values, as a list."""
        connection = connections[DATABASE]
        if getattr(self.kept, "connection", None) is not connection:
            self._write(connection)
        params = list(self.kept.params)
        for (field, _sample), places, value in zip(self.samples, self.kept.places, values, strict=True):
            for place in places:
                params[place] = field.get_db_prep_value(value, connection)
        self.kept.compiler.as_sql = lambda: (self.kept.sql, tuple(params))
        return list(ModelIterable(self.kept.queryset))

    def _write(self, connection):
        """Write the SQL for this thread's connection, and let every further run of it find that."""
        queryset = self.make(*(sample for _field, sample in self.samples))
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = []
        for field, sample in self.samples:
            written = field.get_db_prep_value(sample, connection)
            places.append([at for at, param in enumerate(params) if param == written])
            if not places[-1]:
                raise LookupError(f"{field} is not asked for in {sql}")
        queryset.query.get_compiler = lambda *_args, **_options: compiler
        kept = self.kept
        kept.sql, kept.params, kept.places = sql, params, places
        kept.compiler, kept.queryset, kept.connection = compiler, queryset, connection


def change(model, where, **values):
    """Change the rows that are as they are said to be.

    Args:
        where: {field name: value}, none of them None.
        values: the new values.

    Returns: how many rows were changed.
    """
    sql = _update(model, tuple(where), tuple(values))
    return _run(sql, model, [*values.items(), *where.items()])


def add(model, **values):
    """Add one row; the fields that are left out must have a default in it."""
    row = model(**values)
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = tuple(field.name for field in fields)
    _run(_insert(model, names), model, [(field.name, getattr(row, field.attname)) for field in fields])


def _run(sql, model, named):
    connection, find = connections[DATABASE], model._meta.get_field
    params = [find(name).get_db_prep_save(value, connection) for name, value in named]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


@functools.lru_cache
def _update(model, where, values):
    changed = ", ".join(f"{_column(model, name)} = %s" for name in values)
    found = " AND ".join(f"{_column(model, name)} = %s" for name in where)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {changed} WHERE {found}"  # noqa: S608 (names of ours)


@functools.lru_cache
def _insert(model, names):
    columns = ", ".join(_column(model, name) for name in names)
    signs = ", ".join(["%s"] * len(names))
    return f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({signs})"  # noqa: S608


def _column(model, name):
    return _quoted(model._meta.get_field(name).column)


def _quoted(name):
    return connections[DATABASE].ops.quote_name(name)
