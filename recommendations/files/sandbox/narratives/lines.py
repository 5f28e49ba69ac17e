"""The lines of a PDF, with where they are on their page."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from recommendations.files.sandbox.reasons import CannotRead

# What pdfium puts for a hyphen at the end of a line.
_LINE_HYPHEN = 0x02
_ENDS = {0x0D, 0x0A}
_SURROGATES = range(0xD800, 0xE000)
# Bullets of fonts that have signs of their own.
_PRIVATE = {0xF0B7: "•", 0xF0A7: "•", 0xF0D8: "•", 0xF076: "•", 0xF0FC: "•", 0xFFFE: "-", 0xFFFF: ""}
# A bullet that is drawn instead of written: how large it is, and how far before its line (points).
_DOT = (1.0, 9.0)
_DOT_BEFORE = 36.0
_MOST_DRAWN = 5000
# How wide and how high a drawn box is at least that can hold a text (points).
_BOX = (60.0, 40.0)


@dataclass(slots=True)
class Line:
    """One line: its words, where it begins and ends, its baseline, and the size of its letters (points)."""

    text: str
    left: float
    right: float
    base: float
    size: float
    # Where its first word ends.
    first: float = 0.0
    is_hyphenated: bool = False
    page: int = 0
    # Where the text on its right begins, or 0 where there is none.
    until: float = 0.0
    is_boxed: bool = False


class Box(NamedTuple):
    """A thing that is drawn on a page: where it begins and ends (points)."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, line: Line) -> bool:
        """Tell whether a line stands in it."""
        return self.left <= line.left and line.right <= self.right and self.bottom < line.base < self.top

    def is_bullet_of(self, line: Line) -> bool:
        """Tell whether it stands shortly before a line, at its height."""
        middle = (self.bottom + self.top) / 2
        return 0 < line.left - self.right < _DOT_BEFORE and line.base - 1 < middle < line.base + line.size


@dataclass(slots=True)
class _Open:
    """A line that is being read: its signs, each with where it begins and its number on the page."""

    signs: list[tuple[str, float, int]] = field(default_factory=list)
    base: float = 0.0
    size: float = 0.0
    is_hyphenated: bool = False


def lines_of(page: pypdfium2.PdfPage, number: int) -> tuple[list[Line], list[Box]]:
    """Return the lines of a page in the order of the file, and the boxes that are drawn on it.

    Raises: CannotRead when it is broken.
    """
    try:
        read = page.get_textpage()
        found = [line for opened in _read(read) if (line := _closed(opened, read, number))]
        read.close()
        drawn = list(_drawn(page)) if found else []
    except pypdfium2.PdfiumError as error:
        raise CannotRead("broken") from error
    lines = joined(found)
    dots = [one for one in drawn if _is_dot(one)]
    for line in lines:
        if any(dot.is_bullet_of(line) for dot in dots) and line.text[0] not in "•◦▪*":
            line.text = f"• {line.text}"
    boxes = [one for one in drawn if one.right - one.left >= _BOX[0] and one.top - one.bottom >= _BOX[1]]
    return lines, boxes


def shows_picture(page: pypdfium2.PdfPage) -> bool:
    """Tell whether a page has a picture, as each page of a scan is one."""
    return next(iter(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=4)), None) is not None


def _read(read: pypdfium2.PdfTextPage) -> Iterator[_Open]:
    """Yield the lines as the file has them."""
    x, y = ctypes.c_double(), ctypes.c_double()
    opened = _Open()
    for index in range(pdfium.FPDFText_CountChars(read)):
        code = pdfium.FPDFText_GetUnicode(read, index)
        if code in _ENDS:
            yield opened
            opened = _Open()
            continue
        sign = _sign(code, opened)
        pdfium.FPDFText_GetCharOrigin(read, index, x, y)
        if not sign.isspace():
            size = opened.size
            if not size or abs(y.value - opened.base) > 0.01:
                size = pdfium.FPDFText_GetFontSize(read, index)
            if opened.size and abs(y.value - opened.base) > 0.5 * max(size, opened.size, 1):
                yield opened
                opened = _Open()
            if size > opened.size:
                opened.base, opened.size = y.value, size
        opened.signs.append((sign, x.value, index))
        if code == _LINE_HYPHEN:
            opened.is_hyphenated = True
            yield opened
            opened = _Open()
    yield opened


def _sign(code: int, opened: _Open) -> str:
    """Return a sign as it is read; a hyphen that is there twice, also for the end of a line, is one."""
    if code == _LINE_HYPHEN:
        return "" if opened.signs and opened.signs[-1][0] == "-" else "-"
    return _PRIVATE.get(code, "" if code in _SURROGATES else chr(code))


def _closed(opened: _Open, read: pypdfium2.PdfTextPage, number: int) -> Line | None:
    """Return a line that is read to its end, or None where it has no words."""
    signs = [one for one in opened.signs if one[0]]
    while signs and signs[0][0].isspace():
        signs.pop(0)
    while signs and signs[-1][0].isspace():
        signs.pop()
    if not signs:
        return None
    text = "".join(sign for sign, _left, _index in signs)
    space = next((at for at, one in enumerate(signs) if one[0].isspace()), len(signs))
    return Line(
        text=text,
        left=signs[0][1],
        right=_end(read, signs[-1]),
        base=opened.base,
        size=opened.size or 1.0,
        first=_end(read, signs[space - 1]),
        is_hyphenated=opened.is_hyphenated,
        page=number,
    )


def _end(read: pypdfium2.PdfTextPage, sign: tuple[str, float, int]) -> float:
    """Return where a sign ends with the space that the typesetter gave it, as margins count it."""
    box = pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(read, sign[2], box)
    return max(sign[1], float(box.right))


def joined(found: list[Line]) -> list[Line]:
    """Join what stands at one height, one after the other: a bullet and its words, a raised figure."""
    lines: list[Line] = []
    for line in found:
        last = lines[-1] if lines else None
        if last and _is_one_line(last, line):
            one, two = sorted((last, line), key=lambda part: part.left)
            gap = "" if two.left - one.right < 0.12 * max(one.size, two.size) else " "
            lines[-1] = Line(
                text=f"{one.text}{gap}{two.text}",
                left=one.left,
                right=max(one.right, two.right),
                base=one.base if one.size >= two.size else two.base,
                size=max(one.size, two.size),
                first=one.first,
                is_hyphenated=two.is_hyphenated,
                page=one.page,
            )
        else:
            lines.append(line)
    return lines


def _is_one_line(one: Line, two: Line) -> bool:
    size = max(one.size, two.size)
    beside = two.left >= one.right - 1 or one.left >= two.right - 1
    gap = max(two.left - one.right, one.left - two.right)
    return abs(one.base - two.base) < 0.45 * size and beside and gap < 4 * size


def _drawn(page: pypdfium2.PdfPage) -> Iterator[Box]:
    """Yield where the things are that are drawn on a page: browsers draw bullets, and boxes behind a text."""
    kinds = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE)
    for number, drawn in enumerate(page.get_objects(filter=kinds, max_depth=4)):
        if number > _MOST_DRAWN:
            break
        yield Box(*drawn.get_bounds())


def _is_dot(drawn: Box) -> bool:
    """Tell whether it is small, and round or square."""
    width, height = drawn.right - drawn.left, drawn.top - drawn.bottom
    return all(_DOT[0] <= side <= _DOT[1] for side in (width, height)) and 0.6 < width / height < 1.7
