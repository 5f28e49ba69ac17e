"""HTML as plain text: a blank line between blocks, "* " before the items of a list."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

BLOCKS = re.compile(
    "address|article|aside|blockquote|body|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|header|hgroup|hr|html|legend|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
# What a reader of the page does not read as its words.
UNSEEN = re.compile(
    "script|style|template|noscript|svg|iframe|object|embed|canvas|audio|video|button|input|select|textarea|option"
    "|head|math"
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_NOTHING = re.compile("[\u00ad\u200b\u2060\ufeff]")


def text_of(node: LexborNode) -> str:
    """Return the words of an element and all that is in it, as a browser would set them."""
    pieces = _NOTHING.sub("", "".join(_pieces(node)))
    text = "\n".join(_SPACE.sub(" ", line).strip() for line in pieces.split("\v"))
    # An item that brings a bullet of its own needs no other.
    text = re.sub(r"^\*\s+(?=[•◦▪‣·*])", "", text, flags=re.MULTILINE)
    text = re.sub(r"^\*\n+(?=\S)", "* ", text, flags=re.MULTILINE)
    text = re.sub(r"^\*\s*$", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def elements(root: LexborNode) -> Iterator[LexborNode]:
    """Yield an element and all in it, in the order of the page; without recursion, however deep it is."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(_children(node))


def _children(node: LexborNode) -> list[LexborNode]:
    """Return what is directly in an element, the last first."""
    found, child = [], node.last_child
    while child is not None:
        found.append(child)
        child = child.prev
    return found


def _pieces(root: LexborNode) -> Iterator[str]:
    r"""Yield words, and ``\v`` for each line break."""
    # Beside each element: what it ends with, or, where it is still to be read, whether its lines are its own.
    stack: list[tuple[LexborNode | None, str, bool]] = [(root, "", False)]
    while stack:
        node, said, is_set = stack.pop()
        if node is None:
            yield said
            continue
        tag = node.tag or ""
        if tag == "-text":
            words = node.text_content or ""
            yield words.replace("\r\n", "\n").replace("\n", "\v") if is_set else words
        elif tag == "br":
            yield "\v"
        elif not (UNSEEN.fullmatch(tag) or tag.startswith(("-", "!", "_"))):
            before, after = _around(tag)
            yield before
            stack.append((None, after, False))
            stack.extend((child, "", is_set or tag == "pre") for child in _children(node))


def _around(tag: str) -> tuple[str, str]:
    """Return what stands before and after the words of an element."""
    if tag == "li":
        return "\v\v* ", "\v"
    if tag in {"td", "th"}:
        return " ", " "
    if tag == "tr":
        return "\v", "\v"
    return ("\v\v", "\v\v") if BLOCKS.fullmatch(tag) else ("", "")
