"""Writing a message as the bytes that leave: the email package's headers, without its repetitions.

The email package spends most of its time on parsing headers that are the same in every mail, on building
parts that are written once and dropped, and on encoding bodies line by line. These bytes are read back
exactly like the bytes that it writes (``tests/mail/test_mime.py``).
"""

import base64
import binascii
import email.policy
import functools
import re
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

# Headers that recur: a few words of each kind of mail, and what is said of their parts.
KEPT = 256
# Headers that differ in every mail, in a shape that parsing would leave as it is, and that fits on a line.
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
PLAIN = {
    "To": PLAIN_ADDRESS,
    "Message-ID": re.compile(r"<[0-9a-f]{32}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+>"),
    "Date": re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}"),
}
LONGEST_LINE = 78


class _Plain(str):
    """A header that needs no parsing: its text is its line."""

    name: str
    folded: bytes


def is_plain_address(address: str) -> bool:
    """Say whether an address is of the usual shape, which no mail server reads in another way."""
    return bool(PLAIN_ADDRESS.fullmatch(address))


@functools.lru_cache(maxsize=64)
def _most_of(name: str) -> int | None:
    return email.policy.default.header_max_count(name)


@functools.lru_cache(maxsize=KEPT)
def _parsed(name: str, value: str) -> Any:
    return email.policy.default.header_factory(name, value)


class _OnceParsed(EmailPolicy):
    """A policy that parses and folds equal headers once. Header objects never change, so they are shared."""

    def header_max_count(self, name: str) -> int | None:
        """Return how many headers of a name there may be."""
        return _most_of(name)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Return (name, header). Raises: ValueError for a value of several lines."""
        if name in PLAIN and len(name) + len(value) + 2 <= LONGEST_LINE and PLAIN[name].fullmatch(value):
            plain = _Plain(value)
            plain.name, plain.folded = name, f"{name}: {value}\r\n".encode("ascii")
            return name, plain
        if type(value) is not str or len(value.splitlines()) > 1:
            return super().header_store_parse(name, value)
        return name, _parsed(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return the header's lines as bytes; kept with the header, whose only policy this is."""
        kept = value.__dict__
        if "folded" not in kept:
            kept["folded"] = super().fold_binary(name, value)
        folded: bytes = kept["folded"]
        return folded


AS_SENT = _OnceParsed(linesep="\r\n", cte_type="7bit")


def write(head: EmailMessage, text: str, html: str, boundary: str) -> bytes:
    """Return the bytes of a mail: a text, or a text and its HTML. Of two, one that is empty is left out.

    Args:
        head: a message that was made with ``AS_SENT`` and has headers only, none about its body.
        boundary: what separates the text from its HTML.
    """
    lines = [AS_SENT.fold_binary(name, value) for name, value in head.raw_items()]
    lines.append(b"MIME-Version: 1.0\r\n")
    if not html:
        return b"".join(lines) + _part(b"plain", text)
    edge = boundary.encode("ascii")
    lines.append(b'Content-Type: multipart/alternative;\r\n boundary="%b"\r\n' % edge)
    bodies = [(b"plain", text)] if text else []
    for subtype, words in [*bodies, (b"html", html)]:
        lines.append(b"\r\n--%b\r\n%b" % (edge, _part(subtype, words)))
    return b"%b\r\n--%b--\r\n" % (b"".join(lines), edge)


def _part(subtype: bytes, words: str) -> bytes:
    head = b'Content-Type: text/%b; charset="utf-8"\r\nContent-Transfer-Encoding: %b\r\n\r\n%b'
    return head % (subtype, *_encoded(words))


def _encoded(words: str) -> tuple[bytes, bytes]:
    """Return (the encoding, the bytes) of a body: seven-bit characters in short lines, whatever the text.

    Eight-bit ones would have to be announced (RFC 6152); a relay that recodes them breaks signatures.
    """
    body = words.encode().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if not body.endswith(b"\n"):
        body += b"\n"
    encoding = b"7bit"
    if not body.isascii() or max(map(len, body.split(b"\n"))) > LONGEST_LINE:
        encoding, quoted = b"quoted-printable", binascii.b2a_qp(body, istext=True)
        # Words in other scripts take nine characters for three bytes there, and four as base64.
        if len(quoted) > 1.4 * len(body):
            return b"base64", _in_lines(base64.encodebytes(_in_lines(body)))
        body = quoted
    return encoding, _in_lines(body)


def _in_lines(body: bytes) -> bytes:
    return body.replace(b"\n", b"\r\n")
