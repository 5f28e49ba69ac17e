"""One planning run in a process of its own, measured: ``python -m bench.planner reminders|digests``."""

import json
import resource
import sys
import time
from pathlib import Path

import django

django.setup()

from django.db import connection
from django.template.loader import get_template

from bench.crowd import MORNING
from recommendations.services.mail import digests, reminders

PLANNERS = {"reminders": reminders.queue_reminders, "digests": digests.queue_digests}


class Statements:
    """Counts what goes to the database: statements, and transactions that are committed."""

    def __init__(self):
        self.reads = self.writes = self.commits = 0
        commit = connection.commit

        def counted():
            self.commits += 1
            return commit()

        connection.commit = counted

    def __call__(self, execute, sql, params, many, context):
        """Count one statement and run it."""
        verb = sql.lstrip().split(" ", 1)[0].upper()
        self.reads += verb == "SELECT"
        # SQLite begins a transaction by a statement, PostgreSQL's driver by none: counted as commits.
        self.writes += verb in ("INSERT", "UPDATE", "DELETE")
        return execute(sql, params, many, context)


def resident_mib():
    """Return what this process holds in memory now, in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def main(kind):
    """Plan, and print what it took as JSON."""
    connection.ensure_connection()
    for name in ("reminder", "digest"):
        get_template(f"letters/{name}.html")
    counted, before, began = Statements(), resident_mib(), time.monotonic()
    with connection.execute_wrapper(counted):
        queued = PLANNERS[kind](now=MORNING)
    seconds = time.monotonic() - began
    with connection.execute_wrapper(again := Statements()):
        repeated = PLANNERS[kind](now=MORNING)
    print(
        json.dumps(
            {
                "queued": queued,
                "reads": counted.reads,
                "writes": counted.writes,
                "commits": counted.commits - again.commits,
                "queued_again": repeated,
                "statements_again": again.reads + again.writes,
                "seconds": round(seconds, 2),
                "memory_before_mib": round(before, 1),
                "memory_peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
