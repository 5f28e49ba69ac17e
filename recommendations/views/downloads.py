"""Files go out through this one door: as an attachment that no browser opens in place."""

import logging
from typing import Any

from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from recommendations import filetypes, vault
from recommendations.services import custody
from recommendations.views.lookup import evidence_or_404

logger = logging.getLogger(__name__)

# Even where a browser were talked into showing the file, nothing in it runs and nothing is loaded.
SANDBOX: Any = {
    "sandbox": True,
    "default-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


@require_safe
@csp_override(SANDBOX)
def download(request, key):
    """Send the bytes of a file that the person may see, after checking that they are those received."""
    item = evidence_or_404(request.user, key)
    if not item.is_file:
        raise Http404
    try:
        stream = vault.open_verified(item.object_name, size=item.size, sha256=item.sha256)
    except vault.Locked as locked:
        logger.error("Evidence %s cannot be opened: %s", item.key, locked)
        return render(request, "recommendations/evidence_locked.html", {"item": item}, status=503)
    except vault.Damaged as damage:
        logger.error("Evidence %s cannot be sent: %s", item.key, damage)
        return render(request, "recommendations/evidence_damaged.html", {"item": item}, status=500)
    if request.method == "GET":
        custody.note_download(item=item, person=request.user, now=timezone.now())
    response = FileResponse(
        stream,
        as_attachment=True,
        filename=filetypes.clean_name(item.original_name),
        content_type="application/octet-stream",
    )
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response
