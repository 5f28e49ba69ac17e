"""What a received file is, by its bytes and by its name, and whether we keep such files.

Evidence is hostile until proven otherwise: a file is kept when its content is of a kind on the list
below and its name says the same. Archives are listed, never unpacked. No database.
"""

import unicodedata
import zipfile
from pathlib import PurePosixPath

import magic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.errors import Refused

NAME_LIMIT = 150  # characters; headers and file systems take 255 bytes, and Hangul needs three each
ZIP_MEMBERS = 2_000
ZIP_DIRECTORY_BYTES = 2 * 1024 * 1024
ZIP_DECLARED_BYTES = 1024**3
ZIP_RATIO = 200

OLE = {"application/x-ole-storage", "application/cdfv2", "application/vnd.ms-office"}
OFFICE = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
PLAIN = "text/plain"

# Extension -> (what people call it, the types that its content may be; the first is the one we note down).
ALLOWED = {
    "pdf": (gettext_lazy("PDF document"), ["application/pdf"]),
    "jpg": (gettext_lazy("JPEG image"), ["image/jpeg"]),
    "jpeg": (gettext_lazy("JPEG image"), ["image/jpeg"]),
    "png": (gettext_lazy("PNG image"), ["image/png"]),
    "gif": (gettext_lazy("GIF image"), ["image/gif"]),
    "webp": (gettext_lazy("WebP image"), ["image/webp"]),
    "tif": (gettext_lazy("TIFF image"), ["image/tiff"]),
    "tiff": (gettext_lazy("TIFF image"), ["image/tiff"]),
    "heic": (gettext_lazy("HEIC image"), ["image/heic", "image/heif"]),
    "mp3": (gettext_lazy("MP3 recording"), ["audio/mpeg"]),
    "wav": (gettext_lazy("WAV recording"), ["audio/x-wav", "audio/wav"]),
    "m4a": (gettext_lazy("M4A recording"), ["audio/x-m4a", "audio/mp4", "video/mp4", "video/3gpp"]),
    "ogg": (gettext_lazy("Ogg recording"), ["audio/ogg", "application/ogg", "video/ogg"]),
    "opus": (gettext_lazy("Opus recording"), ["audio/ogg", "application/ogg"]),
    "flac": (gettext_lazy("FLAC recording"), ["audio/flac", "audio/x-flac"]),
    "mp4": (gettext_lazy("MP4 video"), ["video/mp4", "video/x-m4v", "video/quicktime"]),
    "m4v": (gettext_lazy("MP4 video"), ["video/mp4", "video/x-m4v"]),
    "mov": (gettext_lazy("QuickTime video"), ["video/quicktime", "video/mp4"]),
    "3gp": (gettext_lazy("3GP video"), ["video/3gpp", "video/3gpp2", "video/mp4"]),
    "webm": (gettext_lazy("WebM video"), ["video/webm"]),
    "mkv": (gettext_lazy("Matroska video"), ["video/x-matroska", "video/matroska"]),
    "avi": (gettext_lazy("AVI video"), ["video/x-msvideo", "video/avi"]),
    "mpg": (gettext_lazy("MPEG video"), ["video/mpeg"]),
    "mpeg": (gettext_lazy("MPEG video"), ["video/mpeg"]),
    "txt": (gettext_lazy("Plain text"), [PLAIN]),
    "md": (gettext_lazy("Plain text"), [PLAIN]),
    "csv": (gettext_lazy("CSV table"), ["text/csv", "application/csv", PLAIN]),
    "eml": (gettext_lazy("E-mail message"), ["message/rfc822", PLAIN]),
    "rtf": (gettext_lazy("RTF document"), ["text/rtf", "application/rtf"]),
    "doc": (gettext_lazy("Word document"), ["application/msword", *OLE]),
    "xls": (gettext_lazy("Excel table"), ["application/vnd.ms-excel", *OLE]),
    "ppt": (gettext_lazy("PowerPoint slides"), ["application/vnd.ms-powerpoint", *OLE]),
    "docx": (gettext_lazy("Word document"), [f"{OFFICE}.wordprocessingml.document"]),
    "xlsx": (gettext_lazy("Excel table"), [f"{OFFICE}.spreadsheetml.sheet"]),
    "pptx": (gettext_lazy("PowerPoint slides"), [f"{OFFICE}.presentationml.presentation"]),
    "odt": (gettext_lazy("OpenDocument text"), [f"{ODF}.text"]),
    "ods": (gettext_lazy("OpenDocument table"), [f"{ODF}.spreadsheet"]),
    "odp": (gettext_lazy("OpenDocument slides"), [f"{ODF}.presentation"]),
    "hwp": (gettext_lazy("Hangul document"), ["application/x-hwp", *OLE]),
    "hwpx": (gettext_lazy("Hangul document"), ["application/hwp+zip"]),
    "zip": (gettext_lazy("ZIP archive"), ["application/zip"]),
}
# Text that a computer may run as a program is not read as plain text.
RUNNABLE_TEXT = {"text/html", "text/x-shellscript", "text/x-msdos-batch", "text/javascript", "text/x-php"}
REFUSED_WORDS = {
    "application/vnd.microsoft.portable-executable": gettext_lazy("a Windows program"),
    "application/x-dosexec": gettext_lazy("a Windows program"),
    "application/x-msi": gettext_lazy("a Windows installer"),
    "application/x-executable": gettext_lazy("a program"),
    "application/x-sharedlib": gettext_lazy("a program"),
    "application/x-pie-executable": gettext_lazy("a program"),
    "application/x-mach-binary": gettext_lazy("a program"),
    "application/java-archive": gettext_lazy("a program"),
    "application/vnd.android.package-archive": gettext_lazy("a program"),
    "application/x-ms-shortcut": gettext_lazy("a Windows shortcut, a common way to plant malware"),
    "application/hta": gettext_lazy("a web page that runs as a program (HTA)"),
    "application/x-iso9660-image": gettext_lazy("a disk image"),
    "application/x-macro-document": gettext_lazy("an office document with macros, which are programs"),
    "text/html": gettext_lazy("a web page (HTML)"),
    "image/svg+xml": gettext_lazy("an SVG drawing, which can hold programs"),
    "text/x-shellscript": gettext_lazy("a script"),
    "text/x-msdos-batch": gettext_lazy("a script"),
    "text/javascript": gettext_lazy("a script"),
    "application/octet-stream": gettext_lazy("data of an unknown kind"),
}


def clean_name(name):
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


def shown(name):
    """Return the path of an archive's member fit to be shown: printable signs, 200 at most."""
    return "".join(sign for sign in str(name) if sign.isprintable())[:200]


def extension_of(name):
    """Return the extension in lower case without its dot; empty when there is none."""
    return PurePosixPath(name).suffix.lstrip(".").lower()


def label_of(name):
    """Return what people call a file of this name, such as "PDF document"."""
    return ALLOWED[extension_of(name)][0] if extension_of(name) in ALLOWED else _("File")


def check(path, name):
    """Return the type of the file at ``path`` if it is one that we keep under the name ``name``.

    Raises: Refused with a sentence that says what the file is and what to do.
    """
    found = type_of(path)
    extension = extension_of(name)
    if extension in ALLOWED:
        types = ALLOWED[extension][1]
        if found in types:
            return types[0] if found in OLE else found
        if PLAIN in types and _is_plain(found):
            return PLAIN
    raise Refused(_refusal(name, extension, found))


def _is_plain(found):
    text = found.startswith("text/") or found in {"application/json", "application/x-subrip"}
    return text and found not in RUNNABLE_TEXT


def _refusal(name, extension, found):
    match = next((ext for ext, (_label, types) in ALLOWED.items() if found == types[0]), None)
    if match is None or (found in RUNNABLE_TEXT):
        what = REFUSED_WORDS.get(found) or _("a file of the type %(type)s") % {"type": found}
        return _(
            "“%(name)s” is %(what)s. The tracker keeps documents, images, recordings, tables, mails, HWP "
            "and ZIP files. Save it as PDF and send that; if you did not expect this, do not open it."
        ) % {"name": name, "what": what}
    label = ALLOWED[match][0]
    if extension in ALLOWED:
        return _(
            "“%(name)s” is by its content a %(label)s, but its name ends in .%(extension)s. "
            "If the content is right, rename it to end in .%(match)s and send it again."
        ) % {"name": name, "label": label, "extension": extension, "match": match}
    return _(
        "“%(name)s” needs a name that says what it is: by its content it is a %(label)s. "
        "Rename it to end in .%(match)s and send it again."
    ) % {"name": name, "label": label, "match": match}


def type_of(path):
    """Return the MIME type of the content of the file at ``path``, in lower case."""
    with open(path, "rb") as stream:
        head = stream.read(32)
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip_type(stream)
    if head.startswith(b"HWP Document File"):
        return "application/x-hwp"
    return magic.from_file(str(path), mime=True).lower()


def _zip_type(stream):
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


def _declared_type(stream):
    """Return what the ``mimetype`` member of an OpenDocument or HWPX file says, if it is one we know."""
    with zipfile.ZipFile(stream) as archive, archive.open("mimetype") as member:
        said = member.read(100).decode("ascii", "replace").strip()
    return said if any(said in types for _label, types in ALLOWED.values()) else "application/zip"


def listing(stream):
    """Return the (name, size in bytes) pairs of the members of a ZIP file; nothing is unpacked.

    Raises: Refused for one that is broken, or made to fill a disk when somebody unpacks it.
    """
    _check_directory(stream)
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError) as error:
        raise Refused(_("This archive is broken: its list of contents cannot be read.")) from error
    declared = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > ZIP_MEMBERS or declared > ZIP_DECLARED_BYTES or declared > ZIP_RATIO * max(packed, 1):
        raise Refused(
            _("This archive would unpack to far more than it should hold. Send its files one by one.")
        )
    return [(member.filename, member.file_size) for member in members]


def _check_directory(stream):
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
        raise Refused(_("This archive holds too many files. Send its files one by one."))
    stream.seek(0)
