"""Connections that give up a server which took the line and says nothing: frozen, or gone behind a proxy.

The server's own timeouts end what takes long, but a frozen server keeps none of them; the line itself stays
open, since the kernel answers for it. So the process that asks looks at its own clock:

- a connection that is used again says first that it lives (``CONN_HEALTH_CHECKS``), within ``LIVES_WITHIN``;
- an answer comes within ``DATABASES["default"]["ANSWERS_WITHIN"]`` seconds, where that is set (web only: a
  backup or a migration takes as long as it takes);
- where a new connection was waited for in vain, one thread at a time tries again and all others are told at
  once, so that the threads of a web server are there for what needs no database.
"""

import contextlib
import threading
import time
from types import SimpleNamespace

import psycopg
from django.db.backends.postgresql import base

LIVES_WITHIN = 2.0  # seconds
LOOKS_EVERY = 0.1  # seconds between two looks for Ctrl-C, as psycopg has it


class Connection(psycopg.Connection):
    """A connection that is closed when an answer does not come within ``patience`` seconds."""

    patience: float | None = None

    def wait(self, gen, interval=LOOKS_EVERY, timeout=None):
        """Wait as psycopg does, but not for ever."""
        if timeout is not None or self.patience is None:
            return super().wait(gen, interval, timeout)
        until = time.monotonic() + self.patience
        try:
            return super().wait(gen, interval, self.patience)
        except psycopg.OperationalError as error:
            if error.sqlstate or self.pgconn.status != psycopg.pq.ConnStatus.OK or time.monotonic() < until:
                raise
            # What it would still say belongs to this question: nobody may take it for an answer to another.
            self.close()
            raise psycopg.OperationalError(
                f"the connection was given up: the server did not answer within {self.patience:g} s"
            ) from error


class Line:
    """What the threads of this process know together about the server."""

    def __init__(self):
        self.is_silent = False
        self._turn = threading.Lock()

    @contextlib.contextmanager
    def trying(self):
        """Connect inside; while the server is silent only one at a time may. Raises: OperationalError."""
        was_silent = self.is_silent
        if was_silent and not self._turn.acquire(blocking=False):
            raise psycopg.OperationalError("connection not tried: the server did not answer a moment ago")
        try:
            yield
            self.is_silent = False
        except psycopg.errors.ConnectionTimeout:
            self.is_silent = True
            raise
        except psycopg.OperationalError:
            self.is_silent = False  # it refuses, or nobody is there: that is said without waiting
            raise
        finally:
            if was_silent:
                self._turn.release()


line = Line()


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, over such connections."""

    Database = SimpleNamespace(**{**vars(psycopg), "connect": Connection.connect})  # type: ignore[assignment]

    def get_new_connection(self, conn_params):
        """Connect, unless the server is known to be silent."""
        with line.trying():
            connection = super().get_new_connection(conn_params)
        connection.patience = self.settings_dict.get("ANSWERS_WITHIN")
        return connection

    def is_usable(self):
        """Say whether the server still speaks on this line."""
        if self.connection is None:
            return False
        patience, self.connection.patience = self.connection.patience, LIVES_WITHIN
        try:
            return super().is_usable()
        finally:
            self.connection.patience = patience
