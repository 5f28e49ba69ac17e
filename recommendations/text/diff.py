"""Word differences between two texts, for people who compare them."""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Sequence

# Below this likeness a text is new, and marking every word of it would only make it harder to read.
ALIKE = 0.5
# Comparing grows with the product of both lengths; beyond this many pairs of words the text counts as new.
MOST_PAIRS = 1_000_000
# It also grows with the pairs of one and the same word, many times over where one word is most of a text.
# A thousand words of a narrative beside themselves have some 12,000 of them.
MOST_LIKE_PAIRS = 100_000
# (kind, text), the kind being ``same``, ``old`` or ``new``.
type Run = tuple[str, str]
WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")


def word_runs(before: str, after: str) -> list[Run]:
    """Return ``after`` as runs of words, marked against ``before``; other white space is no difference.

    The ``same`` and ``new`` runs together are ``after``. Texts with little in common give one ``new`` run.
    """
    if before == after:
        return [("same", after)] if after else []
    if not after:
        return [("old", before)]
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = word_matcher(_bare(old), _bare(new))
    if matcher is None or matcher.ratio() < ALIKE:
        return [("new", after)]
    runs = []
    for act, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if act in ("replace", "delete"):
            runs.append(("old", "".join(old[old_from:old_to])))
        if act != "delete":
            runs.append(("same" if act == "equal" else "new", "".join(new[new_from:new_to])))
    return runs


def word_matcher(old: Sequence[str], new: Sequence[str]) -> difflib.SequenceMatcher[str] | None:
    """Return what finds the common runs of two lists of words, or None if that would take too long."""
    if len(old) * len(new) > MOST_PAIRS or _like_pairs(old, new) > MOST_LIKE_PAIRS:
        return None
    return difflib.SequenceMatcher(None, old, new, autojunk=False)


def _like_pairs(old: Iterable[str], new: Iterable[str]) -> int:
    """Return how many pairs of a word on one side and the same word on the other there are."""
    among_new = Counter(new)
    return sum(count * among_new[word] for word, count in Counter(old).items())


def _bare(words: Iterable[str]) -> list[str]:
    return [word.strip() for word in words]
