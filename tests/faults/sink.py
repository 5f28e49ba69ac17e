"""A mail server that writes each message it accepts to the disk before it says so.

``python -m tests.faults.sink PORT FOLDER [FAULTS]``, where FAULTS is a JSON object:

``reply_after``: seconds from the message on the disk to the answer.
``think``: seconds from the recipient's name to the answer.
``drop``: the share of accepted messages after which the line is cut instead of answered.
``drop_first``: true cuts the line after the first copy of every message.
``later``, ``later_after_data``: the share of recipients, of messages, answered with 451.
``never``: recipients that hold this text are answered with 550.
``quit``: "hang" never answers QUIT; "reset" resets the line just after each message's 250.
"""

import asyncio
import hashlib
import json
import os
import random
import socket
import struct
import sys
import time
from email import message_from_bytes
from pathlib import Path

from aiosmtpd.controller import Controller

ABORT_AT_CLOSE = struct.pack("ii", 1, 0)


class DurableSink:
    """Keeps one file per accepted message."""

    def __init__(self, folder, faults):
        self.folder, self.faults = Path(folder), faults
        self.random = random.Random(faults.get("seed", 1))
        self.seen = set()

    def _strikes(self, fault):
        return self.random.random() < self.faults.get(fault, 0)

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take the recipient, unless a fault is set for it."""
        await asyncio.sleep(self.faults.get("think", 0))
        if self.faults.get("never") and self.faults["never"] in address:
            return "550 5.1.1 No such user"
        if self._strikes("later"):
            return "451 4.7.1 Greylisted, come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Write and sync the message, then accept it; or lose the line, where a fault says so."""
        if self._strikes("later_after_data"):
            return "451 4.3.0 Try again"
        self._keep(envelope)
        await asyncio.sleep(self.faults.get("reply_after", 0))
        if self._strikes("drop") or (self.faults.get("drop_first") and self._is_first(envelope)):
            server.transport.abort()
        if self.faults.get("quit") == "reset":
            # Runs when the 250 has been written, and before the next command can have come.
            asyncio.get_running_loop().call_soon(self._reset, server.transport)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        """Say farewell, or never."""
        if self.faults.get("quit") == "hang":
            await asyncio.sleep(3600)
        return "221 Bye"

    def _keep(self, envelope):
        name = f"{time.time_ns()}-{os.urandom(4).hex()}"
        descriptor = os.open(self.folder / f"{name}.part", os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, f"X-Rcpt: {','.join(envelope.rcpt_tos)}\r\n".encode() + envelope.content)
        os.fsync(descriptor)
        os.close(descriptor)
        os.rename(self.folder / f"{name}.part", self.folder / f"{name}.eml")

    def _is_first(self, envelope):
        message_id = message_from_bytes(envelope.content)["Message-ID"]
        mark = hashlib.sha256(message_id.encode()).hexdigest()
        is_first = mark not in self.seen
        self.seen.add(mark)
        return is_first

    def _reset(self, transport):
        raw = transport.get_extra_info("socket")
        if raw is not None and not transport.is_closing():
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT_AT_CLOSE)
            transport.abort()
            (self.folder / f"{time.time_ns()}.reset").touch()


if __name__ == "__main__":
    handler = DurableSink(sys.argv[2], json.loads(sys.argv[3]) if len(sys.argv) > 3 else {})
    Controller(handler, hostname="127.0.0.1", port=int(sys.argv[1])).start()
    print("ready", flush=True)
    while True:
        time.sleep(60)
