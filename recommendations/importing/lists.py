"""A list of recommendations, split by the kind of mark that it uses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import marks
from .folding import BULLETS, fold, shorten, trim
from .grammar import Opening, boundaries, ends_sentence, opening
from .marks import Mark

_LIST_END = re.compile(r"\s*;(?:\s*(?:and|or))?\s*\Z", re.IGNORECASE)
_LEADING_AND = re.compile(r"and\s+", re.IGNORECASE)
_CUT_SHORT = re.compile(r"(?:…|\.\.\.|\[\s*(?:…|\.\.\.)\s*\]|read\s+more)\W*\Z", re.IGNORECASE)
_LONGEST_USUAL = 1500  # characters; the longest recommendation seen has about 600


@dataclass(slots=True)
class Parting:
    """How a list was parted: the spans, what the reviewer should look at, and whether it is in doubt."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    doubtful: bool = False
    sentence: bool = False  # it is one sentence, parted by semicolons
    closed: bool = False  # the list says itself that it is over: "…; and accede to the Protocol."


def part(text: str, start: int, end: int) -> Parting:
    """Part `text[start:end]` into recommendations by one kind of separator.

    Bullets and asterisks win; then whichever is most frequent of lines of their own, sentences with no
    space between them, semicolons, and plain sentences. What the text leaves in doubt is a warning.
    """
    result = Parting()
    strong = _strongest_marks(text, start, end)
    if strong:
        chosen = _with_lost_bullets(text, start, end, strong, result)
    else:
        chosen = _without_bullets(text, start, end, result)
    _cut_at(text, start, end, chosen, result)
    inside, doubtful = look_inside(text, result.spans)
    result.warnings += inside
    result.doubtful |= doubtful
    return result


def _strongest_marks(text: str, start: int, end: int) -> list[Mark]:
    bullets = marks.bullet_marks(text, start, end)
    asterisks = marks.asterisk_marks(text, start, end)
    return max(bullets, asterisks, key=len) or marks.line_marks(text, start, end)


def _with_lost_bullets(text: str, start: int, end: int, strong: list[Mark], result: Parting) -> list[Mark]:
    """Return the bullets; where most of them are lost, the sentences that they stood between too."""
    spaced, glued = marks.sentence_marks(text, start, end)
    if len(glued) > len(strong):
        result.warnings.append(
            "Most bullets of the list are missing: it was split where sentences meet without a space. "
            "Compare it with the source."
        )
        return strong + glued
    if len(spaced) >= 4 and len(spaced) > 3 * len(strong):
        result.doubtful = True
        result.warnings.append(
            "Most bullets of the list are missing: it was split at every full stop. Compare it with "
            "the source."
        )
        return strong + spaced
    return strong


def _without_bullets(text: str, start: int, end: int, result: Parting) -> list[Mark]:
    units = marks.unit_marks(text, start, end)
    spaced, glued = marks.sentence_marks(text, start, end)
    semicolons, inner = marks.semicolon_marks(text, start, end)
    sentences = max(len(units), len(glued), len(spaced))
    if len(semicolons) > sentences:
        _note_semicolons(text, inner, sentences, len(semicolons), result)
        result.sentence = True
        result.closed = _closes(text, semicolons[-1], end)
        return semicolons
    if len(semicolons) >= 2 and 2 * len(semicolons) > sentences:
        result.doubtful = True
        result.warnings.append(
            "The list mixes semicolons and full stops. Compare its recommendations with the source."
        )
    if len(glued) >= max(1, len(units)):
        return glued
    if units and len(spaced) - len(units) <= 2 * len(units):
        return units
    if spaced:
        result.warnings.append(
            "The list has no bullets: it was split at every full stop. Compare it with the source."
        )
    return spaced


def _note_semicolons(text: str, inner: list[int], sentences: int, semicolons: int, result: Parting) -> None:
    if inner:
        result.warnings.append(
            f"A semicolon before “{shorten(text[inner[0] + 1 : inner[0] + 120], 40)}” was read as part of "
            "one recommendation. Compare it with the source."
        )
    if sentences >= 2 and 2 * sentences > semicolons:
        result.doubtful = True
        result.warnings.append(
            "The list mixes semicolons and full stops. Compare its recommendations with the source."
        )


def _closes(text: str, last: Mark, end: int) -> bool:
    """Tell whether the last semicolon brings "and" and the item after it ends with a full stop."""
    joined = re.search(r"\b(?:and|or)\s+\Z", text[last.start : last.end], re.IGNORECASE)
    return bool(joined) and ends_sentence(text[last.end : end])


def _cut_at(text: str, start: int, end: int, chosen: list[Mark], result: Parting) -> None:
    """Fill in the spans between the marks, without the marks, the semicolons and the spaces around."""
    edges = sorted(chosen, key=lambda mark: (mark.start, mark.end))
    begin, empty = start, 0
    for index, mark in enumerate([*edges, Mark(end, end)]):
        span = _tidy(text, begin, max(begin, mark.start), result.spans)
        if span[0] < span[1]:
            result.spans.append(span)
        elif index and edges[index - 1].end > edges[index - 1].start:
            empty += 1
        begin = max(begin, mark.end)
    if empty:
        result.doubtful = True
        result.warnings.append("A bullet of the list has no text after it: a recommendation may be missing.")


def _tidy(text: str, start: int, end: int, before: list[tuple[int, int]]) -> tuple[int, int]:
    """Trim a piece: white space, a stray bullet, a closing semicolon, "and" after a semicolon."""
    start, end = trim(text, start, end, also=BULLETS)
    if found := _LIST_END.search(text, max(start, end - 12), end):
        end = found.start()
    if before and (joined := _LEADING_AND.match(text, start, end)):
        between = text[before[-1][1] : start]
        start = joined.end() if ";" in between else start
    return trim(text, start, end)


def look_inside(text: str, spans: Sequence[tuple[int, int]]) -> tuple[list[str], bool]:
    """Look for recommendations that may be two, that repeat words or that are far too long.

    Returns:
        The warnings, and whether the list is in doubt.
    """
    warnings, doubtful = [], False
    seen: dict[str, int] = {}
    within = 0
    for position, (start, end) in enumerate(spans, 1):
        whole = fold(text[start:end])
        if whole.casefold() in seen:
            warnings.append(f"Recommendations {seen[whole.casefold()]} and {position} have the same text.")
        seen.setdefault(whole.casefold(), position)
        orders = _later_orders(text, start, end)
        within += len(orders)
        if orders:
            second = text[orders[0] : min(end, orders[0] + 120)]
            warnings.append(
                f"Recommendation {position} may be two: “{shorten(second, 50)}” reads like one of its "
                "own. Compare it with the source. If these are two, split them before the import; if it is "
                "one, a reviewer can later split it into asks."
            )
        if _repeats_itself(whole):
            warnings.append(f"Recommendation {position} has the same words twice, as if pasted twice.")
        if len(whole) > _LONGEST_USUAL:
            doubtful = True
            warnings.append(f"Recommendation {position} is unusually long: it may hold more than one.")
    if within >= 3 and within >= len(spans):
        doubtful = True
        warnings.append("The list has more sentences than recommendations. Compare it with the source.")
    return warnings, doubtful


def _later_orders(text: str, start: int, end: int) -> list[int]:
    """Return where a further sentence of the span opens as a recommendation of its own."""
    return [
        at
        for at, _ in boundaries(text, start, end)
        if opening(text[at : min(end, at + 420)]) is Opening.ORDER
    ]


def _repeats_itself(whole: str) -> bool:
    head = " ".join(whole.split()[:6])
    return len(head) >= 25 and whole.find(head, len(head)) != -1


def drop_cut_mark(text: str, parting: Parting) -> bool:
    """Take away a last part that is only the dots or "read more" of a cut; return whether there was one."""
    if parting.spans and _CUT_SHORT.fullmatch(text[slice(*parting.spans[-1])][:40]):
        parting.spans.pop()
        return True
    return False


def breaks_off(text: str, parting: Parting, ended: bool) -> bool:
    """Tell whether the last part breaks off; `ended` says that something of the report follows the list.

    A missing full stop shows it, save where a site left out the full stop of nearly every item.
    """
    pieces = [text[start:end] for start, end in parting.spans]
    if _CUT_SHORT.search(pieces[-1][-40:]):
        return True
    if ends_sentence(pieces[-1][-12:]):
        return False
    stopped = sum(ends_sentence(piece[-12:]) for piece in pieces[:-1])
    usual = len(pieces) > 1 and not parting.sentence and 2 * stopped < len(pieces) - 1
    return not (usual and ended)
