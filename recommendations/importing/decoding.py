"""From bytes to text, or a plain refusal."""

import re

from .folding import trim
from .report import NotANarrative

# The first bytes of the files that people most often pick by mistake, and what to do with each.
_SIGNATURES = (
    (
        b"\xd0\xcf\x11\xe0",
        "This is an old Word or Excel file. Save it as a Word document (.docx) or as plain text.",
    ),
    (b"{\\rtf", "This is a rich text (RTF) file. Save it as a Word document (.docx) or as plain text."),
)
# How an office document with a password names its contents.
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MARKS = ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# Signs that Windows-1252 has and plain text in English uses, a letter with an accent alone among others.
_WESTERN = re.compile(
    r"(?:[\x00-\x7f‚„…†‡‰‹‘’“”•–—™›€\xa0§©«\xad®°±·»½¼¾]|[À-ÿŠŒŽšœžŸ](?![À-ÿŠŒŽšœžŸ]{2}))*+"
)
_NO_TEXT = (
    "This is not a text file. Choose the document with the narrative: plain text, a saved web page, a PDF or "
    "a Word document (.docx)."
)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1b\x7f]")
_DATA_FILE = re.compile(r"\A\ufeff?\s*(?:\{\s*[\"}]|\[\s*[{\"\]])")


def decode(data: bytes) -> str:
    """Return plain text exactly: no newline is translated and a byte-order mark is kept.

    It is read as UTF-8, as UTF-16 where it begins with the mark of that, and else as Windows-1252 where it
    has none but the letters of western Europe.

    Raises:
        NotANarrative: the bytes are empty, binary, of another encoding, or data for programs.
    """
    if not data.strip():
        raise NotANarrative("The file is empty. Choose the file that holds the narrative's text.")
    for signature, advice in _SIGNATURES:
        if data.startswith(signature):
            locked = "This Word or Excel file is locked with a password. Save a copy without the password."
            raise NotANarrative(locked if _LOCKED in data else advice)
    text = _as_text(data)
    if len(_CONTROL.findall(text)) > len(text) // 100:
        raise NotANarrative(_NO_TEXT)
    if _DATA_FILE.match(text):
        raise NotANarrative("This is a data file (JSON). Choose the file that holds the narrative's text.")
    start, end = trim(text, 0, len(text))
    if start == end:
        raise NotANarrative("The file is empty. Choose the file that holds the narrative's text.")
    return text


def _as_text(data: bytes) -> str:
    mark = next((encoding for sign, encoding in _MARKS if data.startswith(sign)), None)
    if mark is None and b"\0" in data:
        raise NotANarrative(_NO_TEXT)
    try:
        text = data.decode(mark or "utf-8")
    except UnicodeDecodeError as error:
        if mark is None and (western := _as_western(data)) is not None:
            return western
        line = data.count(b"\n", 0, error.start) + 1
        raise NotANarrative(
            f"The letters of this text cannot be read (the first unreadable one is in line {line}). Open "
            "it in an editor and save it again with the encoding UTF-8."
        ) from error
    if "\0" in text:
        raise NotANarrative(_NO_TEXT)
    return text


def _as_western(data: bytes) -> str | None:
    """Return bytes as Windows-1252, or None where they hold what such a text in English does not."""
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return text if _WESTERN.fullmatch(text) else None
