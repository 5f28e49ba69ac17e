"""How text is cut for the search index, and a search to match it: the same on every database.

Words in alphabetic scripts stay whole and are found by their beginning. Chinese, Japanese and Korean are
written without spaces, or with endings grown to the word, so their runs are cut into pairs of characters that
overlap (정치범 → 정치 치범 범), and a search is for the same pairs one after another. That
finds a word anywhere in a run, without a dictionary. The approach is that of Lucene's CJKAnalyzer.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

# Hangul and its letters, kana, and Han with its extensions.
CJK = (
    "\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
RUN = re.compile(f"[{CJK}]+|[^\\W_{CJK}]+")
IS_CJK = re.compile(f"[{CJK}]")
ACCENTS = re.compile("[\u0300-\u036f]")
# Shorter beginnings would find half the language.
SHORTEST_BEGINNING = 3
PASSAGE_LENGTH = 2_000  # characters
LONGEST_TOKEN = 200


@dataclass(frozen=True)
class Term:
    """What a text must contain, one token after another; the last one can be longer if ``open_ended``."""

    tokens: tuple[str, ...]
    open_ended: bool = False


def folded(text: str) -> str:
    """Return text in the one form in which it is compared: without case, accents or letter widths."""
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", plain).casefold()


def letters_of(text: str) -> str:
    """Return the letters and figures of a text alone: equal for texts equal but for case and punctuation."""
    return "".join(RUN.findall(folded(text)))


def tokens_of(text: str) -> str:
    """Return the tokens of a text, with a space between them."""
    return " ".join(token for run in RUN.findall(folded(text)) for token in _tokens_of_run(run))


def _tokens_of_run(run: str) -> list[str]:
    if not IS_CJK.match(run):
        return [run[:LONGEST_TOKEN]]
    return [run[at : at + 2] for at in range(len(run))]


def terms_of(word: str) -> list[Term]:
    """Return the terms that a typed word stands for; a text that holds the word matches all of them.

    A word without letters or figures, such as "?!", gives no token.
    """
    return [_term(run) for run in RUN.findall(folded(word))]


def _term(run: str) -> Term:
    if not IS_CJK.match(run):
        return Term((run[:LONGEST_TOKEN],), open_ended=len(run) >= SHORTEST_BEGINNING)
    if len(run) == 1:
        return Term((run,), open_ended=True)
    return Term(tuple(run[at : at + 2] for at in range(len(run) - 1)))


def passages_of(text: str) -> Iterator[str]:
    """Yield a text in passages of at most ``PASSAGE_LENGTH`` characters, cut where there is a space."""
    left = text.strip()
    while len(left) > PASSAGE_LENGTH:
        cut = max(left.rfind(sign, PASSAGE_LENGTH // 2, PASSAGE_LENGTH) for sign in " \n\t\u3000")
        cut = cut if cut > 0 else PASSAGE_LENGTH
        yield left[:cut].rstrip()
        left = left[cut:].lstrip()
    if left:
        yield left
