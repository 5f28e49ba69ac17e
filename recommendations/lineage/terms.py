"""From the text of a recommendation to its terms: what two wordings of one demand have in common."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.importing.words import VERBS
from recommendations.text.tokens import folded, letters_of

from .words import COMMON, EMPTY, ENDINGS, FAMILIES, PHRASES

_WORD = re.compile(r"[^\W_]+")
_PHRASES = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, PHRASES), key=len, reverse=True)) + r")\b")
_APOSTROPHE_S = re.compile(r"[’']s?\b")
# What only stresses a part of a demand, or says how it is to be met, makes it neither wider nor narrower.
_STRESS = re.compile(
    r",?\s(?:particularly|especially|such as|in accordance with|in practice|used as"
    r"|including (?:articles?|sections?))\b[^,;.]*"
)
# An order follows the beginning, a comma, "and", "or" and "to", and adverbs between.
_ACT = re.compile(r"(?:^|[,;.]\s|\band\s|\bor\s|\bto\s)(?:and\s|or\s|to\s|[a-z]+ly\s|not\s)*([a-z]+)")
SHORTEST_STEM = 4
# How much a term that nearly every recommendation has counts beside one that few have.
COMMON_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Item:
    """One recommendation as it is compared.

    ``key`` is what two that are the same share: letters and figures without case. ``words`` are its terms
    in order, ``terms`` all of them, ``plain`` those of what is no mere stress or example, ``acts`` the verbs
    of what is to be done. ``broken`` says that its end is missing.
    """

    text: str
    key: str
    words: tuple[str, ...]
    terms: frozenset[str]
    plain: frozenset[str]
    acts: frozenset[str]
    broken: bool


def read_item(text: str, *, broken: bool = False) -> Item:
    """Read one recommendation; of a broken one the last word counts for nothing."""
    plain = _APOSTROPHE_S.sub("", folded(text))
    plain = plain[: plain.rfind(" ")] if broken and " " in plain else "" if broken else plain
    replaced = _PHRASES.sub(lambda match: PHRASES[match.group()], plain)
    words = tuple(_terms(replaced))
    return Item(
        text=text,
        key=letters_of(text),
        words=words,
        terms=frozenset(words),
        plain=frozenset(_terms(_STRESS.sub(" ", replaced))),
        acts=frozenset(stem(verb) for verb in _ACT.findall(replaced) if verb in VERBS),
        broken=broken,
    )


def _terms(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(text) if word not in EMPTY]


def stem(word: str) -> str:
    """Return the form that a word shares with others of its family and with its synonyms.

    Args:
        word: in lower case, without accents.
    """
    cut = _cut(word)
    return _FAMILY.get(cut, cut)


def _cut(word: str) -> str:
    if word.endswith("ies") and len(word) > SHORTEST_STEM:
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            word = word[: -len(ending)]
            break
    # "committed", "committing", "commit".
    return word[:-1] if len(word) > SHORTEST_STEM and word[-1] == word[-2] else word


def together(items: Iterable[Item]) -> frozenset[str]:
    """Return the terms of several recommendations."""
    return frozenset(term for one in items for term in one.terms)


_FAMILY = {_cut(other): _cut(first) for first, *others in FAMILIES for other in others}
_COMMON = frozenset(stem(word) for word in COMMON)


class Weights:
    """How much each term says: a rare one more than one that many recommendations have."""

    def __init__(self, items: Iterable[Item]):
        counted = list(items)
        self._many = len(counted)
        self._found = Counter(term for one in counted for term in one.terms)

    def of(self, term: str) -> float:
        """Return the weight of a term."""
        rarity = math.log(1 + (self._many + 1) / (1 + self._found[term]))
        return rarity * (COMMON_SHARE if term in _COMMON else 1)

    def sum(self, terms: Iterable[str]) -> float:
        """Return what several terms weigh together."""
        return math.fsum(self.of(term) for term in terms)
