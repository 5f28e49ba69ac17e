"""From bytes to text, or a plain refusal."""

import re

from .folding import trim
from .report import NotANarrative

# The first bytes of the files that people most often pick by mistake, and what to do with each.
_SIGNATURES = (
    (b"%PDF", "This is a PDF. Copy the country's narrative out of it into a plain text file."),
    (b"PK\x03\x04", "This is a Word, Excel or ZIP file. Save the narrative as plain text (UTF-8)."),
    (b"\xd0\xcf\x11\xe0", "This is an old Word or Excel file. Save the narrative as plain text (UTF-8)."),
    (b"{\\rtf", "This is a rich text (RTF) file. Save the narrative as plain text (UTF-8)."),
    (b"\xff\xfe", "This text is saved as UTF-16. Save it again with the encoding UTF-8."),
    (b"\xfe\xff", "This text is saved as UTF-16. Save it again with the encoding UTF-8."),
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f]")
_DATA_FILE = re.compile(r"\A\ufeff?\s*(?:\{\s*[\"}]|\[\s*[{\"\]])")
_WEB_PAGE = re.compile(
    r"\A\ufeff?\s*(?:<!doctype\s+html|<html\b|<\?xml\b)|</(?:p|div|body|html)>", re.IGNORECASE
)


def decode(data: bytes) -> str:
    """Return `data` as text, exactly: no newline is translated and a byte-order mark is kept.

    Raises:
        NotANarrative: the bytes are empty, binary, not UTF-8, or the source of a web page.
    """
    if not data.strip():
        raise NotANarrative("The file is empty. Choose the file that holds the narrative's text.")
    for signature, advice in _SIGNATURES:
        if data.startswith(signature):
            raise NotANarrative(advice)
    if b"\x00" in data:
        raise NotANarrative("This is not a text file. Save the narrative as plain text (UTF-8).")
    text = _as_utf8(data)
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise NotANarrative("This is not a text file. Save the narrative as plain text (UTF-8).")
    if _WEB_PAGE.search(text):
        raise NotANarrative(
            "This is the source of a web page. Open it in a browser, and save or copy its text alone."
        )
    if _DATA_FILE.match(text):
        raise NotANarrative("This is a data file (JSON). Choose the file that holds the narrative's text.")
    start, end = trim(text, 0, len(text))
    if start == end:
        raise NotANarrative("The file is empty. Choose the file that holds the narrative's text.")
    return text


def _as_utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotANarrative(
            f"This text is not saved as UTF-8 (the first unreadable character is in line {line}). "
            "Open it in an editor and save it again with the encoding UTF-8."
        ) from error
