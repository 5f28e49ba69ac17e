"""The text of a page as a browser shows it: words of inline elements follow each other without a space."""

import re
from html.parser import HTMLParser

INLINE = {
    "a",
    "abbr",
    "b",
    "bdi",
    "cite",
    "code",
    "em",
    "i",
    "mark",
    "q",
    "small",
    "span",
    "strong",
    "sup",
    "time",
    "wbr",
}
VOID = {"base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
VERBATIM = {"script", "style", "template", "svg", "pre", "textarea", "code", "title"}
QUOTED = {"passage", "source"}  # classes of what others wrote
STRAY = re.compile(r"(?:^| )[,.;:!?)”](?=\W|$)")


class Reader(HTMLParser):
    """Collects in ``text`` what is read, a line for each block; verbatim texts are an ellipsis."""

    def __init__(self):
        super().__init__()
        self.text, self.within = "", []

    def handle_starttag(self, tag, attrs):
        if tag not in INLINE:
            self.text += "\n"
        if tag in VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        left_out = bool(self.within and self.within[-1][1])
        quoted = tag in VERBATIM or bool(QUOTED & classes)
        if quoted and not left_out:
            self.text += "…"
        self.within.append((tag, left_out or quoted))

    def handle_endtag(self, tag):
        if tag not in INLINE:
            self.text += "\n"
        while tag in (one for one, _ in self.within) and self.within.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not (self.within and self.within[-1][1]):
            self.text += re.sub(r"\s+", " ", data)


def stray(page):
    """Return the lines in which a comma, a full stop or a closing sign stands after a space."""
    reader = Reader()
    reader.feed(page)
    lines = [re.sub(" +", " ", line).strip() for line in reader.text.split("\n")]
    return [line for line in lines if STRAY.search(line)]
