"""A mail server that accepts all and keeps nothing: ``python -m bench.sink PORT``."""

import sys
import time

from aiosmtpd.controller import Controller


class Sink:
    """Says yes."""

    async def handle_DATA(self, server, session, envelope):
        """Accept the message."""
        return "250 OK"


if __name__ == "__main__":
    Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
    print("ready", flush=True)
    while True:
        time.sleep(60)
