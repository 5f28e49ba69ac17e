"""Word differences between two texts, for people who compare them."""

import difflib
import re

# Below this likeness a text is new, and marking every word of it would only make it harder to read.
ALIKE = 0.5
# Comparing grows with the product of both lengths; beyond this many pairs of words the text counts as new.
MOST_PAIRS = 4_000_000


def word_runs(before, after):
    """Return ``after`` as runs of words, marked against ``before``.

    Args:
        before: the earlier text.
        after: the later text.

    Returns: (kind, text) pairs in reading order, kind being ``same``, ``old`` or ``new``. The ``same`` and
    ``new`` runs together are ``after``. Texts that have little in common give one ``new`` run.
    """
    if before == after:
        return [("same", after)] if after else []
    old, new = _words(before), _words(after)
    if len(old) * len(new) > MOST_PAIRS:
        return [("new", after)]
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [("new", after)] if after else [("old", before)]
    runs = []
    for act, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if act == "equal":
            runs.append(("same", "".join(new[new_from:new_to])))
            continue
        if old_from < old_to:
            runs.append(("old", "".join(old[old_from:old_to])))
        if new_from < new_to:
            runs.append(("new", "".join(new[new_from:new_to])))
    return runs


def _words(text):
    """Return words and the white space between them; joined they are the text."""
    return re.findall(r"\s+|\S+", text)
