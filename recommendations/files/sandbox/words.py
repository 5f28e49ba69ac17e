"""The words of a document, page by page. Runs in the child."""

import html.parser
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException, ElementTree

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.reasons import CannotRead, Part

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# As these are what people write Korean text in; UTF-8 and UTF-16 say which they are.
ENCODINGS = ("utf-8-sig", "cp949")
MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
UNSEEN = {"script", "style", "template", "noscript", "svg"}


def parts(stream: BinaryIO, content_type: str) -> Iterator[Part]:
    """Yield the words of each page that has some; a document without pages is one.

    Raises: CannotRead when it is broken, locked, or holds no words (a scan).
    """
    left, found = limits.TEXT_CHARACTERS, False
    for number, words in enumerate(_pages(stream, content_type), start=1):
        words = words.replace("\0", " ")[:left].strip()
        left -= len(words)
        if words:
            found = True
            # A letter cut in two by the document's author is no reason to lose the page.
            yield {"kind": "words", "number": number, "type": "text/plain"}, words.encode("utf-8", "replace")
        if left <= 0:
            break
    if not found:
        raise CannotRead("empty")


def _pages(stream: BinaryIO, content_type: str) -> Iterable[str]:
    if content_type == "application/pdf":
        return _pdf(stream)
    if content_type == DOCX:
        return [_docx(stream)]
    data = stream.read(limits.MEMBER_BYTES)
    if content_type in {"text/html", "application/xhtml+xml"}:
        return [_html(data)]
    return [decoded(data)]


def _pdf(stream: BinaryIO) -> Iterator[str]:
    import pypdfium2  # noqa: PLC0415 - large, and of use for this kind alone

    from recommendations.files.sandbox.pages import opened  # noqa: PLC0415

    document = opened(stream)
    for number in range(min(len(document), limits.PAGES_READ)):
        try:
            page = document[number]
            text = page.get_textpage()
            yield text.get_text_range()
            text.close()
            page.close()
        except pypdfium2.PdfiumError as error:
            raise CannotRead("broken") from error


def _docx(stream: BinaryIO) -> str:
    """Return the words of a Word document, a line for each paragraph."""
    try:
        with zipfile.ZipFile(stream) as archive, archive.open("word/document.xml") as member:
            data = member.read(limits.MEMBER_BYTES + 1)
        if len(data) > limits.MEMBER_BYTES:
            raise CannotRead("too_large")
        root = ElementTree.fromstring(data)
    except (DefusedXmlException, ElementTree.ParseError, KeyError, RuntimeError) as error:
        raise CannotRead("broken") from error
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, zlib.error) as error:
        raise CannotRead("broken") from error
    return "\n".join("".join(_told(paragraph)) for paragraph in root.iter(f"{WORD}p"))


def _told(paragraph: Element) -> Iterator[str]:
    for part in paragraph.iter():
        if part.tag in {f"{WORD}t", f"{WORD}tab"}:
            yield part.text or "\t"


class _Seen(html.parser.HTMLParser):
    """Collects the words that a reader of the page would see."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in UNSEEN
        self.words.append("\n" if tag in {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4"} else "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden = max(0, self.hidden - (tag in UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def _html(data: bytes) -> str:
    declared = DECLARED.search(data[:2048])
    seen = _Seen()
    seen.feed(decoded(data, declared[1].decode() if declared else None))
    seen.close()
    return re.sub(r"[ \t\r\f]+", " ", "".join(seen.words))


def decoded(data: bytes, declared: str | None = None) -> str:
    """Return the text of bytes: by their mark, by what they declare, else as UTF-8 or Korean, else as is."""
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    for encoding in (marked, declared, *ENCODINGS):
        try:
            if encoding:
                return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("utf-8", "replace")
