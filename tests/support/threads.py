"""Several acts at one moment."""

import os
import threading

from django.db import close_old_connections, connection

from tests.support.processes import WAIT

# How often a story of two people who act at one moment is tried.
TRIES = int(os.environ.get("RACE_TRIES", "5"))


def at_once(*acts):
    """Start all acts at one moment, each in a thread with its own connection.

    Returns: what each of them returned or raised, in order.
    """
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            connection.ensure_connection()
            gate.wait(WAIT)
            results[place] = act()
        except Exception as error:  # whatever it is, the test judges it
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    close_old_connections()
    assert not any(thread.is_alive() for thread in threads)
    return results
