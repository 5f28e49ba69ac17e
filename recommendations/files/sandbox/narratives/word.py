"""The text of a Word document, without its heads, feet and notes."""

import io
import zipfile
import zlib
from typing import BinaryIO
from xml.parsers.expat import ExpatError

import defusedxml
import mammoth
from selectolax.lexbor import LexborHTMLParser

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.reasons import CannotRead

from .blocks import text_of as text_of_blocks

# mammoth reads XML with the standard library, which is kept from entities and references here.
defusedxml.defuse_stdlib()

_DOCUMENT = "word/document.xml"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    defusedxml.DefusedXmlException,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    AttributeError,
    IndexError,
    TypeError,
    RuntimeError,
)


def text_of(stream: BinaryIO) -> str:
    """Return the text of a Word document. Raises: CannotRead."""
    # In memory and without a name: mammoth would look for pictures beside a file that has one.
    data = io.BytesIO(stream.read(limits.MEMBER_BYTES))
    _check(data)
    try:
        said = mammoth.convert_to_html(data, convert_image=mammoth.images.img_element(_no_picture))
    except _BROKEN as error:
        raise CannotRead("broken") from error
    page = LexborHTMLParser(said.value)
    for note in page.css("li[id^='footnote-'], li[id^='endnote-'], sup"):
        note.decompose()
    return text_of_blocks(page.body) if page.body else ""


def _no_picture(_image: object) -> dict[str, str]:
    return {"src": ""}


def _check(stream: BinaryIO) -> None:
    """Refuse what is no Word document, or would unpack to more than one ever has."""
    try:
        with zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
    except _BROKEN as error:
        raise CannotRead("broken") from error
    if _DOCUMENT not in {member.filename for member in members}:
        raise CannotRead("other")
    parts = [member for member in members if member.filename.endswith((".xml", ".rels"))]
    if sum(member.file_size for member in parts) > limits.MEMBER_BYTES:
        raise CannotRead("too_large")
