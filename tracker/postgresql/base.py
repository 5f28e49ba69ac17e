"""Connections that give up on a server that accepted them but does not answer: frozen, or gone.

The server's own timeouts end what takes long, but a frozen server keeps none of them; the line itself stays
open, since the kernel answers for it. So a process that serves pages looks at its own clock
(``DATABASES["default"]["ANSWERS_WITHIN"]``; a backup or a migration takes as long as it takes):

- a connection that is used again is first checked (``CONN_HEALTH_CHECKS``), within ``LIVES_WITHIN``;
- if an answer takes longer than that, a new connection shows whether the server is slow or silent; the answer
  of a slow server is waited for, but not forever: the one process behind it may be frozen;
- while the server is silent, one thread at a time tries again and all others fail at once, so that the
  threads of a web server are free for what needs no database.
"""

import contextlib
import threading
import time
from types import SimpleNamespace

import psycopg
from django.db.backends.postgresql import base

LIVES_WITHIN = 2.0  # seconds
LOOKS_EVERY = 0.1  # seconds between two looks for Ctrl-C, as psycopg has it


class Line:
    """What the threads of this process know together about the server."""

    def __init__(self):
        self.is_silent = False
        self._turn, self._asking = threading.Lock(), threading.Lock()
        self._asked_at = -LIVES_WITHIN

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

    def ask(self, parameters):
        """Say whether the server is silent, as a new connection finds; others who ask wait for it."""
        with self._asking:
            if time.monotonic() - self._asked_at >= LIVES_WITHIN:
                with contextlib.suppress(psycopg.OperationalError), self.trying():
                    psycopg.connect(**parameters).close()
                self._asked_at = time.monotonic()
            return self.is_silent


line = Line()


class Connection(psycopg.Connection):
    """A connection that is closed when an answer does not come.

    Attributes:
        patience: seconds that an answer may take; None for as long as it takes.
        parameters: how to ask whether the server is silent; None for not asking.
    """

    patience: float | None = None
    parameters: dict | None = None

    def wait(self, gen, interval=LOOKS_EVERY, timeout=None):
        """Wait as psycopg does, but not for ever."""
        watched = gen if self.patience is None else self._watched(gen, self.patience)
        return super().wait(watched, interval, timeout)

    def _watched(self, gen, patience):
        """Pass on what ``gen`` waits for, and look at the clock each time that nothing has come."""
        began = asked_at = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                now = time.monotonic()
                if not ready and now - began > patience:
                    self._give_up()
                if not ready and self.parameters and now - asked_at > LIVES_WITHIN:
                    if line.ask(self.parameters):
                        self._give_up()
                    asked_at = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value

    def _give_up(self):
        # What it would still say belongs to this question: nobody may take it for an answer to another.
        self.close()
        raise psycopg.OperationalError("the connection was given up: the server did not answer in time")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, over such connections."""

    Database = SimpleNamespace(**{**vars(psycopg), "connect": Connection.connect})  # type: ignore[assignment]

    def get_new_connection(self, conn_params):
        """Connect, unless the server is known to be silent."""
        with line.trying():
            connection = super().get_new_connection(conn_params)
        if "ANSWERS_WITHIN" in self.settings_dict:
            connection.patience, connection.parameters = self.settings_dict["ANSWERS_WITHIN"], conn_params
        return connection

    def is_usable(self):
        """Say whether the server still speaks on this line."""
        if self.connection is None or line.is_silent:
            return False
        used = self.connection
        patience, parameters = used.patience, used.parameters
        used.patience, used.parameters = LIVES_WITHIN, None
        try:
            return super().is_usable()
        finally:
            used.patience, used.parameters = patience, parameters
