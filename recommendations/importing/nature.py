"""Whether the words of a recommendation ask for a practice to end, or for something to be done.

The verb of the order decides: "End …", "Cease …", "Take steps to eliminate …". A recommendation of several
orders is of the nature of its first one; whoever splits it gives each ask the nature of its own order. What
the rule gets wrong, a reviewer corrects.
"""

import re

from recommendations.choices import Nature

from .grammar import boundaries
from .words import ADVERBS, ALSO_NOUNS, CLAUSE_OPENERS, ENDING, VERBS

# Orders of several words, which begin with a verb that says nothing for itself.
_ENDING_PHRASE = re.compile(r"(?:put an end to|bring an end to|bring to an end|phase out|do not|no longer)\b")
# "Take steps to eliminate …" asks for the same as "Eliminate …".
_EFFORTS = re.compile(
    r"(?:[a-z-]+ )?(?:take|undertake|make|increase|continue|intensify|strengthen|redouble)\b"
    r"[^.;:]{0,40}?\b(?:steps|measures|action|actions|efforts) to (?=[a-z])"
)
_ORDER_AFTER = re.compile(r";\s*(?:and\s+)?|,\s*(?:and|or)\s+")
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def nature_of(text: str) -> Nature:
    """Return the nature of an order, or of the first of several."""
    return Nature.END if _ends_a_practice(_without_opening(_folded(text))) else Nature.DO


def nature_within(text: str, start: int, end: int) -> Nature:
    """Return the nature of the words ``text[start:end]``: of their own order, or of that around them."""
    words = _folded(text[start:end])
    first = _first_word(words)
    if _ends_a_practice(words) or (first in VERBS and first not in ALSO_NOUNS):
        return nature_of(words)
    return nature_of(text[max(place for place in _orders(text) if place <= start) :])


def _orders(text: str) -> list[int]:
    """Return where the orders of a text begin: its sentences, and parts that open with a verb."""
    begun = [0, *(place for place, _glued in boundaries(text, 0, len(text)))]
    for match in _ORDER_AFTER.finditer(text):
        first = _first_word(_folded(text[match.end() : match.end() + 80]))
        if first in ENDING or (first in VERBS and first not in ALSO_NOUNS):
            begun.append(match.end())
    return begun


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).lstrip("“\"‘'([")


def _without_opening(words: str) -> str:
    """Return what follows a clause before the order: "While respecting due process, cease …"."""
    if _first_word(words) in CLAUSE_OPENERS and "," in words:
        for match in re.finditer(r",\s*", words):
            if _first_word(words[match.end() :]) in VERBS:
                return words[match.end() :]
    return words


def _first_word(words: str) -> str:
    """Return the first word that is no adverb: "immediately cease" begins with "cease"."""
    found = (match.group() for match in _WORD.finditer(words))
    return next((one for one in found if one in VERBS | ENDING or not _is_adverb(one)), "")


def _is_adverb(word: str) -> bool:
    return word.endswith("ly") or word in ADVERBS


def _ends_a_practice(words: str) -> bool:
    words = _EFFORTS.sub("", words, count=1) if _EFFORTS.match(words) else words
    return bool(_ENDING_PHRASE.match(words)) or _first_word(words) in ENDING
