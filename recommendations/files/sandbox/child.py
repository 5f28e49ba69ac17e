"""The process that looks into one file: ``python -m recommendations.files.sandbox.child TASK TYPE``.

It reads the file from standard input and writes to standard output, for each part that it makes, the
length of a head (4 bytes, big-endian), the head as JSON, and the part's bytes. The last head is
``{"kind": "end"}`` or ``{"kind": "failed", "reason": …}``. It imports nothing that knows of the tracker.
"""

import io
import json
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from recommendations.files.sandbox import limits
from recommendations.files.sandbox.reasons import CannotRead, Part


def write(out: BinaryIO, head: Mapping[str, object], data: bytes = b"") -> None:
    said = json.dumps({**head, "size": len(data)}).encode()
    out.write(struct.pack(">I", len(said)) + said)
    out.write(data)
    out.flush()


def work(task: str, content_type: str, stream: BinaryIO) -> Iterator[Part]:
    """Yield (head, bytes) for each part. The libraries are loaded when the limits hold already."""
    if task == "words":
        from recommendations.files.sandbox.words import parts  # noqa: PLC0415
    elif task == "narrative":
        from recommendations.files.sandbox.narratives import parts  # noqa: PLC0415
    elif content_type == "application/pdf":
        from recommendations.files.sandbox.pages import parts  # noqa: PLC0415
    else:
        from recommendations.files.sandbox.pictures import parts  # noqa: PLC0415
    return parts(stream, content_type)


def main(task: str, content_type: str) -> None:
    """Make the parts, and say how it ended."""
    limits.apply(task)
    out = sys.stdout.buffer
    os.lseek(0, 0, os.SEEK_SET)
    with io.FileIO(0, closefd=False) as raw, io.BufferedReader(raw) as stream:
        try:
            for head, data in work(task, content_type, stream):
                write(out, head, data)
        except CannotRead as error:
            write(out, {"kind": "failed", "reason": error.reason})
        except MemoryError:
            write(out, {"kind": "failed", "reason": "too_large"})
        else:
            write(out, {"kind": "end"})


if __name__ == "__main__":
    main(*sys.argv[1:])
