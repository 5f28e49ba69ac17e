"""Whether a file is stored, and as which type."""

import os
import re
import zipfile
from pathlib import Path

import magic
from django.utils.translation import gettext as _

from recommendations.errors import Refused

from .archives import zip_type
from .kinds import ALLOWED, KNOWN, NEVER, NEVER_EXTENSIONS, OLE, OPAQUE, OTHERWISE, PLAIN, RUNNABLE_TEXT
from .names import extension_of

HEAD_BYTES = 64 * 1024
# Where readers look for the beginning of a PDF or of a web page that does not begin at the first byte.
LENIENT_BYTES = 1024
MARKUP = re.compile(rb"<(!doctype\s+html|html|script|svg|hta:|\?php)", re.IGNORECASE)
PROGRAM_PAGE = re.compile(rb"<hta:application", re.IGNORECASE)
# Kinds that one reader takes for what they say and another for what is hidden in them.
DOUBLE = re.compile(r"image/(?!svg)|audio/|video/|application/pdf")


def check(path: Path, name: str) -> str:
    """Return the type of the file at ``path`` if it is one that we keep under the name ``name``.

    The type is ``OPAQUE`` where the content is not what the name says, or is two things at once: such
    a file is kept, and never looked into or shown.

    Raises: Refused with a sentence that says what the file is and what to do.
    """
    found = type_of(path)
    extension = extension_of(name)
    if found in NEVER or extension in NEVER_EXTENSIONS:
        raise Refused(_refusal(name, NEVER.get(found) or NEVER_EXTENSIONS[extension]))
    if extension not in ALLOWED and found not in KNOWN:
        what = OTHERWISE.get(found) or _("a file of the type %(type)s") % {"type": found}
        raise Refused(_refusal(name, what))
    return OPAQUE if _is_two_things(path, found) else _agreed(extension, found)


def _agreed(extension: str, found: str) -> str:
    """Return the type on which the name and the content agree; ``OPAQUE`` where they do not."""
    types = ALLOWED[extension][1] if extension in ALLOWED else []
    if found in types:
        return types[0] if found in OLE else found
    return PLAIN if PLAIN in types and _is_plain(found) else OPAQUE


def _is_plain(found: str) -> bool:
    text = found.startswith("text/") or found in {"application/json", "application/x-subrip"}
    return text and found not in RUNNABLE_TEXT


def _refusal(name: str, what: object) -> str:
    return _(
        "“%(name)s” is %(what)s. The tracker accepts documents, images, recordings, tables, mails, "
        "web pages, HWP and ZIP files. Save it as a PDF and send that. If you did not expect this, "
        "do not open the file."
    ) % {"name": name, "what": what}


def _is_two_things(path: Path, found: str) -> bool:
    """Say whether a picture, recording or PDF can be read as an archive, a PDF or a web page as well."""
    if not DOUBLE.match(found):
        return False
    with open(path, "rb") as stream:
        head = stream.read(LENIENT_BYTES)
        another = b"%PDF-" in head[1:] or (b"%PDF-" in head and found != "application/pdf")
        return another or bool(MARKUP.search(head)) or zipfile.is_zipfile(stream)


def type_of(path: Path) -> str:
    """Return the MIME type of the content of the file at ``path``, in lower case."""
    with open(path, "rb") as stream:
        head = stream.read(HEAD_BYTES)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return zip_type(stream)
        if head.startswith(b"HWP Document File"):
            return "application/x-hwp"
        if PROGRAM_PAGE.search(head):
            return "application/hta"
        # By its descriptor, since of a file in the spool the path may be a link to one.
        os.lseek(stream.fileno(), 0, os.SEEK_SET)
        found = magic.from_descriptor(stream.fileno(), mime=True).lower()
    # It adds remarks to some, such as "application/x-executable, no program header".
    return re.split(r"[,;]", found)[0]
