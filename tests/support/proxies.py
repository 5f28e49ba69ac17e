"""A line to a database server that can freeze and break, while the server itself serves others on."""

import contextlib
import socket
import threading


class Proxy:
    """Passes bytes on between clients and a server; ``freeze`` holds them up, ``cut`` ends all lines."""

    def __init__(self, host, port):
        self.target = (host, port)
        self._flows = threading.Event()
        self._flows.set()
        self._sockets = []
        self._listen(0)

    def _listen(self, port):
        self._server = socket.create_server(("127.0.0.1", port))
        self.port = self._server.getsockname()[1]
        threading.Thread(target=self._accept, args=[self._server], daemon=True).start()

    def _accept(self, server):
        with contextlib.suppress(OSError):  # it was cut
            while True:
                client, _address = server.accept()
                behind = socket.create_connection(self.target)
                self._sockets += [client, behind]
                for one, other in ((client, behind), (behind, client)):
                    threading.Thread(target=self._pass_on, args=[one, other], daemon=True).start()

    def _pass_on(self, one, other):
        with contextlib.suppress(OSError):  # either end went away
            while content := one.recv(65536):
                self._flows.wait()
                other.sendall(content)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def freeze(self):
        """Take connections and bytes, and pass nothing on."""
        self._flows.clear()

    def thaw(self):
        """Pass on what was held up, and all that comes."""
        self._flows.set()

    def cut(self):
        """End all lines and take no new ones, as a server that was stopped."""
        # A thread that waits in accept() keeps the port until it is woken.
        with contextlib.suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for one in self._sockets:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._sockets.clear()

    def mend(self):
        """Listen again, at the same port."""
        self._listen(self.port)
