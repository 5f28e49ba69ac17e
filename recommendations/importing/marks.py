"""The places where a list can be split, separately for each kind of mark."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .folding import BULLETS, lines
from .grammar import Opening, boundaries, ends_sentence, opening

_BULLET = re.compile(f"[{BULLETS}]|(?<=\\s)·(?=\\s)")
_ASTERISK = re.compile(r"(?:(?<=[\s.;])|\A)\*(?=\s|\Z)|(?:(?<=\s)|\A)\*(?=[^\W\d_a-z])")
_DASH_OR_NUMBER = re.compile(
    r"(?:(?<![^\s])|\A)(?:[-–—]|(?P<number>\d{1,2})[.)]|\((?P<bracket>\d{1,2})\))\s{1,9}(?=[“\"]?[^\W\d_a-z])"
)
_PROTECTED = re.compile(r"“[^”“]{0,300}”|\"[^\"]{0,300}\"|\([^()]{0,300}\)")
_ENTITY = re.compile(r"&#?\w{1,8};")
_AFTER_SEMICOLON = re.compile(r"[”\"’)]?\s*(?:(?:and|or|as well as)\s+)?", re.IGNORECASE)
_INNER = re.compile(
    r"(?:including|such|individuals?|persons?|people|those|which|who|whose|that|where|or|as|from|of|to|for)\b"
    r"|[^\W\d_]+(?:ren|men|ees|ers|ors|ants|ents|ions|ties)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mark:
    """A separator: the span of its own characters, which belong to no recommendation."""

    start: int
    end: int


def bullet_marks(text: str, start: int, end: int) -> list[Mark]:
    """Return the bullets in the span."""
    return [Mark(*match.span()) for match in _BULLET.finditer(text, start, end)]


def asterisk_marks(text: str, start: int, end: int) -> list[Mark]:
    """Return the asterisks that stand alone or open a line; one glued to a word is a footnote's mark."""
    return [Mark(*match.span()) for match in _ASTERISK.finditer(text, start, end)]


def line_marks(text: str, start: int, end: int) -> list[Mark]:
    """Return dashes or ascending numbers that open at least two recommendations.

    They do so at the list's beginning and after a full stop or semicolon; a dash in mid-sentence, even
    where it opens a line, is punctuation.
    """
    dashes: list[Mark] = []
    numbers: list[Mark] = []
    for match in _DASH_OR_NUMBER.finditer(text, start, end):
        before = text[max(start, match.start() - 12) : match.start()].rstrip()
        if before and not (ends_sentence(before) or before.endswith((";", "; and", ":"))):
            continue
        number = match.group("number") or match.group("bracket")
        if number is None:
            dashes.append(Mark(*match.span()))
        elif int(number) == len(numbers) + 1:
            numbers.append(Mark(*match.span()))
    best = max(dashes, numbers, key=len)
    return best if len(best) >= 2 else []


def unit_marks(text: str, start: int, end: int) -> list[Mark]:
    """Return the beginnings of lines that open a new recommendation: the line before ended a sentence."""
    marks: list[Mark] = []
    before: tuple[int, int] | None = None
    for line in lines(text, start, end):
        if (
            before
            and ends_sentence(text[max(before[0], before[1] - 12) : before[1]])
            and text[line[0]].isupper()
        ):
            marks.append(Mark(line[0], line[0]))
        before = line
    return marks


def sentence_marks(text: str, start: int, end: int) -> tuple[list[Mark], list[Mark]]:
    """Return (spaced, glued) beginnings of sentences that may open a recommendation."""
    spaced: list[Mark] = []
    glued: list[Mark] = []
    for at, is_glued in boundaries(text, start, end):
        if opening(text[at : min(end, at + 420)]) is not Opening.PROSE:
            (glued if is_glued else spaced).append(Mark(at, at))
    return spaced, glued


def semicolon_marks(text: str, start: int, end: int) -> tuple[list[Mark], list[int]]:
    """Return the semicolons that part recommendations, and where others stand that do not.

    A semicolon in parentheses or a quotation parts nothing, save as the last character before the
    closing mark. Nor does one before a noun phrase ("; individuals in commercial sex").
    """
    marks: list[Mark] = []
    inner: list[int] = []
    for at in _free_semicolons(text, start, end):
        joined = _AFTER_SEMICOLON.match(text, at + 1, end)
        after = joined.end() if joined else at + 1
        rest = text[after : min(end, after + 420)]
        closer = at + 1 < end and text[at + 1] in '”"’)'
        kind = opening(rest)
        if kind is Opening.PROSE or (kind is Opening.UNKNOWN and _INNER.match(rest)):
            inner.append(at)
        elif rest.strip():
            marks.append(Mark(at + 2 if closer else at, after))
    return marks, inner


def _free_semicolons(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the semicolons of the span that no entity, parenthesis or quotation holds."""
    skip = [match.span() for match in _PROTECTED.finditer(text, start, end)]
    entities = {match.end() - 1 for match in _ENTITY.finditer(text, start, end)}
    index = 0
    at = text.find(";", start, end)
    while at != -1:
        while index < len(skip) and skip[index][1] <= at:
            index += 1
        inside = index < len(skip) and skip[index][0] < at < skip[index][1] - 2
        closing = index < len(skip) and at == skip[index][1] - 2 and text[at + 1] == ")"
        if at not in entities and not inside and not closing:
            yield at
        at = text.find(";", at + 1, end)
