"""The text of a report's document, as the importer parts it: PDF, saved web page, Word. In the child.

Each reader leaves out what is no part of the narrative: running heads and page numbers of a PDF, the
navigation of a page. Marks of lists stay, and words that were parted at the end of a line are whole again.
"""

from collections.abc import Iterator
from typing import BinaryIO

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.reasons import CannotRead, Part


def parts(stream: BinaryIO, content_type: str) -> Iterator[Part]:
    """Yield the whole text as one part. Raises: CannotRead with the reason."""
    text_of = _reader(content_type)
    try:
        text = text_of(stream).replace("\0", " ").strip()
    except (CannotRead, MemoryError):
        raise
    except Exception as error:  # what its library says of a broken file has no common class
        raise CannotRead("broken") from error
    if not text:
        raise CannotRead("empty")
    if len(text) > limits.NARRATIVE_CHARACTERS:
        raise CannotRead("too_large")
    yield {"kind": "narrative", "type": "text/plain"}, f"{text}\n".encode("utf-8", "replace")


def _reader(content_type: str):  # type: ignore[no-untyped-def]
    """Return the function that reads this kind; each library is loaded for its own kind alone."""
    if content_type == "application/pdf":
        from .printed import text_of  # noqa: PLC0415
    elif content_type == "text/html":
        from .saved_page import text_of  # noqa: PLC0415
    else:
        from .word import text_of  # noqa: PLC0415
    return text_of
