"""The logo of an organisation: read in the child process, and drawn again with nothing beside its dots."""

import tempfile
from typing import NamedTuple

from django.utils.translation import gettext as _

from recommendations.errors import Refused
from recommendations.files.sandbox import Unreadable, inspect

# No drawing (SVG) is taken: what shows one can also run what it says, and load things.
LARGEST_BYTES = 1024 * 1024
LONGEST_EDGE = 2000
HEADS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class Logo(NamedTuple):
    """The bytes of a picture that was drawn here, and their type."""

    data: bytes
    content_type: str


def redrawn(data: bytes) -> Logo:
    """Return a picture with nothing of its file but what it shows.

    Raises: Refused with a sentence that says what is wrong and what to do.
    """
    if len(data) > LARGEST_BYTES:
        raise Refused(_("This picture is larger than 1 MB. Save it smaller and choose it again."))
    found = next((name for head, name in HEADS.items() if data.startswith(head)), None)
    if found is None:
        raise Refused(_("This is neither a PNG nor a JPEG. Save the logo as a PNG and choose it again."))
    try:
        made = _drawn(data, found)
    except Unreadable as error:
        raise Refused(
            _("This picture cannot be read. Save the logo as a PNG again and choose it once more.")
        ) from error
    if made is None:
        raise Refused(
            _("This picture is larger than %(edge)s by %(edge)s dots. Make it smaller and choose it again.")
            % {"edge": LONGEST_EDGE}
        )
    return made


def _drawn(data: bytes, content_type: str) -> Logo | None:
    """Return the picture as it is drawn anew; None where it has too many dots. Raises: Unreadable."""
    with tempfile.TemporaryFile() as stream:
        stream.write(data)
        stream.flush()
        for part in inspect("pictures", stream, content_type=content_type):
            if part.kind != "copy":
                continue
            if max(part.width, part.height) > LONGEST_EDGE:
                return None
            return Logo(b"".join(part.chunks), part.content_type)
    raise Unreadable("broken")
