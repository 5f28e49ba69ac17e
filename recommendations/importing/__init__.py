"""Reading a narrative of the Trafficking in Persons Report: a text in, a parsed report out; no database.

    data = Path("north-korea.txt").read_bytes()
    report = parse(decode(data), sha256=hashlib.sha256(data).hexdigest())
    [item.text for item in report.recommendations]

White space is folded by `fold`, and the promise that ties each recommendation to its source is
`fold(report.text[item.start:item.end]) == item.text`.
"""

from .decoding import decode
from .folding import fold
from .narrative import parse
from .report import NotANarrative, ParsedRecommendation, ParsedReport, ParsedSection, YearNotStated

__all__ = [
    "NotANarrative",
    "ParsedRecommendation",
    "ParsedReport",
    "ParsedSection",
    "YearNotStated",
    "decode",
    "fold",
    "parse",
]
