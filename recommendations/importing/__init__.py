"""Reading a narrative of the Trafficking in Persons Report: bytes in, a parsed report out; no database.

    report = parse(Path("north-korea.txt").read_bytes())
    [item.text for item in report.recommendations]

White space is folded by `fold`, and the promise that ties each recommendation to its source is
`fold(report.text[item.start:item.end]) == item.text`.
"""

from .folding import fold
from .narrative import parse
from .report import NotANarrative, ParsedRecommendation, ParsedReport, ParsedSection, YearNotStated

__all__ = [
    "NotANarrative",
    "ParsedRecommendation",
    "ParsedReport",
    "ParsedSection",
    "YearNotStated",
    "fold",
    "parse",
]
