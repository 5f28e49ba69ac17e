"""Briefs: asked for at their door, and all that is in such a file."""

import io
import zipfile

import pikepdf
import pypdfium2
from django.urls import reverse

from recommendations.services import organisation
from tests.support.canary import Canary
from tests.support.factories import NOW
from tests.support.pages import browser_of


def named_canary():
    """Return a canary whose organisation has a name and a contact."""
    canary = Canary()
    organisation.keep(
        actor=canary.team["manager"],
        name="Korea Watch",
        contact="office@example.org\nExample Street 1",
        now=NOW,
    )
    return canary


def made(canary, made_as, which=None, **data):
    """Ask for a brief on the report at its door. Returns: the answer."""
    page = reverse("report-brief", args=[canary.report.slug])
    references = which or [one.reference for one in canary.report.recommendations.all()]
    asked = {"made_for": "public", "made_as": made_as, "which": references, **data}
    return browser_of(canary.team["viewer"]).post(page, asked)


def text_of_pdf(data):
    with pypdfium2.PdfDocument(data) as pdf:
        return " ".join(page.get_textpage().get_text_bounded() for page in pdf)


def all_of_pdf(data):
    """Return every byte of a PDF that means something, unpacked: streams, strings and metadata."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        unpacked = io.BytesIO()
        pdf.save(unpacked, stream_decode_level=pikepdf.StreamDecodeLevel.all, object_stream_mode=0)
    return unpacked.getvalue()


def parts_of_docx(data):
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return b"".join(name.encode() + file.read(name) for name in file.namelist())


def tags(pdf):
    """Yield the kind of each element of the structure of a PDF, in the order of reading."""

    def walk(node):
        for child in node if isinstance(node, pikepdf.Array) else [node]:
            if isinstance(child, pikepdf.Dictionary):
                if "/S" in child:
                    yield str(child.S)
                if "/K" in child:
                    yield from walk(child.K)

    return list(walk(pdf.Root.StructTreeRoot.K))
