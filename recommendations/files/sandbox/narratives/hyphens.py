"""Words that were parted at the end of a line: whether the hyphen is their own."""

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST = re.compile(r"[^\W_]+(?:-[^\W_]+)*-\Z")
_FIRST = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# What opens and what closes words that keep their hyphen, in the language of these reports.
_ALWAYS = re.compile("anti|non|self")
_OPENS = re.compile(
    "pro|ex|well|ill|quasi|semi|cross|counter|victim|survivor|trauma|state|government|debt|child|gender"
    "|culturally|age|family|community|evidence|data|long|short|high|low|large|small|full|part|first|second|third"
    "|one|two|three|multi|awareness|decision|policy|law|labor|sex|border|foreign|on|job|fact|so|year|race|skills"
)
_CLOSES = re.compile(
    "government|led|wide|level|term|years?|old|months?|day|border|sector|run|owned|operated|sensitive|appropriate"
    "|agency|party|compliant|trafficking|governmental|up|raising|making|scale|risk|income|skilled|profit|site|time"
    "|hour|person|country|wage|free|like|imposed|bondage|labor|born|affected|economic"
)
_CLOSES_ALWAYS = re.compile(
    "affiliated|backed|based|building|centered|centred|driven|flagged|focused|funded|informed|oriented|ranking"
    "|related|seekers|sharing|speaking|specific|sponsored"
)
# What makes one word with the word after it: "overtime", "sometimes", "network".
_SOLID = re.compile(
    "some|any|every|over|under|out|up|down|with|there|where|when|how|them|him|her|our|your|through|never|more"
    "|further|work|house|home|land|sea|air|water|net|man|birth|pass|life|block|web|coun|sub|super"
)


class Words:
    """The words of a document, by which it is told how one is written."""

    def __init__(self, text: str) -> None:
        self.seen = Counter(match.group().casefold() for match in _WORD.finditer(text))

    def joined(self, before: str, after: str) -> str:
        """Return two lines as one, the first of which ends with a hyphen.

        The document decides where it has the word elsewhere; else the parts of the word do.
        """
        last, first = _LAST.search(before[-80:]), _FIRST.match(after)
        if not last or not first:
            return f"{before}{after}"
        keeps = self._keeps(last.group()[:-1], first.group())
        return f"{before}{after}" if keeps else f"{before[:-1]}{after}"

    def _keeps(self, left: str, right: str) -> bool:
        if right[0].isdigit() or left[-1].isdigit():
            return True
        plain, hyphenated = f"{left}{right}".casefold(), f"{left}-{right}".casefold()
        if self.seen[plain] != self.seen[hyphenated]:
            return self.seen[hyphenated] > self.seen[plain]
        if right[0].isupper() and not left.isupper():
            return True
        tail, head = left.rpartition("-")[2].casefold(), right.partition("-")[0].casefold()
        if _ALWAYS.fullmatch(tail) or _CLOSES_ALWAYS.fullmatch(head):
            return True
        if _OPENS.fullmatch(tail) and _CLOSES.fullmatch(head):
            return True
        # Two whole words that this document has alone: "state-" and "sponsored", but not "work-" and "ers".
        are_whole = len(tail) > 2 and len(head) > 3 and self.seen[tail] and self.seen[head]
        return bool(are_whole) and not _SOLID.fullmatch(tail)
