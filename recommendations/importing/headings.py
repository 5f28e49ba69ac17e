"""Where the parts of a narrative begin: on lines of their own, run in, or lost in one long line."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from recommendations.choices import SectionKind

from .folding import BULLETS, INVISIBLE, LINE_BREAKS, fold
from .grammar import ends_sentence

# What may open the first item of a list.
_MARK = rf"(?:[{BULLETS}*]|[-–—]\s|\(?\d{{1,2}}[.)]\s)"
_DECORATION = "#>*_|•[ \t\u00a0\u202f" + INVISIBLE
_SPACE = rf"[^\S{LINE_BREAKS}]"

# The words of a heading, whatever its case; the kinds follow the parts of a narrative of any year.
_KINDS = (
    ("prosecution", SectionKind.PROSECUTION),
    ("protection", SectionKind.PROTECTION),
    ("prevention", SectionKind.PREVENTION),
    ("government efforts", SectionKind.GOVERNMENT_EFFORTS),
    ("trafficking profile", SectionKind.PROFILE),
    ("scope and magnitude", SectionKind.PROFILE),
)
_SECTION = re.compile(
    r"(?<![\w-])(?:"
    + "|".join(f"(?P<k{i}>{words.replace(' ', r'\s+')})" for i, (words, _) in enumerate(_KINDS))
    + r")(?![\w-])",
    re.IGNORECASE,
)
# The last words of a text, whatever marks of a heading stand before them.
_LAST_WORDS = re.compile(
    r"(?:^|\s)(?P<head>[#>_|]*\s?(?:\*\*)?(?P<words>[^\W\d_]+(?:\s+[^\W\d_]+){0,2}))\s*\Z"
)
_NAME = rf"(?:(?i:St|Sts)\.|[^{LINE_BREAKS}:;.!?•*|]){{2,80}}?"
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITALS = rf"{_CAPITAL}++(?:[’'.,()-]{_CAPITAL}*+)*+"
_LIST = re.compile(
    r"(?<![\w-])(?:"
    r"(?P<prioritized>priorit?i[sz]ed\s+recommendations?)(?P<of>\s+for\s+"
    + _NAME
    + r"(?=\s*:|\s*[\r\n]|\s*\Z))?"
    r"|(?P<named>recommendations\s+for(?=\s))"
    r"|(?P<bare>recommendations)"
    r"|(?P<should>(?:the\s+)?(?:governments?|authorities)\b[^\r\n.:;]{0,90}?\bshould)(?=\s*:)"
    r")(?!\w)",
    re.IGNORECASE,
)
_COLON = re.compile(r"\s*+:[*_]*+")  # the colon, and the marks of bold type after it
_COLON_OR_STOP = re.compile(r"[*_]*+\s*+[:.][*_]*+|[*_]++")
_TO_COLON = re.compile(_NAME + r"\s{0,9}:(?=(?P<bold>[*_]*))")
_TO_LINE_END = re.compile(_NAME + rf"(?:{_SPACE}|[|*_]){{0,20}}(?=[{LINE_BREAKS}]|\Z)")
_TO_SMALL = re.compile(rf"{_CAPITALS}(?:\s+{_CAPITALS}){{0,8}}(?=\s+(?:[^\W\d_a-z][^\W\d_A-Z]|{_MARK}))")
_REST_OF_LINE = re.compile(
    rf"{_SPACE}*+[:.]?+(?:{_SPACE}|[*_#|])*+(?:\](?:\([^)\s]{{0,200}}\))?+)?+(?:{_SPACE}|[|*_])*+"
    rf"(?=[{LINE_BREAKS}]|\Z)"
)
_RUN_IN = re.compile(r"\s*+[:.–—]\s++(?=[“\"]?[^\W\d_a-z])")
_BEFORE_CAPITAL = re.compile(
    r"(?:\s*+:\s*+|\s++)(?!(?:OF|AND|FOR|IN|THE|TO|ON|AGAINST)\b)"
    rf"(?=[“\"]?[^\W\d_a-z]|{_MARK})|\s*+:?+\s*+\Z"
)
_BEFORE_SUBJECT = re.compile(r"\s+(?=(?:The|Authorities|During|Officials|Government)\s)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the part it opens, the span of its own words, and the country in it, if any."""

    kind: SectionKind
    start: int
    end: int
    label: str
    name: str = ""


def find_headings(text: str, start: int, end: int) -> list[Heading]:
    """Return the headings of parts in `text[start:end]`, in order, tables of contents left out."""
    found = [*_section_headings(text, start, end), *_list_headings(text, start, end)]
    found.sort(key=lambda heading: heading.start)
    return _without_contents(text, found)


def _section_headings(text: str, start: int, end: int) -> Iterator[Heading]:
    for match in _SECTION.finditer(text, start, end):
        stop = _heading_end(text, match.start(), match.end(), end)
        if stop is not None:
            kind = next(kind for i, (_, kind) in enumerate(_KINDS) if match.group(f"k{i}"))
            yield Heading(kind, _begin(text, match.start()), stop, fold(text[match.start() : stop]))


def _heading_end(text: str, start: int, stop: int, limit: int) -> int | None:
    """Return where the heading at `start` ends, its colon with it, or None if it is no heading."""
    words = text[start:stop]
    if opens_line(text, start):
        if found := _REST_OF_LINE.match(text, stop, limit):
            return _with_colon(text, stop, found.end())
        if words[0].isupper() and (found := _RUN_IN.match(text, stop, limit)):
            return _with_colon(text, stop, found.end())
    if words.isupper() and (found := _BEFORE_CAPITAL.match(text, stop, limit)):
        return _with_colon(text, stop, found.end())
    if words[0].isupper() and _follows_sentence(text, start) and _BEFORE_SUBJECT.match(text, stop, limit):
        return stop
    return None


def _with_colon(text: str, stop: int, reach: int) -> int:
    """Return the end of a heading whose words end at `stop`: after its colon, stop or bold marks, if any."""
    found = _COLON_OR_STOP.match(text, stop, reach)
    return found.end() if found else stop


def _list_headings(text: str, start: int, end: int) -> Iterator[Heading]:
    for match in _LIST.finditer(text, start, end):
        span = _list_heading(text, match, end)
        if span is not None:
            label = fold(text[match.start() : span[0]])
            yield Heading(SectionKind.RECOMMENDATIONS, _begin(text, match.start()), span[0], label, span[1])


def _list_heading(text: str, match: re.Match[str], limit: int) -> tuple[int, str] | None:
    """Return the end of a list's heading and the country's name in it, or None if it is no heading."""
    start, stop = match.span()
    at_start = opens_line(text, start)
    follows = at_start or (_follows_sentence(text, start) and text[start].isupper())
    if match.group("should"):
        return (text.index(":", stop) + 1, match.group("should")) if follows else None
    if match.group("named"):
        return _named(text, start, stop, limit, at_start)
    if match.group("prioritized"):
        name = (match.group("of") or "").strip()[3:].strip()
        if follows and (found := _COLON.match(text, stop, limit)):
            return found.end(), name
        if at_start and name:
            return stop, name
        if follows and _BEFORE_CAPITAL.match(text, stop, limit):
            return stop, name
    ended = _heading_end(text, start, stop, limit)
    return None if ended is None else (ended, "")


def _named(text: str, start: int, stop: int, limit: int, at_start: bool) -> tuple[int, str] | None:
    """Read "Recommendations for X": to its colon, to the end of its line, or to the end of its capitals."""
    if not text[start].isupper():
        return None
    stop += 1
    if found := _TO_COLON.match(text, stop, limit):
        name = found.group()[:-1].strip()
        if _reads_as_name(name) and (
            at_start or _follows_sentence(text, start) or text[start:stop].isupper()
        ):
            return found.end(), name
    if (
        at_start
        and (found := _TO_LINE_END.match(text, stop, limit))
        and _reads_as_name(found.group().strip())
    ):
        return found.end(), found.group().strip(" \t|*_")
    if text[start:stop].strip().isupper() and (found := _TO_SMALL.match(text, stop, limit)):
        return found.end(), found.group()
    return None


def cut_heading(text: str, start: int, end: int, marked: bool) -> int | None:
    """Return where a heading begins that the end of the text cuts short ("PR" of "PROSECUTION"), or None.

    It follows a whole sentence. Where the items of the list are `marked`, one on a line of its own has no
    mark; elsewhere it is told from the beginning of an item ("Pro" of "Provide") by its capitals.
    """
    found = _LAST_WORDS.search(text, max(start, end - 40), end)
    if not found:
        return None
    at, words = found.start("head"), fold(found.group("words"))
    begins_one = any(name.startswith(words.casefold()) and name != words.casefold() for name, _ in _KINDS)
    if not (begins_one and words[0].isupper() and ends_sentence(text[max(start, at - 12) : at])):
        return None
    return at if words.isupper() or (marked and opens_line(text, at)) else None


def _reads_as_name(name: str) -> bool:
    """Tell whether every long word of `name` begins with a capital, as in a country's name."""
    words = name.split()
    return bool(words) and len(words) <= 9 and all(word[0].isupper() or len(word) <= 3 for word in words)


def _begin(text: str, position: int) -> int:
    """Return `position`, or where its line begins if only decoration stands before it there."""
    if not opens_line(text, position):
        return position
    while position and text[position - 1] in _DECORATION:
        position -= 1
    return position


def opens_line(text: str, position: int) -> bool:
    """Tell whether only decoration (list marks, bars, a link's bracket) stands before it on its line."""
    for back in range(position - 1, max(-1, position - 40), -1):
        if text[back] in LINE_BREAKS:
            return True
        if text[back] not in _DECORATION:
            return False
    return position < 40


def _follows_sentence(text: str, position: int) -> bool:
    before = text[max(0, position - 8) : position].rstrip()
    return before[-1:] in (".", "!", "?", ")", "”", '"', ":", "*") if before else True


def _without_contents(text: str, found: list[Heading]) -> list[Heading]:
    """Leave out runs of headings with nothing between them: a table of contents, not the narrative.

    A run of two is one only if its headings come again; otherwise a part is merely empty.
    """
    kept: list[Heading] = []
    for run in _runs(text, found):
        later = {heading.kind for heading in found if heading.start > run[-1].start}
        repeated = any(heading.kind in later for heading in run)
        if len(run) >= 3 or (len(run) == 2 and repeated):
            continue
        kept.extend(run)
    return kept


def _runs(text: str, found: list[Heading]) -> Iterator[list[Heading]]:
    run: list[Heading] = []
    for heading in found:
        if run and not _is_empty(text, run[-1].end, heading.start):
            yield run
            run = []
        run.append(heading)
    if run:
        yield run


def _is_empty(text: str, start: int, end: int) -> bool:
    """Tell whether the gap between two headings holds no sentence: at most three words."""
    if end - start > 80:
        return False
    gap = text[start:end].strip(_DECORATION + LINE_BREAKS + "]()-–—.:")
    return len(gap.split()) <= 3 and not gap.rstrip().endswith((".", ";"))
