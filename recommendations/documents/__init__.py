"""From a document as it was received to the text that is read from it; no database.

    document = read(path.read_bytes())
    parse(document.text, sha256=document.sha256)

Every offset of a report counts characters of the text. The bytes are kept beside it, with their SHA-256.
"""

from .reading import LARGEST_BYTES, Document, read, text_digest

__all__ = ["LARGEST_BYTES", "Document", "read", "text_digest"]
