"""What the supervisor asks of its parts: do they do what beat rings for, and is no web worker frozen?"""

import contextlib
import os
import tempfile
from pathlib import Path

from django.db import connection
from django.utils import timezone

from recommendations import heartbeat
from tracker import web_liveness
from tracker.process.supervisor import Watch

ASKED_EVERY = 60.0  # seconds
FROZEN_ASKED_EVERY = 5.0


def jobs_are_silent():
    """Say whether no tick ran for so long that worker and beat are started again."""
    return _asked(lambda now: heartbeat.job_status(now).silent)


def sending_is_idle():
    """Say whether nobody sent, or tried to, for so long that the worker for mails is started again."""
    return _asked(heartbeat.sending_is_idle)


def _asked(question):
    try:
        return question(timezone.now())
    finally:
        # Asked from threads that live for as long as a part does: none of them keeps a connection.
        connection.close()


@contextlib.contextmanager
def watch_web(patience=web_liveness.PATIENCE):
    """Give the watch over a web server that is started inside: it ends workers that are frozen.

    The server replaces each of them, or ends itself and is restarted.

    Args:
        patience: seconds after which a worker that shows no sign of life is frozen.
    """
    with tempfile.TemporaryDirectory(prefix="web-beats-") as folder:
        os.environ[web_liveness.FOLDER] = folder

        def is_idle():
            web_liveness.end_frozen(Path(folder), patience)
            return False

        yield Watch(is_idle=is_idle, patience=0, every=min(patience, FROZEN_ASKED_EVERY))


def watch_jobs(is_idle=jobs_are_silent, patience=None, every=ASKED_EVERY):
    """Return the watch over a part that ticks, or mails, depend on.

    Args:
        is_idle: says whether it has to be started again.
        patience: seconds that a part has after each of its starts; as long as a silence may be by default.
        every: seconds between two looks.
    """
    patience = heartbeat.alarm_after().total_seconds() if patience is None else patience
    return Watch(is_idle=is_idle, patience=patience, every=every)
