"""Single updates and evidence items for tests, each made in one line."""

import hashlib
import io
import uuid
from datetime import timedelta

from recommendations import vault
from recommendations.choices import (
    CaptureState,
    Confidence,
    Decision,
    Direction,
    EvidenceForm,
    Sensitivity,
    Status,
    UpdateKind,
    UpdateState,
)
from recommendations.models import Capture, Derived, Evidence, StatusUpdate
from recommendations.services import reviews, updates
from tests.support.cast import NOW

BYTES = b"%PDF-1.4 an example\n"


def write(author, recommendation, *, kind=UpdateKind.ASSESSMENT, citations=(), submit=True, **fields):
    """Write an update with all that it needs, and submit it unless told not to."""
    given = {"kind": kind, "as_of": NOW.date() - timedelta(days=3), **fields}
    if kind == UpdateKind.ASSESSMENT:
        given = {
            "status": Status.NO_ACTION,
            "confidence": Confidence.MEDIUM,
            "direction": Direction.SAME,
            "reason": "Nothing was published.",
            **given,
        }
    update = updates.save_draft(
        author=author,
        recommendation=recommendation,
        key=uuid.uuid4(),
        fields=given,
        places=[("KCNA", given["as_of"])],
        citations=citations,
        now=NOW,
    )
    return updates.submit(update=update, actor=author, now=NOW) if submit else update


def approve(update, reviewer):
    """Approve an update and return it as it is then."""
    reviews.decide(update=update, reviewer=reviewer, decision=Decision.APPROVE, now=NOW)
    update.refresh_from_db()
    return update


def link(uploader, title, sensitivity=Sensitivity.INTERNAL):
    """Make an evidence item that points to an address."""
    return Evidence.objects.create(
        form=EvidenceForm.LINK,
        url="https://example.org/item",
        title=title,
        sensitivity=sensitivity,
        uploaded_by=uploader,
        uploaded_at=NOW,
    )


def file(uploader, title, sensitivity=Sensitivity.INTERNAL):
    """Make an evidence item that holds bytes in the vault."""
    incoming = vault.Incoming()
    incoming.write(BYTES)
    incoming.finish()
    return Evidence.objects.create(
        form=EvidenceForm.FILE,
        object_name=vault.publish(incoming),
        original_name="item.pdf",
        size=len(BYTES),
        sha256=hashlib.sha256(BYTES).hexdigest(),
        title=title,
        sensitivity=sensitivity,
        uploaded_by=uploader,
        uploaded_at=NOW,
    )


def captured(item, number=1, **said):
    """Make a copy of the page behind a link, with bytes in the vault."""
    incoming = vault.receive(io.BytesIO(BYTES))
    return Capture.objects.create(
        evidence=item,
        number=number,
        asked_at=NOW,
        was_restricted=item.sensitivity == Sensitivity.RESTRICTED,
        state=CaptureState.KEPT,
        received_at=NOW,
        **{"asked_by": item.uploaded_by, "status": 200, "final_url": item.url, **said},
        size=incoming.size,
        sha256=incoming.sha256,
        object_name=vault.publish(incoming),
    )


def made_of(item, kind, content_type="image/jpeg"):
    """Make something of an item, with bytes of its own in the vault."""
    incoming = vault.Incoming()
    incoming.write(BYTES)
    incoming.finish()
    return Derived.objects.create(
        derived_from=item,
        kind=kind,
        content_type=content_type,
        size=len(BYTES),
        sha256=hashlib.sha256(BYTES).hexdigest(),
        object_name=vault.publish(incoming),
        made_at=NOW,
    )


def update_of(recommendation_id, team, days):
    """Return an approved assessment that is not saved yet."""
    return StatusUpdate(
        key=uuid.uuid4(),
        recommendation_id=recommendation_id,
        kind=UpdateKind.ASSESSMENT,
        state=UpdateState.APPROVED,
        status=Status.NO_ACTION,
        author=team["author"],
        as_of=NOW.date() - timedelta(days=days),
        created_at=NOW,
        changed_at=NOW,
        approved_at=NOW,
        approved_by=team["reviewer"],
    )
