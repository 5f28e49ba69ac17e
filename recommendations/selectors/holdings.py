"""Every row that names an object of the vault, whatever its table: what is verified, kept, sealed, backed up.

A model with ``object_name``, ``size`` and ``sha256`` is one of them by having these fields.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from recommendations.models import Evidence

FIELDS = {"object_name", "size", "sha256"}


@dataclass(frozen=True)
class Holding:
    """One object as its row records it."""

    row: Any
    object_name: str
    size: int
    sha256: str

    @property
    def expected(self):
        """What the object must be: (size, SHA-256)."""
        return self.size, self.sha256

    @property
    def item(self):
        """The evidence item that it belongs to; None for a file that waits for its form."""
        if isinstance(self.row, Evidence):
            return self.row
        return getattr(self.row, "derived_from", None) or getattr(self.row, "evidence", None)

    @property
    def name(self):
        """What it is called where titles may not stand: by the key of its item, with what it is of it."""
        own = getattr(self.row, "key", None)
        return f"{own}" if own else f"{self.item.key}, {self.row._meta.verbose_name} {self.row.pk}"


def holders():
    """Return the models whose rows name objects."""
    ours = apps.get_app_config("recommendations").get_models()
    return [model for model in ours if {field.name for field in model._meta.get_fields()} >= FIELDS]


def holdings():
    """Yield a ``Holding`` for each row that names an object."""
    for model in holders():
        rows = model._default_manager.exclude(object_name="").order_by("pk")
        for row in rows.iterator(chunk_size=500):
            yield Holding(row, row.object_name, row.size, row.sha256)


def held_names():
    """Return the set of all object names that rows hold."""
    return {
        name
        for model in holders()
        for name in model._default_manager.exclude(object_name="").values_list("object_name", flat=True)
    }


def expectations():
    """Return {object name: (size, SHA-256)} of all rows."""
    fields = ("object_name", "size", "sha256")
    return {
        name: (size, sha256)
        for model in holders()
        for name, size, sha256 in model._default_manager.exclude(object_name="").values_list(*fields)
    }
