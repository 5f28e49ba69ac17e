"""The original name of a file: what of it is shown, and what it says about the content."""

import unicodedata
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from .kinds import ALLOWED

NAME_LIMIT = 150  # characters; headers and file systems take 255 bytes, and Hangul needs three each


def clean_name(name: object) -> str:
    """Return a file name fit to be shown and sent in a header; it is never used for a path.

    Leaves out folders, control characters, line ends and the marks that turn the direction of text (by
    which ``annexe‮fdp.exe`` looks like a PDF), puts typographic quotes for straight ones, and
    shortens to ``NAME_LIMIT`` characters so that the extension stays.
    """
    name = unicodedata.normalize("NFC", str(name)).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(sign for sign in name if sign.isprintable()).replace('"', "”").replace("'", "’")
    name = " ".join(name.split()).lstrip(".") or "file"
    stem, dot, extension = name.rpartition(".")
    if dot and len(extension) <= 10:
        return f"{stem[: NAME_LIMIT - len(extension) - 1].rstrip()}.{extension}"
    return name[:NAME_LIMIT]


def shown(name: object) -> str:
    """Return the path of an archive's member fit to be shown: at most 200 printable characters."""
    return "".join(sign for sign in str(name) if sign.isprintable())[:200]


def extension_of(name: str) -> str:
    """Return the extension in lower case without its dot; empty when there is none."""
    return PurePosixPath(name).suffix.lstrip(".").lower()


def label_of(name: str) -> str:
    """Return what people call a file of this name, such as "PDF document"."""
    return str(ALLOWED[extension_of(name)][0]) if extension_of(name) in ALLOWED else _("File")
