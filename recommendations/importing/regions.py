"""Where the list of recommendations begins and ends, above all where no heading says so."""

import re

from . import marks
from .folding import BULLETS, line_start, lines
from .grammar import (
    Opening,
    asks_the_government,
    boundaries,
    ends_sentence,
    opening,
    speaks_of_the_government,
)

_MARKED = re.compile(rf"(?:[{BULLETS}]|\*(?=\s|[^\W\d_])|[-–—]\s|\d{{1,2}}[.)]\s|\(\d{{1,2}}\)\s)\s*")
_FOOTNOTE = re.compile(
    r"semi-autonomous|special administrative region|for the purposes? of this report|not a [“\"]?country",
    re.IGNORECASE,
)
_RULE = re.compile(r"[_=~-]{3,}\Z")
_CHART = re.compile(r"tier\s+ranking\s+by\s+year", re.IGNORECASE)
_AFTER_PAGE = re.compile(
    r"(?:tags|share|permalink|view the full report|read more|back to top|footnotes?|sources?|related|"
    r"copyright)\b.{0,60}\Z",
    re.IGNORECASE,
)
_REACH = 420


def find_start(text: str, start: int, end: int) -> int | None:
    """Return where a list without a heading begins in `text[start:end]`, which follows the assessment.

    First a line that a bullet or an order opens; a page that is one long line has only sentences.
    """
    before: tuple[int, int] | None = None
    for line in lines(text, start, end):
        fresh = before is None or _ends(text, before) or _is_beside_the_list(text, before)
        whole_line = line_start(text, line[0]) >= start or before is not None
        if whole_line and fresh and _opens_list(text, line):
            return _with_unmarked_first(text, line, before)
        before = line
    return _first_order(text, start, end)


def _opens_list(text: str, line: tuple[int, int]) -> bool:
    marked = _MARKED.match(text, *line)
    if marked:
        return not _is_footnote(text, line)
    kind = opening(text[line[0] : min(line[1], line[0] + _REACH)])
    holds_marks = bool(marks.bullet_marks(text, *line) or marks.asterisk_marks(text, *line))
    return kind is Opening.ORDER or (holds_marks and kind is not Opening.PROSE)


def _with_unmarked_first(text: str, line: tuple[int, int], before: tuple[int, int] | None) -> int:
    """Take in the line before the first bullet where it reads like an item that lost its own."""
    if before is None or not _MARKED.match(text, *line) or not _ends(text, before):
        return line[0]
    kind = opening(text[before[0] : min(before[1], before[0] + _REACH)])
    rule_or_note = _is_beside_the_list(text, before)
    short = before[1] - before[0] < 400
    return (
        before[0]
        if kind is Opening.UNKNOWN and short and not rule_or_note and text[before[0]].isupper()
        else line[0]
    )


def _first_order(text: str, start: int, end: int) -> int | None:
    """Return the first sentence that is an order and that another order, or a mark, follows.

    A bullet, or the like, after a full stop opens the list too.
    """
    fresh = _fresh_mark(text, start, end)
    sentences = [at for at, _ in boundaries(text, start, end if fresh is None else fresh)]
    orders = [opening(text[at : min(end, at + _REACH)]) is Opening.ORDER for at in sentences]
    for index, at in enumerate(sentences):
        after = sentences[index + 1] if index + 1 < len(sentences) else end
        followed = orders[index + 1 : index + 2] == [True] or ";" in text[at:after]
        if orders[index] and (followed or (fresh is not None and fresh - at < 2000)):
            return at
    return fresh


def _fresh_mark(text: str, start: int, end: int) -> int | None:
    """Return the first bullet, asterisk, dash or number that follows a full stop."""
    found = [*_all_marks(text, start, end), *marks.line_marks(text, start, end)]
    return min(
        (mark.start for mark in found if ends_sentence(text[max(start, mark.start - 12) : mark.start])),
        default=None,
    )


def find_end(text: str, start: int, end: int) -> tuple[int, bool]:
    """Return where the list that begins at `start` ends, and whether something of the report follows it.

    It ends at the line where prose begins, at a rule or a footnote, or at the sentence that speaks of
    the government where all stands in one line. `end` is the next heading's place, or the text's end.
    """
    stop, followed = _end_by_lines(text, start, end)
    last_mark = max((mark.end for mark in _all_marks(text, start, stop)), default=start)
    for at, _ in boundaries(text, last_mark, stop):
        passage = text[at : min(stop, at + _REACH)]
        if speaks_of_the_government(passage) and not asks_the_government(passage):
            return at, True
        if opening(passage) is Opening.PROSE and stop - at > 600:
            return at, True
    return stop, followed


def _end_by_lines(text: str, start: int, end: int) -> tuple[int, bool]:
    before: tuple[int, int] | None = None
    for line in lines(text, start, end):
        if before is not None and (reason := _ends_list(text, before, line)):
            return line[0], reason == "prose"
        before = line
    return end, False


def _ends_list(text: str, before: tuple[int, int], line: tuple[int, int]) -> str:
    """Return why `line` belongs to the list no more: "prose", "page", or "" where it does."""
    if _RULE.match(text, *line) or _CHART.search(text, line[0], min(line[1], line[0] + 200)):
        return "page"
    if _is_footnote(text, line):
        return "prose"
    if _MARKED.match(text, *line):
        return ""
    passage = text[line[0] : min(line[1], line[0] + _REACH)]
    if not _ends(text, before):
        apart = _blank_between(text, before[1], line[0])
        return "prose" if apart and speaks_of_the_government(passage) and text[line[0]].isupper() else ""
    if opening(passage) is Opening.PROSE and not asks_the_government(passage):
        return "prose"
    return "page" if _AFTER_PAGE.match(text, *line) or passage.startswith("[") else ""


def _all_marks(text: str, start: int, end: int) -> list[marks.Mark]:
    return marks.bullet_marks(text, start, end) + marks.asterisk_marks(text, start, end)


def _is_beside_the_list(text: str, line: tuple[int, int]) -> bool:
    """Tell whether a line is a rule, a footnote or the flattened chart of past tiers."""
    near = line[0], min(line[1], line[0] + 200)
    return bool(_RULE.match(text, *line) or _CHART.search(text, *near)) or _is_footnote(text, line)


def _is_footnote(text: str, line: tuple[int, int]) -> bool:
    return bool(_FOOTNOTE.search(text, line[0], min(line[1], line[0] + 300)))


def _ends(text: str, line: tuple[int, int]) -> bool:
    return ends_sentence(text[max(line[0], line[1] - 12) : line[1]])


def _blank_between(text: str, start: int, end: int) -> bool:
    return text[start:end].replace("\r\n", "\n").count("\n") > 1
