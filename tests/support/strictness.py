"""What keeps the browser strict, and what of a page or an answer would be looser than that."""

from html.parser import HTMLParser

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
}
# Elements that fetch what they name; a page loads nothing from elsewhere.
FETCHING = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}


class Loose(HTMLParser):
    """Collects what a strict policy would refuse, or should."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        for name, content in given.items():
            if name == "style" or name.startswith("on"):
                self.found.append(f"<{tag} {name}={content!r}>")
            if name in ("href", "src", "action", "formaction") and (content or "").strip().lower().startswith(
                ("javascript:", "data:")
            ):
                self.found.append(f"<{tag} {name}={content!r}>")
        if tag == "style" or (tag == "script" and not given.get("src")):
            self.found.append(f"inline <{tag}>")
        if tag in FETCHING and not (given.get(FETCHING[tag]) or "/").startswith("/"):
            self.found.append(f"<{tag} {FETCHING[tag]}={given[FETCHING[tag]]!r}>")
        if tag == "meta" and (given.get("http-equiv") or "").lower() == "refresh":
            self.found.append("<meta refresh>")


def wrong_with(answer):
    """Return what is wrong with an answer's headers and page."""
    wrong = []
    # The desk's pages are HTML too; a download has a policy of its own, stricter still.
    if answer["Content-Type"].startswith("text/html"):
        sent = {part.strip() for part in answer.get("Content-Security-Policy", "").split(";")}
        if sent != POLICY:
            wrong.append(f"policy {sent ^ POLICY}")
        page = Loose()
        page.feed(answer.content.decode())
        wrong += page.found
    for name, expected in {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }.items():
        if answer.get(name) != expected:
            wrong.append(f"{name}: {answer.get(name)}")
    if answer.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        wrong.append(f"Referrer-Policy: {answer.get('Referrer-Policy')}")
    return wrong
