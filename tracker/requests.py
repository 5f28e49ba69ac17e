"""Requests whose head cannot be read still become requests, and are answered like others."""

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

# What stands for the charset of a head that says what nobody can read.
UNREADABLE = "unreadable"


class ReadableRequest(WSGIRequest):
    """A request in UTF-8, whatever it says of itself; the middleware refuses one that says something else.

    Django raises while it makes the request, where no page and no header of ours can answer yet.
    """

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)  # type: ignore[misc]
        except (BadRequest, LookupError, ValueError):
            self.content_type, self.content_params = "", {"charset": UNREADABLE}


class Handler(WSGIHandler):
    """Django's entry for requests, with requests of ours."""

    request_class = ReadableRequest
