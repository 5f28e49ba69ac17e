"""White space and the edges of passages: the one rule that ties a recommendation to its source."""

import re
from collections.abc import Iterator

# Characters that show nothing and that no word is made of: trimmed off the edges of a passage.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
BULLETS = "•●▪■◦‣∙⁃\uf0b7\uf0a7"
LINE_BREAKS = "\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_LINE = re.compile(f"[^{LINE_BREAKS}]+")


def fold(text: str) -> str:
    """Return `text` with every run of white space made one space, and none at either end.

    White space is what Unicode calls so: line ends of every sort, tabs, no-break and narrow spaces.
    """
    return " ".join(text.split())


def trim(text: str, start: int, end: int, also: str = "") -> tuple[int, int]:
    """Return the span without white space, invisible characters and the characters `also` at its edges."""
    unwanted = INVISIBLE + also
    while start < end and (text[start].isspace() or text[start] in unwanted):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in unwanted):
        end -= 1
    return start, end


def lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span of each line in `text[start:end]` that holds more than white space."""
    for match in _LINE.finditer(text, start, end):
        span = trim(text, *match.span())
        if span[0] < span[1]:
            yield span


def line_start(text: str, position: int, reach: int = 400) -> int:
    """Return where the line of `position` begins, looking back at most `reach` characters."""
    lowest = max(0, position - reach)
    while position > lowest and text[position - 1] not in LINE_BREAKS:
        position -= 1
    return position


def line_end(text: str, position: int, reach: int = 400) -> int:
    """Return where the line of `position` ends, looking ahead at most `reach` characters."""
    highest = min(len(text), position + reach)
    while position < highest and text[position] not in LINE_BREAKS:
        position += 1
    return position


def shorten(text: str, width: int = 60) -> str:
    """Return the folded beginning of `text`, at most `width` characters, for use in a message."""
    folded = fold(text)
    return folded if len(folded) <= width else folded[: width - 1].rstrip() + "…"
