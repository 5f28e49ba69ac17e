"""Sites of this machine, for tests of what asks the web: servers that count, and what they answer."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from recommendations.web.client import fetch, is_public
from tests.support.processes import WAIT

# Two addresses of this machine: one is taken for a public site in these tests, the other is our own network.
SITE, OURS = "127.0.0.2", "127.0.0.1"


class Counted(ThreadingHTTPServer):
    """A server that counts who connects, and answers as its ``paths`` say."""

    allow_reuse_address = True

    def __init__(self, address, paths=None):
        self.connections, self.requests, self.paths = 0, [], paths or {}
        super().__init__(address, Handler)

    def get_request(self):
        self.connections += 1
        return super().get_request()


class Handler(BaseHTTPRequestHandler):
    """Answers with a function of the path, else with a page."""

    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers)))
        self.server.paths.get(self.path, page)(self)

    def log_message(self, *_args):
        pass


def answer(handler, status=200, body=b"", **headers):
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def page(handler):
    answer(handler, body="<html><title>북한 &amp; more</title>".encode(), Content_Type="text/html")


def leads_to(target):
    return lambda handler: answer(handler, 302, Location=target, Set_Cookie="who=us")


def raw(*pieces):
    """Return a handler that writes bytes as they are, and closes."""

    def write(handler):
        for piece in pieces:
            handler.wfile.write(piece)
        handler.close_connection = True

    return write


def drip(handler):
    """Answer so slowly that no single wait is long; the page is whole in the end, for who stays on."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Slow: ")
        for _turn in range(200):
            handler.wfile.write(b"X")
            time.sleep(0.1)
        handler.wfile.write(b"\r\n\r\n<title>It came</title>")
    except OSError:
        handler.server.stopped = True
    handler.close_connection = True


def endless(handler):
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65536)
    except OSError:
        handler.server.stopped = True


@contextmanager
def serving(server):
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def ask(url, port, **how):
    """Fetch where the site counts as public and its port as usual, so that the address alone decides."""
    allowed = {"allowed": lambda address: address == SITE or is_public(address)}
    return fetch(url, ports={"http": port, "https": port}, **{**allowed, "seconds": WAIT, **how})
