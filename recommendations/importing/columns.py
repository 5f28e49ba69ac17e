"""Two columns of a printed page, mixed line by line: no rule can put them in order again."""

import re
from itertools import pairwise

from .folding import lines

_GAP = re.compile(r"\S {4,}\S|\S\t+\S")

# Neighbors that no sentence has: an article before a preposition or a verb, "of was", "to are".
_IMPOSSIBLE = re.compile(
    r"\b(?:the|a|an|its|their)\s+(?:the|a|an|of|to|for|by|with|in|on|from|and|or|that|is|are|was|were|has|had|have|"
    r"did|does|which|who)(?=[\s,.;])|\b(?:of|to|for|by|with|from|at|into)\s+(?:of|is|are|was|were|has|had|have|did|does)"
    r"(?=[\s,.;])"
)
# What opens a sentence: on a new line, only after a sentence that has ended.
_OPENERS = re.compile(
    r"(?:The|These|This|However|In|It|During|Authorities|Officials|Although|Despite|Therefore|Prosecutors)\b,?\s[a-z]"
)
_FEWEST_LINES = 12
# The fixed words of every assessment, whole, and the same with a line of something else among them.
_FORMULA = re.compile(r"minimum\s+standards\s+for\s+the\s+elimination\s+of", re.IGNORECASE)
_BROKEN_FORMULA = re.compile(
    r"\bminimum\b(?=[\s\S]{1,200}?\bstandards\b)(?P<among>(?:(?!minimum)[\s\S]){20,300}?)\belimination\s",
    re.IGNORECASE,
)


def are_mixed(text: str) -> bool:
    """Tell whether `text` is two columns mixed: side by side in each line, or one line of each in turn.

    Judged by how lines go on: in a text in order, hardly ever does a small letter follow a full stop or
    "and" follow "the" across a line's end; in a mixed one every tenth line or so does.
    """
    sample = text[:60_000]
    spans = list(lines(sample, 0, len(sample)))
    if len(spans) < _FEWEST_LINES:
        return False
    if _is_formula_broken(sample):
        return True
    wide = sum(bool(_GAP.search(sample[slice(*span)])) for span in spans)
    if wide * 3 > len(spans):
        return True
    joins = [
        (sample[slice(*one)], sample[slice(*two)])
        for one, two in pairwise(spans)
        if one[1] - one[0] >= 20 and sample.count("\n", one[1], two[0]) <= 1
    ]
    torn = len(_IMPOSSIBLE.findall(sample)) + sum(_goes_on_small(one, two) for one, two in joins)
    early = sum(_begins_early(one, two) for one, two in joins)
    signs = 2 * torn + early
    return signs >= 4 and torn >= 1 and signs * 15 >= len(joins)


def _is_formula_broken(sample: str) -> bool:
    """Tell whether the assessment's fixed words stand nowhere whole but somewhere torn apart."""
    if _FORMULA.search(sample):
        return False
    found = _BROKEN_FORMULA.search(sample)
    return found is not None and len(found.group("among").split()) > 6


def _goes_on_small(one: str, two: str) -> bool:
    """Tell whether line `two` begins with a small letter although line `one` ended a sentence."""
    return one.endswith(".") and two[0].islower() and one[-4:-1].isalpha()


def _begins_early(one: str, two: str) -> bool:
    """Tell whether line `two` opens a sentence although line `one`, which is no heading, ended none."""
    return (one[-1].islower() or one[-1] == ",") and bool(_OPENERS.match(two))
