"""Words for mails without HTML: lines that fit a terminal, and no characters that control one."""

import re
import unicodedata

LINE_LENGTH = 76
# What begins an item of a list in a text part: lines that follow stand below its words.
_MARK = re.compile(r"\* |\d+\. ")
# Characters that control a terminal or turn the direction of words; bodies keep only line breaks of these.
_STEERING = r"\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
_CONTROL, _CONTROL_BUT_BREAKS = re.compile(rf"[{_STEERING}\n]+"), re.compile(rf"[{_STEERING}]+")


def steerless(words: str) -> str:
    """Return words of several lines without control characters and characters that turn their direction."""
    return _CONTROL_BUT_BREAKS.sub(" ", words)


def filled(text: str) -> str:
    """Return a text part whose lines fit a narrow window; addresses are never broken."""
    lines = [piece for line in text.split("\n") for piece in _lines_of(line)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _lines_of(line: str) -> list[str]:
    """Return the lines that a line comes to; those after the first stand below its words."""
    words = line.split()
    if not words:
        return [""]
    inner = line.strip()
    indent = " " * (len(line) - len(line.lstrip()))
    mark = _MARK.match(inner)
    hanging = indent + " " * (mark.end() if mark else 0)
    lines, used = [indent + words[0]], _columns(indent + words[0])
    for number, word in enumerate(words[1:], start=1):
        # A word that is too long for any line stays beside its mark.
        fits = used + 1 + _columns(word) <= LINE_LENGTH or (mark and number == 1)
        if fits:
            lines[-1] += f" {word}"
            used += 1 + _columns(word)
        else:
            lines.append(hanging + word)
            used = _columns(lines[-1])
    return lines


def _columns(words: str) -> int:
    """Return how wide words are in a terminal: Korean, Chinese and Japanese characters take two columns."""
    if words.isascii():
        return len(words)
    return sum(1 + (unicodedata.east_asian_width(sign) in "WF") for sign in words)


def one_line(words: str) -> str:
    """Return a subject: one line, no control or direction characters, at most 200 characters."""
    folded = " ".join(_CONTROL.sub(" ", words).split())
    return folded if len(folded) <= 200 else folded[:199] + "…"
