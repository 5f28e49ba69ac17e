"""The only pages that send bytes of evidence: as an attachment, which no browser opens in place, or as a
picture that was made here."""

import logging
from pathlib import PurePosixPath

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations import vault
from recommendations.files import types
from recommendations.models import Capture
from recommendations.selectors import derived
from recommendations.services.evidence import custody
from recommendations.views.attachments import attachment, guarded
from recommendations.views.lookup import evidence_or_404

logger = logging.getLogger(__name__)


@require_safe
def download(request, key):
    """Send the bytes of a file that the person may have, after checking that they are those received."""
    item = evidence_or_404(request.user, key)
    if not derived.may_open_original(item, request.user):
        raise Http404
    return _attachment(request, item, item, types.clean_name(item.original_name))


@require_safe
def copy(request, key):
    """Send the copy of a picture that holds nothing but the picture."""
    item = evidence_or_404(request.user, key)
    held = derived.clean_copy_of(item)
    if held is None:
        raise Http404
    stem = PurePosixPath(types.clean_name(item.original_name)).stem
    return _attachment(request, item, held, f"{stem}-copy.{held.content_type.partition('/')[2]}", copy=True)


@require_safe
def capture(request, key, number):
    """Send a copy of the page behind a link, as it was kept."""
    item = evidence_or_404(request.user, key)
    held = get_object_or_404(Capture.objects.visible_to(request.user).kept(), evidence=item, number=number)
    return _attachment(request, item, held, held.filename, capture=number)


@require_safe
def preview(request, key, number):
    """Show a picture of an item that was drawn here; nothing that somebody sent is ever shown in place."""
    item = evidence_or_404(request.user, key)
    held = get_object_or_404(derived.previews_of(item), number=number)
    try:
        stream = _opened(held)
    except vault.Damaged as damage:
        logger.error("A preview of evidence %s cannot be sent: %s", item.key, damage)
        raise Http404 from damage
    if request.method == "GET":
        custody.note_view(item=item, person=request.user, now=timezone.now())
    # A name of its own, or the header would carry that of the object in the vault.
    response = FileResponse(stream, filename=f"preview-{number}", content_type=held.content_type)
    return guarded(request, response)


def _opened(held):
    return vault.open_verified(held.object_name, size=held.size, sha256=held.sha256)


def _attachment(request, item, held, filename, **which):
    """Send an item's bytes, or those of what was made of it, and note that they were taken out.

    Args:
        which: what the record says of which bytes they were.
    """
    try:
        stream = _opened(held)
    except vault.Locked as locked:
        logger.error("Evidence %s cannot be opened: %s", item.key, locked)
        return render(request, "evidence/locked.html", {"item": item}, status=503)
    except vault.Damaged as damage:
        logger.error("Evidence %s cannot be sent: %s", item.key, damage)
        return render(request, "evidence/damaged.html", {"item": item}, status=500)
    if request.method == "GET":
        custody.note_download(item=item, person=request.user, now=timezone.now(), **which)
    return attachment(request, stream, filename)
