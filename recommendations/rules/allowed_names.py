"""Which names a person can have: visible characters, and no name that looks like somebody else's.

Two names look alike when their skeletons are the same: what is left without case, width, spaces, accents
and punctuation, with letters of other scripts read as the Latin ones that they look like (the
idea, and the pairs, of Unicode Technical Standard 39; only letters that names are written with).
"""

import re
import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

# Control and format signs (line breaks, what turns the direction, what has no width), halves of signs,
# private and unassigned ones, separators of lines and paragraphs.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Letters and marks that are drawn as nothing: Hangul fillers, joiners, a blank of Braille, selectors.
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# As they look after case folding; a capital that looks like a Latin one stands by its small letter.
LOOKS_LIKE = str.maketrans(
    {
        **dict(zip("авекмнорстухіјѕһԁԛԝьӏ", "abekmhopctyxijshdqwbl", strict=True)),
        **dict(zip("αβεζηικμνορτυχϳ", "abezhikmnoptyxj", strict=True)),
        **dict(zip("օսհոցԍ", "ouhngg", strict=True)),
        **dict(zip("ıłøđħŧɑɡɩ", "ilodhtagi", strict=True)),
    }
)
# Of one look in most typefaces.
ALIKE = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})


def tidy(name: str) -> str:
    """Return a name in one spelling: composed letters, one space between words, none around."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def problem_of(name: str) -> str:
    """Return why nobody can be called so, as a sentence; empty when they can."""
    if BLANK.search(name) or any(unicodedata.category(sign) in UNSEEN for sign in name):
        return _(
            "A name cannot contain line breaks, invisible characters, or characters that change "
            "the direction of writing. Type it instead of pasting it."
        )
    if "@" in name:
        return _("A name cannot contain the character @: it could be mistaken for somebody’s address.")
    if not any(sign.isalpha() for sign in name):
        return _("A name needs a letter.")
    return ""


def skeleton(name: str) -> str:
    """Return what a name comes to at a glance: the same for names that pass for each other."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    apart = unicodedata.normalize("NFD", folded)
    plain = "".join(sign for sign in apart if unicodedata.category(sign) not in ("Mn", "Me"))
    alike = plain.translate(LOOKS_LIKE).translate(ALIKE)
    return "".join(sign for sign in alike if sign.isalnum())


def taken(name: str, others: Iterable[str]) -> bool:
    """Say whether ``name`` passes for one of ``others``, which are names and addresses."""
    own = skeleton(name)
    return any(skeleton(other) == own for other in others if other)
