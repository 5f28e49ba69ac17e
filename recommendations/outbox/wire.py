"""Writing a message as the bytes that leave, as the email package writes them but without its repetitions.

Of its time most goes into parsing headers that are the same in every mail, and into writing bodies line by
line. The bytes are the same to the last one, so an attempt before and one after an update are the same mail.
"""

import email.policy
import functools
from email.policy import EmailPolicy

# Headers that recur: a few words of each kind of mail, and what is said of their parts.
KEPT = 256


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


def write(message):
    """Return the bytes of a message that was made with ``AS_SENT``: text parts, each with its encoding.

    Raises: UnicodeEncodeError when a part is not of seven-bit signs.
    """
    head = b"".join(AS_SENT.fold_binary(name, value) for name, value in message.raw_items())
    if not message.is_multipart():
        return head + b"\r\n" + message.get_payload().replace("\n", "\r\n").encode("ascii")
    edge = b"--" + message.get_boundary().encode("ascii")
    lines = [head]
    for part in message.iter_parts():
        lines += [edge, write(part)]
    return b"\r\n".join([*lines, edge + b"--\r\n"])
