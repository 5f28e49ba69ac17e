"""Keys that come from outside."""

import uuid
from typing import Any


def uuid_or_none(value: object) -> Any:  # for lookups, where None finds nothing
    """Return a UUID, or None for what is none."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
