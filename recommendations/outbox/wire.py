"""Writing a message as the bytes that leave, as the email package writes them but without its repetitions.

Of its time most goes into parsing headers that are the same in every mail, and into writing bodies line by
line. The bytes are the same to the last one, so an attempt before and one after an update are the same mail.
"""

import email.policy
import functools
import re
from email.policy import EmailPolicy

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
    """A header that needs no parsing: its words are its line."""

    name: str
    folded: bytes


def is_plain_address(address):
    """Say whether an address is of the usual shape, which no mail server reads in another way."""
    return bool(PLAIN_ADDRESS.fullmatch(address))


@functools.lru_cache(maxsize=64)
def _most_of(name):
    return email.policy.default.header_max_count(name)


@functools.lru_cache(maxsize=KEPT)
def _parsed(name, value):
    return email.policy.default.header_factory(name, value)


class _OnceParsed(EmailPolicy):
    """A policy that parses and folds equal headers once. Header objects never change, so they are shared."""

    def header_max_count(self, name):
        """Return how many headers of a name there may be."""
        return _most_of(name)

    def header_store_parse(self, name, value):
        """Return (name, header). Raises: ValueError for a value of several lines."""
        if name in PLAIN and len(name) + len(value) + 2 <= LONGEST_LINE and PLAIN[name].fullmatch(value):
            plain = _Plain(value)
            plain.name, plain.folded = name, f"{name}: {value}\r\n".encode("ascii")
            return name, plain
        if type(value) is not str or len(value.splitlines()) > 1:
            return super().header_store_parse(name, value)
        return name, _parsed(name, value)

    def fold_binary(self, name, value):
        """Return the header's lines as bytes; kept with the header, whose only policy this is."""
        kept = value.__dict__
        if "folded" not in kept:
            kept["folded"] = super().fold_binary(name, value)
        return kept["folded"]


AS_SENT = _OnceParsed(linesep="\r\n", cte_type="7bit")


def write(message, boundary):
    """Return the bytes of a message that was made with ``AS_SENT``: text parts, each with its encoding.

    Args:
        boundary: what parts the text from its alternatives, where there are any. It is written here, since
            the email package would parse the header anew to set it.

    Raises: UnicodeEncodeError when a part is not of seven-bit signs.
    """
    lines = [AS_SENT.fold_binary(name, value) for name, value in message.raw_items()]
    if not message.is_multipart():
        return b"".join(lines) + b"\r\n" + message.get_payload().replace("\n", "\r\n").encode("ascii")
    edge = boundary.encode("ascii")
    at = next(index for index, line in enumerate(lines) if line.startswith(b"Content-Type:"))
    lines[at] = lines[at].rstrip() + b';\r\n boundary="' + edge + b'"\r\n'
    parts = b"".join(b"\r\n--%b\r\n%b" % (edge, write(part, boundary)) for part in message.iter_parts())
    return b"%b%b\r\n--%b--\r\n" % (b"".join(lines), parts, edge)
