"""Two columns of a printed page, mixed line by line: no rule can put them in order again."""

import re
from itertools import pairwise

from .folding import lines

_GAP = re.compile(r"\S {4,}\S|\S\t+\S")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_LINKS = _words("the a an of to for by with in on from and or that its their as at into")
# A line that ends with a word of the first kind is not continued by a word of these.
_AFTER_ARTICLE = frozenset(
    "the a an of to for by with in on from and or that is are was were has had have did does which who".split(
        " "
    )
)
_AFTER_LINK = _words("of and or is are was were has had have did does")
_ARTICLES = _words("the a an its their")
_FEWEST_LINES = 12


def are_mixed(text: str) -> bool:
    """Tell whether `text` is two columns mixed: side by side in each line, or one line of each in turn.

    Judged by how lines go on: in a text in order, hardly ever does a small letter follow a full stop or
    "and" follow "the" across a line's end; in a mixed one every tenth line or so does.
    """
    sample = text[:60_000]
    spans = list(lines(sample, 0, len(sample)))
    if len(spans) < _FEWEST_LINES:
        return False
    wide = sum(bool(_GAP.search(sample[slice(*span)])) for span in spans)
    if wide * 3 > len(spans):
        return True
    joins = [
        (sample[slice(*one)], sample[slice(*two)])
        for one, two in pairwise(spans)
        if one[1] - one[0] >= 20 and sample.count("\n", one[1], two[0]) <= 1
    ]
    broken = sum(_is_broken(one, two) for one, two in joins)
    return broken >= 3 and broken * 25 >= len(joins)


def _is_broken(one: str, two: str) -> bool:
    """Tell whether line `two` cannot be what line `one` goes on with."""
    first = _WORD.match(two)
    last = _WORD.findall(one[-40:])
    if first is None or not last:
        return False
    if one.endswith(".") and first.group()[0].islower() and len(last[-1]) > 3:
        return True
    if not one[-1].isalpha():
        return False
    end, begin = last[-1].casefold(), first.group().casefold()
    return (end in _ARTICLES and begin in _AFTER_ARTICLE) or (end in _LINKS and begin in _AFTER_LINK)
