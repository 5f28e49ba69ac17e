"""Archives: listed, never unpacked."""

import zipfile
import zlib
from typing import BinaryIO

from django.utils.translation import gettext as _

from recommendations.errors import Refused

from .kinds import KNOWN, OFFICE

ZIP_MEMBERS = 2_000
ZIP_DIRECTORY_BYTES = 2 * 1024 * 1024
ZIP_DECLARED_BYTES = 1024**3
ZIP_RATIO = 200
# What zipfile says of a member that is broken, encrypted, or packed in a way it does not know.
UNREADABLE = (zipfile.BadZipFile, RuntimeError, ValueError, OSError, EOFError, zlib.error)


def zip_type(stream: BinaryIO) -> str:
    """Tell office documents, HWPX and programs from plain archives by what lies inside."""
    names = {name for name, _size in listing(stream)}
    if any(name.endswith("vbaProject.bin") for name in names):
        return "application/x-macro-document"
    if "META-INF/MANIFEST.MF" in names:
        return "application/java-archive"
    if "AndroidManifest.xml" in names:
        return "application/vnd.android.package-archive"
    if "[Content_Types].xml" in names:
        for part, kind in (
            ("word/", "wordprocessingml.document"),
            ("xl/", "spreadsheetml.sheet"),
            ("ppt/", "presentationml.presentation"),
        ):
            if any(name.startswith(part) for name in names):
                return f"{OFFICE}.{kind}"
    return _declared_type(stream) if "mimetype" in names else "application/zip"


def _declared_type(stream: BinaryIO) -> str:
    """Return what the ``mimetype`` member of an OpenDocument or HWPX file says, if it is one we know."""
    try:
        with zipfile.ZipFile(stream) as archive, archive.open("mimetype") as member:
            said = member.read(100).decode("ascii", "replace").strip()
    except UNREADABLE:
        return "application/zip"
    return said if said in KNOWN else "application/zip"


def listing(stream: BinaryIO) -> list[tuple[str, int]]:
    """Return the (name, size in bytes) pairs of the members of a ZIP file; nothing is unpacked.

    Raises: Refused for one that is broken, or made to fill a disk when somebody unpacks it.
    """
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        # The last is what zipfile raises for an archive that needs a later version than it knows.
        raise Refused(_("This archive is broken: its list of contents cannot be read.")) from error
    declared = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > ZIP_MEMBERS or declared > ZIP_DECLARED_BYTES or declared > ZIP_RATIO * max(packed, 1):
        raise Refused(
            _("This archive would unpack to much more data than is safe. Send its files one by one.")
        )
    return [(member.filename, member.file_size) for member in members]


def _check_directory(stream: BinaryIO) -> None:
    """Refuse an archive whose table of contents alone would fill the memory, before reading it."""
    stream.seek(0, 2)
    size = stream.tell()
    start = max(0, size - 65_557)
    stream.seek(start)
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise Refused(_("This archive is broken: its end is missing. Send it again."))
    directory = int.from_bytes(tail[end + 12 : end + 16], "little")
    # An archive of the large format (ZIP64) gives its true figures elsewhere; ours are never that large.
    if directory > ZIP_DIRECTORY_BYTES or b"PK\x06\x07" in tail[max(0, end - 20) : end]:
        raise Refused(_("This archive contains too many files. Send its files one by one."))
    stream.seek(0)
