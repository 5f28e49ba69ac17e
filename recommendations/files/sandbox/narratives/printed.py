"""The text of a PDF: lines put together to paragraphs, without what runs along its pages."""

import re
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import median
from typing import BinaryIO

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.pages import opened
from recommendations.files.sandbox.reasons import CannotRead

from .hyphens import Words
from .lines import Line, lines_of, shows_picture
from .reading_order import in_reading_order
from .running import without_running

_MARKED = re.compile(r"(?:[•◦▪‣·*–—-]|\(?\d{1,2}[.)])\s+\S")
# Hyphens of which the typesetter says that they are not of the word.
_SOFT = "\u00ad"
_TYPESET = "\u2010"
# How much more than usual two lines are apart where a paragraph ends.
_APART = 1.22


def text_of(stream: BinaryIO) -> str:
    """Return the text of a PDF, with what stands in boxes beside it at the end. Raises: CannotRead."""
    document = opened(stream)
    if len(document) > limits.NARRATIVE_PAGES:
        raise CannotRead("too_large")
    pages, has_pictures = [], False
    for number in range(len(document)):
        page = document[number]
        pages.append(in_reading_order(*lines_of(page, number + 1)))
        has_pictures = has_pictures or bool(pages[-1]) or shows_picture(page)
        page.close()
    if has_pictures and not any(pages):
        raise CannotRead("pictures")
    pages, head = without_running(pages)
    lines = [line for page in pages for line in page]
    text = _flowing([line for line in lines if not line.is_boxed])
    boxed = _flowing([line for line in lines if line.is_boxed])
    return "\n\n".join(part for part in (head, text, boxed) if part)


class _Margin:
    """Where lines end that are full, and whether all of them are stretched to end there."""

    def __init__(self, lines: list[Line]) -> None:
        self.right = max(line.right for line in lines)
        ends = Counter(round(line.right) for line in lines)
        full, number = max(ends.items(), key=lambda end: (end[1] + ends[end[0] + 1], end[0]))
        number += ends[full + 1]
        self.is_straight = number >= 4 and 2 * number >= len(lines) and full >= self.right - 3

    def is_ended_before(self, before: Line, line: Line) -> bool:
        """Tell whether a line was ended on purpose: the next word had room in it, or it is not stretched."""
        room = self.right - before.right
        if room > (line.first - line.left) + 0.35 * before.size:
            return True
        is_end = before.text.endswith((".", ";", ":", ".”", ".)")) or line.text[:1].isupper()
        return self.is_straight and room > 3 and is_end


def _margins(lines: list[Line]) -> dict[int, _Margin]:
    """Return the margin of lines by where the text on their right begins."""
    columns: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        columns[round(line.until)].append(line)
    return {until: _Margin(column) for until, column in columns.items()}


def _with_empty_columns(lines: list[Line]) -> None:
    """Tell lines of the last page that they stand in a column though nothing is on their right any more.

    They reach no further than such a column does on other pages.
    """
    narrow = sorted((margin.right, until) for until, margin in _margins(lines).items() if until)
    last = [line for line in lines if line.page == lines[-1].page and not line.until]
    reach = max((line.right for line in last), default=0)
    until = next((until for right, until in narrow if reach <= right + 2), 0)
    for line in last:
        line.until = until


def _flowing(lines: list[Line]) -> str:
    """Return lines as a text: a blank line between paragraphs, a space within them."""
    if not lines:
        return ""
    _with_empty_columns(lines)
    usual, margins = _leading(lines), _margins(lines)
    words = Words(_unparted(lines))
    text = lines[0].text
    for before, line in pairwise(lines):
        margin = margins[round(before.until)]
        text = _with_next(text, before, line, _break_between(before, line, usual, margin), words)
    return text.replace(_SOFT, "").replace(_TYPESET, "-")


def _with_next(text: str, before: Line, line: Line, between: str, words: Words) -> str:
    if between:
        return f"{text}{between}{line.text}"
    if text.endswith((_SOFT, _TYPESET)):
        return f"{text[:-1]}{line.text}"
    if _is_parted(before):
        # Some typesetters repeat a word's own hyphen on the next line.
        return f"{text[:-1]}{line.text}" if line.text.startswith("-") else words.joined(text, line.text)
    # A long dash or a stroke stands between words without spaces.
    glue = "" if text.endswith(("—", "/")) or line.text.startswith("—") else " "
    return f"{text}{glue}{line.text}"


def _break_between(before: Line, line: Line, usual: float, margin: "_Margin") -> str:
    """Return what stands between two lines: nothing where a paragraph goes on."""
    is_parted = _is_parted(before)
    if before.page == line.page:
        down = before.base - line.base
        is_far = down < 0 or down > _APART * usual * max(1.0, line.size / max(before.size, 1))
        if is_far and not _is_next_column(before, line):
            return "\n\n"
        if abs(line.size - before.size) > 0.7 and not is_parted:
            return "\n\n"
    if _MARKED.match(line.text) and not is_parted:
        return "\n"
    if is_parted:
        return ""
    if margin.is_ended_before(before, line) or _is_indented(before, line):
        return "\n"
    return ""


def _is_next_column(before: Line, line: Line) -> bool:
    """Tell whether a line is the first of the column to the right, where a paragraph can go on."""
    return line.base > before.base and line.left > before.right


def _is_parted(line: Line) -> bool:
    """Tell whether a line ends within a word."""
    text = line.text
    return (
        line.is_hyphenated or text.endswith((_SOFT, _TYPESET)) or (text[-1:] == "-" and text[-2:-1].isalnum())
    )


def _is_indented(before: Line, line: Line) -> bool:
    deeper = line.left - before.left
    return 0.6 * line.size < deeper < 6 * line.size and not _MARKED.match(before.text)


def _leading(lines: list[Line]) -> float:
    """Return how far lines are usually apart."""
    downs = [
        one.base - two.base
        for one, two in pairwise(lines)
        if one.page == two.page and 0 < one.base - two.base < 4 * max(one.size, 1)
    ]
    return median(downs) if downs else 1.5 * lines[0].size


def _unparted(lines: list[Line]) -> str:
    """Return the words that stand whole in one line, from which it is told how a word is written."""
    kept = []
    for before, line in pairwise([Line("", 0, 0, 0, 1), *lines]):
        text = line.text
        if before.text.endswith(("-", _SOFT, _TYPESET)):
            text = text.partition(" ")[2]
        if text.endswith(("-", _SOFT, _TYPESET)):
            text = text.rpartition(" ")[0]
        kept.append(text.replace(_SOFT, "").replace(_TYPESET, "-"))
    return "\n".join(kept)
