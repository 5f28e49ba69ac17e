"""The narrative in a saved web page, without the navigation, banners and sidebars around it."""

import re
from email import message_from_bytes
from typing import BinaryIO

from selectolax.lexbor import LexborHTMLParser, LexborNode

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.words import DECLARED, decoded

from .blocks import text_of as text_of_blocks
from .clutter import is_clutter, remove_clutter
from .landmarks import narrative_place

_ARCHIVE = re.compile(rb"^content-type:\s*multipart/related\b", re.IGNORECASE | re.MULTILINE)
_YEAR = re.compile(r"(?:19|20)\d\d")


def text_of(stream: BinaryIO) -> str:
    """Return the title of a saved page and the narrative in it."""
    data = _page_in(stream.read(limits.MEMBER_BYTES))
    declared = DECLARED.search(data[:4096])
    page = LexborHTMLParser(decoded(data, declared[1].decode() if declared else None))
    return narrative_of(page)


def _page_in(data: bytes) -> bytes:
    """Return the page itself where a browser saved it with its pictures in one file (MHTML)."""
    if not _ARCHIVE.search(data[:4096]):
        return data
    pages = (part for part in message_from_bytes(data).walk() if part.get_content_type() == "text/html")
    page = next(pages, None)
    content = page.get_payload(decode=True) if page else None
    return content if isinstance(content, bytes) else b""


def narrative_of(page: LexborHTMLParser) -> str:
    """Return the narrative of a page, with the titles that stand before it."""
    title = page.css_first("title")
    named = " ".join((title.text() if title else "").split())
    place = narrative_place(page)
    if place is None:
        return ""
    root = place.root
    heads = _headings_before(page, root)
    remove_clutter(root, place.shown_in)
    text = text_of_blocks(root)
    front = [head for head in heads if head and head not in text]
    if named and not any(_YEAR.search(head) for head in front):
        front.insert(0, named)
    return "\n\n".join([*front, text]).strip()


def _headings_before(page: LexborHTMLParser, root: LexborNode) -> list[str]:
    """Return the headings of the page itself that stand before the narrative, such as its title."""
    found = []
    inside = {one.mem_id for one in root.css("h1, h2, h3")}
    body = next((one for one in _above(root) if one.tag in {"main", "article"}), None)
    near = {one.mem_id for one in body.css("h2, h3")} if body else set()
    for one in page.css("h1, h2, h3, p"):
        if one.mem_id == root.mem_id or one.mem_id in inside:
            break
        if one.tag == "p" or (one.tag != "h1" and one.mem_id not in near):
            continue
        if not any(is_clutter(above) for above in [one, *_above(one)] if above.tag != "header"):
            found.append(" ".join(one.text().split()))
    return found


def _above(node: LexborNode) -> list[LexborNode]:
    """Return the elements that an element is in, the nearest first."""
    found = []
    above = node.parent
    while above is not None and above.tag not in {"-undef", "-document"}:
        found.append(above)
        above = above.parent
    return found
