"""The kinds of stream that bytes go through: what can be read from, and what can be written to."""

from typing import Protocol


class Readable(Protocol):
    """A binary stream to read from; it gives no bytes at its end."""

    def read(self, size: int = -1, /) -> bytes: ...


class ReadableFile(Readable, Protocol):
    """A binary stream that is to be closed."""

    def close(self) -> object: ...


class Writable(Protocol):
    """A binary stream to write to."""

    def write(self, chunk: bytes, /) -> object: ...
