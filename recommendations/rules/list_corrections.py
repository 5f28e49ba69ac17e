"""A list of recommendations that a person corrects before it is imported: parts of one text, in an order.

Each act takes a list of spans (start and end in characters of the text) and returns the new one. Whatever is
done, the words stay those of the source: a part is cut, joined, removed, added or moved, and never typed.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.importing import ParsedRecommendation, ParsedReport, fold
from recommendations.importing.folding import BULLETS, shorten, trim
from recommendations.importing.lists import look_inside
from recommendations.text.spans import places_of

type Spans = Sequence[tuple[int, int]]

# What stands between two recommendations and belongs to neither.
_BETWEEN = BULLETS + "*"


class CannotCorrect(ValueError):
    """An act that cannot be done. Its text is a plain sentence that says why and what to do."""


def split(text: str, spans: Spans, number: int, words: str) -> list[tuple[int, int]]:
    """Cut a recommendation in two, before some words of it.

    Args:
        number: which one, from 0.
        words: those with which the second part begins.
    """
    start, end = spans[number]
    at = start + _only_place(words, text[start:end])[0]
    parts = [trim(text, start, at, _BETWEEN), trim(text, at, end, _BETWEEN)]
    if parts[0][0] >= parts[0][1]:
        raise CannotCorrect(_("The recommendation begins with these words. Enter those of its second part."))
    return [*spans[:number], *parts, *spans[number + 1 :]]


def join(text: str, spans: Spans, number: int) -> list[tuple[int, int]]:
    """Make one of a recommendation and the next one of the list."""
    if number + 1 >= len(spans):
        raise CannotCorrect(_("There is no recommendation after this one."))
    (start, end), (next_start, next_end) = spans[number], spans[number + 1]
    if not (end <= next_start and text[end:next_start].strip(_BETWEEN + " \t\r\n\u00a0") == ""):
        raise CannotCorrect(
            _("There are other words between these two in the text, so they cannot be made one.")
        )
    return [*spans[:number], (start, next_end), *spans[number + 2 :]]


def remove(spans: Spans, number: int) -> list[tuple[int, int]]:
    """Leave a recommendation out."""
    return [*spans[:number], *spans[number + 1 :]]


def add(text: str, spans: Spans, words: str) -> list[tuple[int, int]]:
    """Add a passage of the text, before the first recommendation that comes after it there.

    Args:
        words: the whole passage, as it stands in the text.
    """
    start, end = trim(text, *_only_place(words, text), _BETWEEN)
    if any(start < other_end and other_start < end for other_start, other_end in spans):
        raise CannotCorrect(_("A recommendation of the list has some of these words. Remove it first."))
    at = next((number for number, span in enumerate(spans) if span[0] > start), len(spans))
    return [*spans[:at], (start, end), *spans[at:]]


def move(spans: Spans, number: int, by: int) -> list[tuple[int, int]]:
    """Move a recommendation in the list, by so many places; at an end of the list it stays."""
    others = remove(spans, number)
    at = min(max(number + by, 0), len(others))
    return [*others[:at], spans[number], *others[at:]]


def _only_place(words: str, text: str) -> tuple[int, int]:
    """Return where some words are; raise where they are not, or are more than once."""
    if not words.strip():
        raise CannotCorrect(_("Enter the words, as they stand in the text."))
    places = places_of(words, text)
    if not places:
        raise CannotCorrect(
            _("“%(words)s” was not found in the text here. Copy the words from it.")
            % {"words": shorten(words)}
        )
    if len(places) > 1:
        raise CannotCorrect(
            _("“%(words)s” is more than once in the text here. Enter more of the words.")
            % {"words": shorten(words)}
        )
    return places[0]


def with_list(parsed: ParsedReport, spans: Spans, expected: int | None) -> ParsedReport:
    """Return a report with the list as a person corrected it.

    Args:
        expected: how many recommendations the person says that there are; with as many the list is complete.
    """
    read = tuple((item.start, item.end) for item in parsed.recommendations)
    warnings = list(parsed.warnings)
    if read != tuple(spans):
        # What was said of recommendations as they were read is said anew of those that there are now.
        before, after = (look_inside(parsed.text, these)[0] for these in (read, spans))
        warnings = [words for words in warnings if words not in before] + after
        words = _("The list was corrected by hand: %(read)s were read, it now has %(kept)s.")
        warnings.append(words % {"read": len(read), "kept": len(spans)})
    if expected is not None and expected != len(spans):
        words = ngettext(
            "%(expected)s recommendation was expected; the list has %(kept)s.",
            "%(expected)s recommendations were expected; the list has %(kept)s.",
            expected,
        )
        warnings.append(words % {"expected": expected, "kept": len(spans)})
    return replace(
        parsed,
        recommendations=tuple(
            ParsedRecommendation(position, fold(parsed.text[start:end]), start, end)
            for position, (start, end) in enumerate(spans, start=1)
        ),
        complete=parsed.complete if expected is None else expected == len(spans) > 0,
        warnings=tuple(warnings),
    )
