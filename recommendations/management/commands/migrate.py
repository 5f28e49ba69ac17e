"""Django's ``migrate``, with the database's safeguards put back at its end.

SQLite drops the triggers of a table that a migration remakes, so they are taken off before and put on
after, whatever happened in between (``safeguards``).
"""

from django.core.management.commands import migrate
from django.db import connections

from recommendations import safeguards


class Command(migrate.Command):
    """Changes nothing where it only says what it would do."""

    def handle(self, *args, **options):
        """Migrate between taking the safeguards off and putting them on."""
        if options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection = connections[options["database"]]
        try:
            safeguards.remove(connection)
            return super().handle(*args, **options)
        finally:
            safeguards.install(connection)
