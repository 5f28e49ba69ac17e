"""What an author wrote in an update: as values for the form, and as JSON for the record of a version."""

from collections.abc import Callable, Iterable
from typing import Any

from recommendations.choices.fields import Shape
from recommendations.choices.update_fields import FIELDS, WRITTEN
from recommendations.models import StatusUpdate


def drafted(
    *, update: StatusUpdate, names: Iterable[str] = (*WRITTEN, "places", "citations")
) -> dict[str, Any]:
    """Return {name: value} of what an author wrote, places and citations as ``save_draft`` takes them."""
    rows: dict[str, Callable[[], object]] = {
        "places": lambda: [(row.place, row.looked_on) for row in update.places.all()],
        "citations": lambda: [
            (row.evidence, row.stance, row.locator) for row in update.citations.select_related("evidence")
        ],
    }
    return {name: rows[name]() if name in rows else getattr(update, name) for name in names}


def as_submitted(*, update: StatusUpdate) -> dict[str, Any]:
    """Return the text of an update as JSON values, for the record of what was submitted."""
    content = {
        field.name: field.as_json(getattr(update, field.name))
        for field in FIELDS
        if field.shape not in (Shape.ASK, Shape.ROWS)
    }
    content |= {"kind": update.kind, "ask": update.ask_id, "corrects": update.corrects_id}
    content |= {"criteria": update.criteria, "nature": update.nature}
    content["places"] = [[row.place, row.looked_on.isoformat()] for row in update.places.all()]
    content["citations"] = [[row.evidence_id, row.stance, row.locator] for row in update.citations.all()]
    return content
