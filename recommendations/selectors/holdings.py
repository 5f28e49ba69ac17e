"""Every row that names an object of the vault, in any table: these are verified, kept and backed up.

Every model with the fields ``object_name``, ``size`` and ``sha256`` is included.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from recommendations.models import Evidence

FIELDS = {"object_name", "size", "sha256"}


@dataclass(frozen=True)
class Holding:
    """One object as its row records it."""

    row: Any  # of any model that has FIELDS
    object_name: str
    size: int
    sha256: str

    @property
    def expected(self) -> tuple[int, str]:
        """What the object must be: (size, SHA-256)."""
        return self.size, self.sha256

    @property
    def item(self) -> Evidence | None:
        """The evidence item that it belongs to; None for a file that waits for its form."""
        if isinstance(self.row, Evidence):
            return self.row
        return getattr(self.row, "derived_from", None) or getattr(self.row, "evidence", None)

    @property
    def name(self) -> str:
        """Its name where titles must not be shown: the key of its item, and what it is of that item."""
        own = getattr(self.row, "key", None)
        if own or self.item is None:
            return f"{own}"
        return f"{self.item.key}, {self.row._meta.verbose_name} {self.row.pk}"


def holders() -> list[type[Model]]:
    """Return the models whose rows name objects."""
    ours = apps.get_app_config("recommendations").get_models()
    return [model for model in ours if {field.name for field in model._meta.get_fields()} >= FIELDS]


def holdings() -> Iterator[Holding]:
    """Yield a ``Holding`` for each row that names an object."""
    for model in holders():
        rows: QuerySet[Any] = model._default_manager.exclude(object_name="").order_by("pk")
        for row in rows.iterator(chunk_size=500):
            yield Holding(row, row.object_name, row.size, row.sha256)


def held_names() -> set[str]:
    """Return the set of all object names that rows hold."""
    return {
        name
        for model in holders()
        for name in model._default_manager.exclude(object_name="").values_list("object_name", flat=True)
    }


def expectations() -> dict[str, tuple[int, str]]:
    """Return {object name: (size, SHA-256)} of all rows."""
    fields = ("object_name", "size", "sha256")
    return {
        name: (size, sha256)
        for model in holders()
        for name, size, sha256 in model._default_manager.exclude(object_name="").values_list(*fields)
    }
