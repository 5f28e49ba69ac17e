"""Django's ``migrate``, with the database's safeguards (``safeguards``) in place at its end.

Migrations remake tables and change what the safeguards protect, so these are taken off before and put on
after, whatever happened in between; where there is nothing to migrate, nothing is touched at all. Whatever
needs a table to itself waits in short turns: everybody else waits behind somebody who waits for a table.
"""

import contextlib
import time

from django.core.management.commands import migrate
from django.db import DatabaseError, OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from recommendations.audit import triggers
from recommendations.middleware.interrupted import trouble_of

# Seconds that a turn waits for a table, seconds between two turns, and how many there are.
TURN, PAUSE, TURNS = 2, 1, 12


class Command(migrate.Command):
    """Changes nothing where it only says what it would do."""

    def handle(self, *args, **options):
        """Migrate; where there is something to do, between taking the safeguards off and putting them on."""
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection = connections[options["database"]]
        if not (options["app_label"] or _pending(connection)):
            super().handle(*args, **options)
            return self._patiently(connection, lambda: triggers.install(connection))
        self._patiently(connection, lambda: triggers.remove(connection))
        try:
            self._patiently(connection, lambda: super(Command, self).handle(*args, **options))
        except BaseException:
            # What stood in the way of the migration is what people need to read, whatever comes after.
            try:
                self._patiently(connection, lambda: triggers.install(connection))
            except DatabaseError as error:
                self.stderr.write(
                    f"The triggers that protect the record are off until the next start: {error}"
                )
            raise
        self._patiently(connection, lambda: triggers.install(connection))

    def _patiently(self, connection, act):
        """Do something that may need a table to itself, in several short turns while others hold it."""
        for turn in range(1, TURNS + 1):
            try:
                with _short_waits(connection):
                    return act()
            except OperationalError as error:
                if turn == TURNS or connection.vendor != "postgresql" or trouble_of(error) != "busy":
                    raise
                self.stderr.write(f"Waiting for the database ({turn} of {TURNS - 1}): {_in_a_line(error)}")
            time.sleep(PAUSE)


def _pending(connection):
    """Say whether there are migrations that this database has not seen."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextlib.contextmanager
def _short_waits(connection):
    """Wait for locks no longer than a turn. SQLite has one lock, which is never held for long."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{TURN}s'")
    try:
        yield
    finally:
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _in_a_line(error):
    return str(error).strip().splitlines()[0]
