"""Bytes that somebody sent: only ever downloaded, never shown in the browser."""

from typing import Any

from django.http import FileResponse
from django.utils.csp import CSP
from django.views.decorators.csp import csp_override

# Even where a browser were talked into showing the file, nothing in it runs and nothing is loaded.
SANDBOX: Any = {
    "sandbox": True,
    "default-src": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


def attachment(request, stream, filename):
    """Return an answer that holds bytes as an attachment of no type that a browser knows."""
    response = FileResponse(
        stream, as_attachment=True, filename=filename, content_type="application/octet-stream"
    )
    return guarded(request, response)


@csp_override(SANDBOX)
def guarded(_request, response):
    """Shut an answer that holds bytes in; the pages that say why none came are pages like all others."""
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Content-Type-Options"] = "nosniff"
    return response
