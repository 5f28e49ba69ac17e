"""Where in a web page the narrative is: the smallest element that has its assessment and its headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .clutter import HEADING, Measure, is_clutter, measured

_ASSESSMENT = re.compile(
    r"\b(?:does\s+not\s+(?:fully\s+)?(?:meet|comply)|fully\s+(?:meets|complies))\b.{0,80}\bminimum\s+standards\b"
    r"|\bremain(?:s|ed)?\s+a\s+special\s+case\b|\bis\s+a\s+special\s+case\b",
    re.IGNORECASE | re.DOTALL,
)
_LIST = re.compile(r"(?:prioritized\s+)?recommendations(?:\s+for\s+.{2,60})?\s*(?::|\Z)", re.IGNORECASE)
_LIST_IN = re.compile(r"\bprioritized\s+recommendations\b|\brecommendations\s+for\b", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:prosecution|protection|prevention|trafficking\s+profile|government\s+efforts)\s*:?", re.IGNORECASE
)
# A definition of the tiers speaks of governments in general.
_IN_GENERAL = re.compile(r"\b(?:countries|governments|territories)\s+(?:whose|that|which)\b", re.IGNORECASE)
_BLOCKS = (
    "p, li, pre, h1, h2, h3, h4, h5, h6, td, dd, dt, div, span, b, strong, blockquote, section, article, main"
)
_INLINE = re.compile("a|b|strong|em|i|span|u|sup|font|br|small|mark")
_NARROW = re.compile("p|li|span|strong|b|em|i|a|font|u|small|h[1-6]")
_LONGEST = 20_000
# A narrative shows itself in fewer places, and no page is nested deeper.
_MOST = 200
_DEEPEST = 400


@dataclass(frozen=True)
class Place:
    """The element that holds the narrative, and the elements (``mem_id``) in which something shows it."""

    root: LexborNode
    shown_in: frozenset[int]


@dataclass(frozen=True)
class _Landmark:
    """What shows the narrative, with the elements that it is in; ``is_sure`` where nothing else has it."""

    path: list[LexborNode]
    is_sure: bool
    is_long: bool


def narrative_place(page: LexborHTMLParser) -> Place | None:
    """Return where the narrative is: in all of the page where nothing shows it.

    What only the name of a class calls a sidebar may be the page itself ("content with-sidebar"): names count
    where they leave an assessment or a list.
    """
    body = page.body
    if body is None:
        return None
    sizes = measured(body)
    found = list(islice(_landmarks(body, sizes), _MOST))
    by_name = [one for one in found if not any(is_clutter(above) for above in one.path[1:])]
    if not any(one.is_sure for one in by_name):
        by_kind = [
            one for one in found if not any(is_clutter(above, by_name=False) for above in one.path[1:])
        ]
        by_name = by_kind if any(one.is_sure for one in by_kind) else by_name or by_kind or found
    if not by_name:
        return Place(next(iter(body.css("main, [role=main], article")), None) or body, frozenset())
    root = _common([one.path for one in by_name])
    shown_in = frozenset(node.mem_id for one in by_name for node in one.path)
    if any(one.is_long for one in by_name):
        return Place(_wide_enough(root, 0, sizes), shown_in)
    return Place(
        _wide_enough(root, max(sizes[one.path[-1].mem_id].words for one in by_name), sizes), shown_in
    )


def _landmarks(body: LexborNode, sizes: dict[int, Measure]) -> Iterator[_Landmark]:
    """Yield the smallest elements that show the narrative, and are no links."""
    for node in body.css(_BLOCKS):
        text = " ".join(_own(node, sizes).split())
        if not text or not _shows(text):
            continue
        path = _path(node)
        if len(path) <= _DEEPEST and not _is_linked(path, sizes):
            is_list = bool(_LIST.match(text))
            yield _Landmark(path, is_list or not _SECTION.fullmatch(text), _is_long(node, text))


def _is_long(node: LexborNode, text: str) -> bool:
    """Tell whether an element has more than one paragraph of the narrative, as where breaks part them."""
    breaks = sum(child.tag == "br" for child in node.iter(include_text=False))
    return len(text) > 300 and (
        bool(_LIST_IN.search(text)) or breaks > 3 or (breaks > 0 and len(text) > 1200)
    )


def _own(node: LexborNode, sizes: dict[int, Measure]) -> str:
    """Return the words of an element that are in no block inside it."""
    words, length, child = [], 0, node.first_child
    while child is not None and length < _LONGEST:
        tag = child.tag or ""
        if tag == "-text":
            words.append(child.text_content or "")
        elif _INLINE.fullmatch(tag) and sizes[child.mem_id].words < _LONGEST:
            words.append(" " if tag == "br" else child.text())
        length += len(words[-1]) if words else 0
        child = child.next
    return "".join(words)


def _shows(text: str) -> bool:
    if _LIST.match(text) or _SECTION.fullmatch(text):
        return True
    return bool(_ASSESSMENT.search(text)) and not _IN_GENERAL.search(text[:200])


def _is_linked(path: list[LexborNode], sizes: dict[int, Measure]) -> bool:
    """Tell whether all the words of an element are links, as in a list of contents."""
    node, size = path[-1], sizes[path[-1].mem_id]
    whole = size.linked > 0 and size.linked >= size.words - 2 and not HEADING.fullmatch(node.tag or "")
    return whole or any(above.tag == "a" for above in path)


def _path(node: LexborNode) -> list[LexborNode]:
    """Return the elements from the body down to an element."""
    path = [node]
    while path[-1].tag != "body" and path[-1].parent is not None and len(path) <= _DEEPEST:
        path.append(path[-1].parent)
    return path[::-1]


def _common(paths: list[list[LexborNode]]) -> LexborNode:
    """Return the lowest element that all of the paths go through."""
    at = 0
    while all(len(path) > at + 1 for path in paths):
        if len({path[at + 1].mem_id for path in paths}) > 1:
            break
        at += 1
    return paths[0][at]


def _wide_enough(root: LexborNode, longest: int, sizes: dict[int, Measure]) -> LexborNode:
    """Return an element with more than the assessment alone: a list without a heading stands beside it."""
    while root.tag != "body" and root.parent is not None:
        if not _NARROW.fullmatch(root.tag or "") and sizes[root.mem_id].words > longest + 120:
            break
        root = root.parent
    return root
