"""A mail server that writes each message it accepts to the disk before it says so.

``python -m tests.faults.sink PORT FOLDER``
"""

import os
import sys
import time
import uuid
from pathlib import Path

from aiosmtpd.controller import Controller


class DurableSink:
    """Keeps one file per accepted message."""

    def __init__(self, folder):
        self.folder = Path(folder)

    async def handle_DATA(self, server, session, envelope):
        """Write and sync the message, then accept it."""
        descriptor = os.open(self.folder / f"{uuid.uuid4()}.eml", os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, f"X-Rcpt: {','.join(envelope.rcpt_tos)}\r\n".encode() + envelope.content)
        os.fsync(descriptor)
        os.close(descriptor)
        return "250 OK"


if __name__ == "__main__":
    Controller(DurableSink(sys.argv[2]), hostname="127.0.0.1", port=int(sys.argv[1])).start()
    print("ready", flush=True)
    while True:
        time.sleep(60)
