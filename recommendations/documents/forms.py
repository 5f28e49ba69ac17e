"""What a document is by its bytes, and what is said where it cannot be read."""

import re

from recommendations.choices import SourceForm
from recommendations.files.sandbox import limits

# Readers look for the beginning of a PDF in as many bytes.
_PDF_WITHIN = 1024
_PAGE = re.compile(
    # What was read of it is never read in another way: a row of comments would be tried in all of them.
    rb"\A(?:\xef\xbb\xbf)?+\s*+(?:<\?xml[^>]{0,200}\?>\s*+)?+(?:<!--(?:(?!-->).){0,2000}+-->\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|meta)\b"
    rb"|</(?:p|div|body|html)>",
    re.IGNORECASE | re.DOTALL,
)
# A page that a browser saved with its pictures in one file (MHTML).
_ARCHIVE = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)
_PAGE_WITHIN = 64 * 1024


def form_of(data: bytes) -> SourceForm:
    """Return what a document is; what is none of the others is for the reader of plain text to refuse."""
    head = data[:_PAGE_WITHIN]
    if data.startswith(b"PK\x03\x04"):
        return SourceForm.WORD
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return SourceForm.PDF
    if _ARCHIVE.search(head[:4096]):
        return SourceForm.PAGE
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    return SourceForm.PAGE if _PAGE.search(head) else SourceForm.TEXT


def refusal(form: SourceForm, reason: str) -> str:
    """Return the sentences that say why a document cannot be read, and what to do."""
    named, said = (
        _NAMES[form],
        _SAID.get((form, reason)) or _SAID.get((None, reason)) or _SAID[None, "broken"],
    )
    return said.format(named=named, pages=limits.NARRATIVE_PAGES, seconds=limits.NARRATIVE_SECONDS)


_NAMES = {
    SourceForm.PAGE: "saved web page",
    SourceForm.PDF: "PDF",
    SourceForm.WORD: "Word document",
    SourceForm.TEXT: "text file",
}
_SAID: dict[tuple[SourceForm | None, str], str] = {
    (SourceForm.PDF, "pictures"): (
        "This PDF holds only pictures of its pages and no text, as a scan does. Copy the narrative from the "
        "page of the report on the web and paste it, or have the text recognized by a program (OCR) first."
    ),
    (SourceForm.PDF, "too_large"): (
        "This PDF is longer than the narrative of one country: it has more than {pages} pages, or more text "
        "than that. Save the pages of the country as a PDF of their own, or paste their text."
    ),
    (SourceForm.PAGE, "empty"): (
        "This saved web page holds no text: a browser loads it when the page is opened. Open the page in a "
        "browser, select the narrative, copy it and paste it."
    ),
    (SourceForm.WORD, "other"): (
        "This is a ZIP, Excel or PowerPoint file or the like, and no Word document. Choose the document with "
        "the narrative: a Word document (.docx), a PDF, a saved web page or plain text."
    ),
    (None, "empty"): "This {named} holds no text. Choose the document that holds the narrative.",
    (None, "locked"): (
        "This {named} is locked with a password. Save a copy without the password, and choose that."
    ),
    (None, "too_large"): (
        "This {named} holds far more than the narrative of one country. "
        "Copy the narrative alone and paste it."
    ),
    (None, "too_much"): (
        "Reading this {named} was stopped: it is broken, or takes more than {seconds} seconds or too much "
        "memory. Copy the narrative from it and paste it."
    ),
    (None, "broken"): (
        "This {named} cannot be read: it is broken or incomplete. Save it again and choose the new file, or "
        "copy the narrative and paste it."
    ),
}
