"""Why a file could not be looked into, in words that the process and its caller share."""

# What the process says of a thing that it made, as JSON, and the bytes of it.
type Part = tuple[dict[str, object], bytes]


class CannotRead(Exception):
    """A file of which nothing can be made.

    ``reason`` is a value of ``choices.Finding``: ``too_large``, ``broken``, ``locked`` or ``empty``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
