"""What a web page has beside its text: navigation, banners, sidebars, lists of links."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from .blocks import UNSEEN, elements

_TAGS = re.compile(f"nav|footer|header|aside|dialog|menu|{UNSEEN.pattern}")
_ROLES = re.compile(
    "navigation|banner|contentinfo|complementary|search|dialog|alertdialog|menu|menubar|tablist|toolbar|alert"
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:cookies?|consent|gdpr|ccpa|onetrust|cmp|side-?bar|breadcrumbs?|crumbs?|menu|nav|navbar"
    r"|navigation|topbar|toolbar|share|sharing|social|related|footer|newsletter|subscribe|subscription|pop-?up"
    r"|modal|overlay|skip|skip-?link|toc|table-of-contents|pagination|pager|comments?|widget|promo|advert|ads?"
    r"|banner|masthead|site-header|search-form|tags|tag-list|print-button|back-to-top|alert|announcement)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|position\s*:\s*(?:fixed|sticky)", re.IGNORECASE
)
_COOKIES = re.compile(
    r"\bcookies?\b|\bprivacy\s+(?:policy|notice|settings)\b|\byour\s+consent\b", re.IGNORECASE
)
HEADING = re.compile("h[1-6]")
# Of links alone can be a list, a row or a paragraph; and a banner that asks is no longer than this.
_OF_LINKS = {"ul", "ol", "div", "p", "section", "table", "dl", "li"}
_OF_BANNERS = {"div", "section", "form", "ul", "p"}
_LONGEST_BANNER = 900


@dataclass(slots=True)
class Measure:
    """What is in an element: signs of words, how many of them are in links, headings, and things to press."""

    words: int = 0
    linked: int = 0
    headings: int = 0
    buttons: int = 0

    def add(self, other: "Measure") -> None:
        """Count in what an element inside has."""
        self.words += other.words
        self.linked += other.linked
        self.headings += other.headings
        self.buttons += other.buttons

    @property
    def is_links(self) -> bool:
        """Whether there are hardly any words but those of links."""
        return 0 < self.linked >= 0.7 * self.words and not self.headings


def measured(root: LexborNode) -> dict[int, Measure]:
    """Return what is in each element, by its ``mem_id``; each is looked at once."""
    nodes = list(elements(root))
    found = {node.mem_id: Measure() for node in nodes}
    for node in reversed(nodes):
        mine, tag = found[node.mem_id], node.tag or ""
        if tag == "-text":
            mine.words = len("".join((node.text_content or "").split()))
        elif tag == "a" and "href" in node.attributes:
            mine.linked = mine.words
        mine.headings += bool(HEADING.fullmatch(tag))
        mine.buttons += tag in {"button", "input"} or node.attributes.get("role") == "button"
        parent = node.parent
        if node.mem_id != root.mem_id and parent is not None and not UNSEEN.fullmatch(tag):
            found[parent.mem_id].add(mine)
        elif tag in {"button", "input"} and parent is not None:
            found[parent.mem_id].buttons += 1
    return found


def is_clutter(node: LexborNode, *, by_name: bool = True) -> bool:
    """Tell by what an element is, and by the names that its site gave it, whether it is beside the text."""
    tag = node.tag or ""
    if tag in {"body", "html", "main", "article"}:
        return False
    if _TAGS.fullmatch(tag):
        return True
    said = node.attributes
    if "hidden" in said or _ROLES.fullmatch((said.get("role") or "").lower()):
        return True
    if _HIDDEN.search(said.get("style") or ""):
        return True
    if not by_name or HEADING.fullmatch(tag):
        return False
    named = _CAMEL.sub("-", f"{said.get('class') or ''} {said.get('id') or ''}")
    return bool(_NAMED.search(named))


def remove_clutter(root: LexborNode, kept: Collection[int] = ()) -> None:
    """Take out of an element what is no part of its text.

    Args:
        kept: the ``mem_id`` of elements in which there is something of it. Where nothing is known of it, the
            names that a site gave its elements are not trusted.
    """
    sizes = measured(root)
    inside = [node for node in elements(root) if node.mem_id != root.mem_id]
    gone: set[int] = set()
    going = []
    for node in inside:
        above = node.parent
        if above is not None and above.mem_id in gone:
            gone.add(node.mem_id)
        elif node.mem_id in kept or (node.tag or "-").startswith("-"):
            continue
        elif _goes(node, sizes[node.mem_id], bool(kept)):
            gone.add(node.mem_id)
            going.append(node)
    for node in going:
        node.decompose()


def _goes(node: LexborNode, size: Measure, by_name: bool) -> bool:
    if node.tag == "header" and size.headings:
        return False
    if is_clutter(node, by_name=by_name) or (node.tag in _OF_LINKS and size.is_links):
        return True
    return _asks_for_consent(node, size) or _is_note_mark(node, size)


def _asks_for_consent(node: LexborNode, size: Measure) -> bool:
    """Tell whether an element has a button and speaks of cookies or of consent."""
    if node.tag not in _OF_BANNERS or not size.buttons or not 0 < size.words < _LONGEST_BANNER:
        return False
    return bool(_COOKIES.search(node.text()))


def _is_note_mark(node: LexborNode, size: Measure) -> bool:
    """Tell whether an element is the raised figure of a note, which leads to it."""
    return node.tag == "sup" and 0 < size.words <= 4 and size.linked == size.words
