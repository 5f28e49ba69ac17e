"""Running heads, running feet and page numbers: what a PDF has on its pages beside the text."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from .lines import Line

# How many lines at the top, and as many at the foot of a page, can be no part of the text.
_EDGE = 3
_LONGEST = 160
# How far from the text it is, in its own size.
_FAR = 2.2
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.)?\s*[-–—|•·\[(]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—|•·\])]?(?:\s*(?:/|of)\s*\d{1,4})?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# What a browser prints on its own: the moment and the title above, the address and the number below.
_MOMENT = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+\d{1,2}[:.]\d{2}(?:\s*[AaPp]\.?[Mm]\.?)?\s*")
_ADDRESS = re.compile(r"(?:https?://|file:///|www\.)\S+\s*(?:\d{1,4}\s*(?:/|of)\s*\d{1,4})?", re.IGNORECASE)
# A head that names the report may be all that says its year.
_REPORT = re.compile(r"trafficking\s+in\s+persons|\bTIP\s+report", re.IGNORECASE)


def without_running(pages: list[list[Line]]) -> tuple[list[list[Line]], str]:
    """Return the pages without what runs along them, and the one head that names the report and its year."""
    edges = [_edges(page) for page in pages]
    running = _repeated(edges) | _in_other_letters(pages, edges)
    kept, named = [], ""
    for page, edge in zip(pages, edges, strict=True):
        out = {id(line) for line, _place in edge if id(line) in running or _is_furniture(line, page)}
        heads = [_MOMENT.sub("", line.text) for line in page if id(line) in out]
        named = named or next((head for head in heads if _REPORT.search(head) and _YEAR.search(head)), "")
        kept.append([line for line in page if id(line) not in out])
    return kept, named


def _edges(page: list[Line]) -> list[tuple[Line, str]]:
    """Return the first and last lines of a page by their height, each with the edge that it is at."""
    ordered = sorted(page, key=lambda line: -line.base)
    foot = [line for line in reversed(ordered) if line.base < ordered[0].base][:_EDGE]
    heads = [line for line in ordered[:_EDGE] if line not in foot]
    return [(line, "head") for line in heads] + [(line, "foot") for line in foot]


def _repeated(edges: Iterable[list[tuple[Line, str]]]) -> set[int]:
    """Return the lines that several pages have at the same height, but for their figures."""
    found: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for edge in edges:
        for line, place in edge:
            if len(line.text) <= _LONGEST:
                found[re.sub(r"\d+", "#", " ".join(line.text.casefold().split())), place].append(line)
    running: set[int] = set()
    for alike in found.values():
        for line in alike:
            if any(other.page != line.page and abs(other.base - line.base) < 6 for other in alike):
                running.add(id(line))
    return running


def _in_other_letters(pages: list[list[Line]], edges: list[list[tuple[Line, str]]]) -> set[int]:
    """Return outermost lines in letters of their own: where other pages have one, or small and apart."""
    sizes = Counter(round(line.size, 1) for page in pages for line in page for _sign in line.text)
    if not sizes:
        return set()
    usual = sizes.most_common(1)[0][0]
    outer = [line for edge in edges for place in ("head", "foot") for line in _outermost(edge, place)]
    others = [line for line in outer if abs(line.size - usual) > 0.4 and len(line.text) <= _LONGEST]
    alike = {
        id(one)
        for one in others
        if any(two.page != one.page and abs(two.base - one.base) < 2 for two in others)
    }
    return alike | {id(one) for one in others if one.size < usual and _is_apart(one, pages[one.page - 1])}


def _is_apart(line: Line, page: list[Line]) -> bool:
    """Tell whether a line at the edge of a page is far from the next one."""
    near = [abs(line.base - other.base) for other in page if other is not line]
    return bool(near) and min(near) > _FAR * line.size


def _outermost(edge: list[tuple[Line, str]], place: str) -> list[Line]:
    return [line for line, where in edge if where == place][:1]


def _is_furniture(line: Line, page: list[Line]) -> bool:
    """Tell whether a line at the edge of a page is its number, or what a browser prints around a page."""
    text = line.text.strip()
    if _ADDRESS.fullmatch(text):
        return True
    if _MOMENT.match(text):
        return True
    if not _PAGE_NUMBER.fullmatch(text):
        return False
    ordered = sorted(one.base for one in page)
    is_first_year = line.page == 1 and line.base == ordered[-1] and bool(_YEAR.fullmatch(text))
    return line.base in (ordered[0], ordered[-1]) and not is_first_year
