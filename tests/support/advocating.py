"""One entry of the advocacy log, written through its service."""

import uuid

from recommendations.choices import Sensitivity
from recommendations.services import advocacy as service
from tests.support.cast import NOW


def log(author, **given):
    """Log a meeting through its service."""
    fields = {
        "kind": "meeting",
        "held_on": NOW.date(),
        "counterpart": "The desk officer",
        "subject": "The camps",
        "result": "They will ask.",
        "next_step": "",
        "next_on": None,
        "next_owner": None,
        "sensitivity": Sensitivity.INTERNAL,
    }
    readers, recommendations = given.pop("readers", []), given.pop("recommendations", [])
    return service.log(
        author=author,
        key=given.pop("key", None) or uuid.uuid4(),
        fields={**fields, **given},
        recommendations=recommendations,
        readers=readers,
        now=NOW,
    )
