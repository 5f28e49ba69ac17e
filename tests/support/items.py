"""Evidence items as the page and the services make them."""

import uuid

from recommendations import vault
from recommendations.choices import SEALED, Sensitivity
from recommendations.services.evidence import items, uploads
from tests.support import forms
from tests.support.cast import NOW

ADD = "/evidence/add/"


def details(**changed):
    """What the form of a new item posts."""
    return {
        "form_key": uuid.uuid4(),
        "title": "A report",
        "kind": "press",
        "source": "KCNA",
        "sensitivity": "internal",
        "reliability": "F",
        "credibility": "6",
        **changed,
    }


def item_of(
    person, *, name="report.pdf", content=forms.PDF, sensitivity=Sensitivity.INTERNAL, title="A report"
):
    """Make an evidence item by the services."""
    incoming = vault.receive(forms.upload(name, content))
    about = {"uploader": person, "form_key": uuid.uuid4(), "now": NOW}
    key = uploads.stage(incoming=incoming, name=name, sealed=sensitivity == SEALED, **about)
    return items.add_file(
        key=key, uploader=person, details={"title": title, "sensitivity": sensitivity}, now=NOW
    )
