"""One document: its bytes, its text, and what the text was read from."""

import hashlib
import tempfile
from dataclasses import dataclass
from functools import cached_property

from recommendations.choices import SourceForm
from recommendations.documents.forms import form_of, refusal
from recommendations.files.sandbox import Unreadable, inspect, limits
from recommendations.importing import NotANarrative, decode

# Narratives have pictures in PDF and Word documents; a report of every country is larger.
LARGEST_BYTES = 10 * 1024 * 1024
# What the process that looks into a file is told of it.
TYPES = {
    SourceForm.PAGE: "text/html",
    SourceForm.PDF: "application/pdf",
    SourceForm.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True)
class Document:
    """A document as received, and the text that was read from it.

    Of plain text the text is the bytes, decoded and otherwise untouched.
    """

    data: bytes
    text: str
    form: SourceForm = SourceForm.TEXT

    @cached_property
    def sha256(self) -> str:
        """The digest of the bytes as received."""
        return hashlib.sha256(self.data).hexdigest()


def read(data: bytes) -> Document:
    """Read the text of a document; the bytes alone say what it is, whatever its name.

    What is no plain text is read in a process of its own, within ``limits.NARRATIVE_SECONDS`` and
    ``limits.NARRATIVE_MEMORY_BYTES``.

    Raises: NotANarrative with a sentence that says what is wrong and what to do.
    """
    form = form_of(data)
    return Document(data, decode(data) if form == SourceForm.TEXT else _extracted(data, form), form)


def _extracted(data: bytes, form: SourceForm) -> str:
    """Return what the process finds in a document. Raises: NotANarrative."""
    with tempfile.TemporaryFile() as stream:
        stream.write(data)
        stream.flush()
        try:
            [text] = [
                b"".join(part.chunks).decode("utf-8", "replace")
                for part in inspect(
                    "narrative", stream, content_type=TYPES[form], seconds=limits.NARRATIVE_SECONDS
                )
            ]
        except Unreadable as error:
            raise NotANarrative(refusal(form, error.reason)) from error
        except ValueError as error:
            raise NotANarrative(refusal(form, "broken")) from error
    return text


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text that was read from a document; the event of its import keeps it."""
    return hashlib.sha256(text.encode()).hexdigest()
