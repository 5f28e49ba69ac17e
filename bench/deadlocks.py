"""People at work on a few recommendations at once: how many deadlocks, and how many answers of 503.

    DATABASE_URL=postgres://… .venv/bin/python bench/deadlocks.py [MINUTES] [CLIENTS] [RECOMMENDATIONS]

Uses a database of its own, made and removed here, on the server that DATABASE_URL names; the deadlocks are
that server's own count. Prints what was done, and exits with 1 where there was a deadlock or a 503.
"""

import logging
import os
import sys
import tempfile
import time
from pathlib import Path

MINUTES, CLIENTS, RECOMMENDATIONS = 5.0, 10, 3

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
FOLDER = tempfile.TemporaryDirectory(prefix="bench-deadlocks-")
os.environ["DATA_DIR"] = FOLDER.name

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from recommendations import vault
from recommendations.choices import Role
from tests.support import clients, factories


def measure(minutes, people, recommendations):
    """Let people act for so long. Returns: (what they did, deadlocks meanwhile)."""
    chosen = list(factories.report(count=recommendations).recommendations.all())
    members = [
        clients.Member(factories.person(f"Reviewer{number}", Role.REVIEWER), chosen, seed=number)
        for number in range(people)
    ]
    before, until = clients.deadlocks(), time.monotonic() + minutes * 60
    done = clients.at_work(members, goes_on=lambda _acts: time.monotonic() < until)
    return done, clients.deadlocks() - before


def main(minutes=MINUTES, people=CLIENTS, recommendations=RECOMMENDATIONS):
    """Measure, print, and say by the exit status whether all is well."""
    if connection.vendor != "postgresql":
        return "SQLite has one writer at a time and no deadlocks: set DATABASE_URL to a PostgreSQL."
    logging.getLogger("axes").setLevel(logging.WARNING)
    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        call_command("collectstatic", interactive=False, verbosity=0)
        vault.keys.make_first(anything_encrypted=False)
        done, deadlocks = measure(float(minutes), int(people), int(recommendations))
    finally:
        teardown_databases(made, verbosity=0)
    for (what, status), times in sorted(done.items()):
        print(f"{what:10} {status}  {times}")
    refused = sum(times for (_what, status), times in done.items() if status == 503)
    print(
        f"{people} clients, {recommendations} recommendations, {minutes} minutes, {done.total()} acts:",
        end=" ",
    )
    print(f"{deadlocks} deadlocks, {refused} answers of 503")
    return int(bool(deadlocks or refused))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
