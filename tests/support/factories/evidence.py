"""Evidence items, and what is made of them."""

import hashlib
import io
import uuid

from recommendations import vault
from recommendations.choices import SEALED, CaptureState, EvidenceForm, Sensitivity
from recommendations.models import Capture, Derived, Evidence
from recommendations.services.evidence import items, uploads
from tests.support import forms
from tests.support.factories.moments import NOW

BYTES = b"%PDF-1.4 an example\n"


def link(uploader, title="Statement", sensitivity=Sensitivity.INTERNAL, *, now=NOW, **fields):
    """Make an evidence item that points to an address."""
    return Evidence.objects.create(
        form=EvidenceForm.LINK,
        title=title,
        sensitivity=sensitivity,
        uploaded_by=uploader,
        uploaded_at=now,
        **{"url": "https://example.org/statement", **fields},
    )


def file(uploader, title, sensitivity=Sensitivity.INTERNAL, content=BYTES):
    """Make an evidence item that holds bytes in the vault."""
    return Evidence.objects.create(
        form=EvidenceForm.FILE,
        original_name="item.pdf",
        title=title,
        sensitivity=sensitivity,
        uploaded_by=uploader,
        uploaded_at=NOW,
        **_published(content),
    )


def _published(content):
    """Put bytes into the vault. Returns: the fields that say where and what they are."""
    incoming = vault.receive(io.BytesIO(content))
    sha256 = hashlib.sha256(content).hexdigest()
    return {"object_name": vault.publish(incoming), "size": len(content), "sha256": sha256}


def item_of(
    person, *, name="report.pdf", content=forms.PDF, sensitivity=Sensitivity.INTERNAL, title="A report"
):
    """Make an evidence item by the services."""
    key = staged(person, content, name=name, sealed=sensitivity == SEALED)
    return items.add_file(
        key=key, uploader=person, details={"title": title, "sensitivity": sensitivity}, now=NOW
    )


def staged(person, content=forms.PDF, *, name="report.pdf", sealed=False):
    """Keep a file that waits for its form. Returns: its key."""
    incoming = vault.receive(forms.upload(name, content))
    about = {"uploader": person, "form_key": uuid.uuid4(), "now": NOW}
    return uploads.stage(incoming=incoming, name=name, sealed=sealed, **about)


def captured(item, number=1, **said):
    """Make a copy of the page behind a link, with bytes in the vault."""
    return Capture.objects.create(
        evidence=item,
        number=number,
        asked_at=NOW,
        was_restricted=item.sensitivity == Sensitivity.RESTRICTED,
        state=CaptureState.KEPT,
        received_at=NOW,
        **{"asked_by": item.uploaded_by, "status": 200, "final_url": item.url, **said},
        **_published(BYTES),
    )


def made_of(item, kind, content_type="image/jpeg"):
    """Make something of an item, with bytes of its own in the vault."""
    return Derived.objects.create(
        derived_from=item, kind=kind, content_type=content_type, made_at=NOW, **_published(BYTES)
    )
