"""The first pages of a PDF as pictures, and its metadata. Runs in the child."""

import json
from collections.abc import Iterator
from typing import BinaryIO

import pypdfium2

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.pictures import VALUE_LENGTH, preview
from recommendations.files.sandbox.reasons import CannotRead, Part


def opened(stream: BinaryIO) -> pypdfium2.PdfDocument:
    """Return the document. Raises: CannotRead when it is broken or needs a password."""
    try:
        document = pypdfium2.PdfDocument(stream)
    except pypdfium2.PdfiumError as error:
        raise CannotRead("locked" if "password" in str(error).lower() else "broken") from error
    if len(document) == 0:
        raise CannotRead("empty")
    return document


def parts(stream: BinaryIO, content_type: str) -> Iterator[Part]:
    """Yield a picture of each of the first pages, and the metadata."""
    document = opened(stream)
    for number in range(min(len(document), limits.PAGES_SHOWN)):
        try:
            page = document[number]
            # A page can call itself a kilometre wide; what is drawn has always the same number of dots.
            scale = limits.PREVIEW_EDGE / max(*page.get_size(), 1)
            drawn = page.render(scale=scale, draw_annots=True).to_pil().convert("RGB")
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise CannotRead("broken") from error
        yield preview(drawn, number + 1)
        page.close()
    said = [
        ["PDF", name, value[:VALUE_LENGTH]] for name, value in document.get_metadata_dict().items() if value
    ]
    said.append(["PDF", "Pages", str(len(document))])
    yield {"kind": "metadata", "type": "application/json"}, json.dumps(said).encode()
