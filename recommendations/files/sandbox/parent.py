"""Starts the process that looks into a file, and takes what it produces."""

import json
import logging
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

from recommendations.files.sandbox import limits

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[3]
CHILD = "recommendations.files.sandbox.child"
CHUNK = 256 * 1024
LONGEST_HEAD = 4096
MOST_PARTS = limits.PAGES_READ + 5
TYPES = {"image/jpeg", "image/png", "application/json", "text/plain"}
# No setting, secret or address of ours: who takes the process over finds nothing in its surroundings.
SURROUNDINGS = {"LANG": "C.UTF-8", "PATH": "/nonexistent"}


class Unreadable(Exception):
    """A file of which nothing could be made. ``reason`` is a value of ``choices.Finding``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class Part:
    """One thing that was made of a file; ``chunks`` have to be taken before the next part is asked for."""

    kind: str
    number: int
    content_type: str
    width: int
    height: int
    size: int
    chunks: Iterator[bytes]


def inspect(
    task: str, stream: BinaryIO, *, content_type: str, seconds: float = limits.WALL_SECONDS
) -> Iterator[Part]:
    """Look into a file in a process of its own.

    Args:
        task: ``pictures`` or ``words``.
        stream: an open file on the disk, whole; the process reads it from the beginning.
        content_type: what it is, as ``types.check`` found.
        seconds: how long it may take, by the clock on the wall.

    Raises: Unreadable with the reason; what was yielded before is to be thrown away then.
    """
    process = _started(task, content_type, stream)
    late = threading.Timer(seconds, process.kill)
    late.start()
    pipe = process.stdout
    assert pipe is not None
    try:
        yield from _parts(pipe)
    finally:
        overdue = not late.is_alive()
        late.cancel()
        process.kill()
        process.wait()
        pipe.close()
        if overdue:
            logger.warning("It took longer than %s seconds to examine a file.", seconds)


def _started(task: str, content_type: str, stream: BinaryIO) -> subprocess.Popen[bytes]:
    """Start the process, with nothing of ours around it. Returns: it, with a pipe for what it makes."""
    return subprocess.Popen(
        [sys.executable, "-s", "-E", "-B", "-m", CHILD, task, content_type],
        cwd=ROOT,
        env=SURROUNDINGS,
        stdin=stream,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _parts(pipe: IO[bytes]) -> Iterator[Part]:
    """Yield what comes through the pipe until its end is said; a pipe that breaks off means too much work."""
    left = limits.OUTPUT_BYTES
    for _number in range(MOST_PARTS):
        head = _head(pipe)
        if head["kind"] == "end":
            return
        if head["kind"] == "failed":
            raise Unreadable(head["reason"])
        size = head["size"]
        left -= size
        if left < 0 or head["type"] not in TYPES:
            raise Unreadable("too_large")
        chunks = _chunks(pipe, size)
        yield Part(
            kind=head["kind"],
            number=head.get("number", 1),
            content_type=head["type"],
            width=head.get("width", 0),
            height=head.get("height", 0),
            size=size,
            chunks=chunks,
        )
        for _rest in chunks:
            pass
    raise Unreadable("too_large")


def _head(pipe: IO[bytes]) -> dict[str, Any]:
    length = pipe.read(4)
    if len(length) < 4 or struct.unpack(">I", length)[0] > LONGEST_HEAD:
        # Ended by the kernel or by the clock, or crashed over the file.
        raise Unreadable("too_much")
    try:
        head: dict[str, Any] = json.loads(pipe.read(struct.unpack(">I", length)[0]))
    except ValueError as error:
        raise Unreadable("too_much") from error
    return head


def _chunks(pipe: IO[bytes], size: int) -> Iterator[bytes]:
    while size:
        chunk = pipe.read(min(size, CHUNK))
        if not chunk:
            raise Unreadable("too_much")
        size -= len(chunk)
        yield chunk
