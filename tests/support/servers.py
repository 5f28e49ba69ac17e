"""Servers on loopback that answer as they are told: a mail server, a web server, a provider of mail."""

import asyncio
import email
import email.policy
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from aiosmtpd.controller import Controller

from tests.support.processes import WAIT, free_port

# How Postmark refuses a recipient.
INVALID = "Invalid 'To' address: 'ana@example.org'."
INACTIVE = "Found inactive addresses: ana@example.org. Inactive recipients have generated a hard bounce."


class Sink:
    """A mail server that keeps what it accepted, and answers as it is told."""

    def __init__(self):
        self.accepted = []
        self.answer = None
        self.to_recipient = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        """Take the recipient, unless told otherwise."""
        refusal = self.to_recipient(address) if self.to_recipient else None
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        """Keep the message, unless told otherwise."""
        answer = self.answer(server, envelope) if self.answer else None
        if asyncio.iscoroutine(answer):
            answer = await answer
        if answer:
            return answer
        self.accepted.append((list(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    @property
    def messages(self):
        """The accepted messages, parsed."""
        return [email.message_from_bytes(raw, policy=email.policy.default) for _to, raw in self.accepted]


@contextmanager
def mail_server(settings):
    """Run a sink on a free port of loopback, and point the tracker at it. Yields the sink."""
    sink = Sink()
    controller = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        settings.MAILERS = smtp_mailer(controller.port)
        yield sink
    finally:
        controller.stop()


def smtp_mailer(port):
    """Return MAILERS that lead to a port of loopback."""
    return {
        "default": {
            "BACKEND": "recommendations.mail.outbox.transport.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": WAIT},
        }
    }


def provider(status, body):
    """Run a provider's interface on loopback. Yields its address, and (path, body) of what it was asked."""
    return web_server(status, json.dumps(body).encode())


@contextmanager
def web_server(status, body=b""):
    """Run a web server that gives one answer. Yields its address, and (path, body) of what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, self.rfile.read(int(self.headers.get("Content-Length", 0)))))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        server.server_close()
