"""A brief as PDF: tagged, so that screen readers can read it (PDF/UA-1), and the same on every machine.

Typst takes the words as data: nothing that somebody wrote can be taken for an instruction.
"""

import json
import unicodedata
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

from recommendations.exports.briefs.shapes import Brief

FONTS = Path(__file__).parents[2] / "shipped" / "fonts"
LAYOUT = Path(__file__).with_name("brief.typ")


def pdf_of(brief: Brief) -> bytes:
    """Return a brief as PDF/UA-1.

    A character that the font does not have is written by its number: a PDF for screen readers must not hold
    one that nothing shows.
    """
    said = asdict(brief) | {
        # Typst takes texts only, and makes bytes of numbers.
        "logo": list(brief.logo),
        "alternative": brief.organisation or brief.labels["logo"],
        "language": "en",
        "paper": "a4",
    }
    made: bytes = typst.compile(
        LAYOUT,
        format="pdf",
        font_paths=[FONTS],
        ignore_system_fonts=True,
        pdf_standards="ua-1",
        sys_inputs={"brief": json.dumps(_shown(said))},
    )
    return made


def _shown(value: object) -> object:
    """Return a value with all its texts as the font can show them."""
    if isinstance(value, str):
        return "".join(map(_character, unicodedata.normalize("NFC", value)))
    if isinstance(value, dict):
        return {key: _shown(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_shown(one) for one in value]
    return value


@cache
def _character(one: str) -> str:
    if one in "\n\t " or ord(one) in _characters():
        return one
    if unicodedata.category(one) in ("Cc", "Cf", "Cs", "Mn"):
        return ""
    return f"[U+{ord(one):04X}]"


@cache
def _characters() -> frozenset[int]:
    """Return the characters that both weights of the font have."""
    found = [frozenset(TTFont(path, lazy=True).getBestCmap()) for path in sorted(FONTS.glob("*.otf"))]
    return frozenset.intersection(*found)
