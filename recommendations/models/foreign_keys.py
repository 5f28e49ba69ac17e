"""What the databases say when a row would point to one that is not there."""

from django.db import IntegrityError

# PostgreSQL: foreign_key_violation. SQLite has no codes.
BROKEN_POINTER = "23503"


def points_to_nothing(error):
    """Say whether a database refused because a row would point to one that is not there."""
    if not isinstance(error, IntegrityError):
        return False
    code = getattr(error.__cause__, "sqlstate", "")
    return code == BROKEN_POINTER or "FOREIGN KEY" in str(error)
