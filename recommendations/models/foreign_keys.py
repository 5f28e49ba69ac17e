"""What the databases say when a row would point to one that is not there."""

from django.db import IntegrityError
from django.db.models import ProtectedError

# PostgreSQL: foreign_key_violation. SQLite has no codes.
BROKEN_POINTER = "23503"


def points_to_nothing(error):
    """Say whether a database refused because a row points to one that went, or would."""
    if not isinstance(error, IntegrityError):
        return False
    code = getattr(error.__cause__, "sqlstate", "")
    return isinstance(error, ProtectedError) or code == BROKEN_POINTER or "FOREIGN KEY" in str(error)
