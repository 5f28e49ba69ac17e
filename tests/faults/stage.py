"""One database from the first test to the last: ``python -m tests.faults.stage SIZE OUT [NUMBER …]``.

Started by ``tests.faults`` in an environment that leads to a database of the harness's own.
"""

import json
import os
import shutil
import sys
import time
import traceback
from dataclasses import asdict
from pathlib import Path

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402

from tests.faults import databases  # noqa: E402
from tests.faults.bench import Bench  # noqa: E402
from tests.faults.figures import Figures  # noqa: E402
from tests.faults.registry import all_scenarios  # noqa: E402
from tests.faults.sizes import SIZES  # noqa: E402


def reason_not_to_run(scenario):
    """Return why a scenario is not run on this database, as a sentence; empty when it is."""
    if not scenario.redis_only:
        return ""
    if connection.vendor == "sqlite":
        return "about Redis; with SQLite the embedded broker serves"
    return "" if shutil.which("redis-server") else "no redis-server on this computer"


def run(scenario, bench):
    """Run one scenario on a fresh database. Returns: its figures; where it broke, the last is a miss."""
    shutil.rmtree(bench.folder, ignore_errors=True)
    bench.folder.mkdir()
    found = []
    try:
        bench.begin_anew()
        for figures in scenario.run(bench):
            found.append(figures)
    except Exception as error:
        traceback.print_exc()
        found.append(
            Figures(variant="broke off", misses=[" ".join(f"{type(error).__name__}: {error}".split())[:300]])
        )
    return found


def rows_of(scenario, bench):
    """Run a scenario, or say why not. Returns: for each of its variants what the report needs."""
    head = {
        "database": connection.vendor,
        "number": scenario.number,
        "title": scenario.title,
        "pass": scenario.passes,
    }
    if reason := reason_not_to_run(scenario):
        return [head | {"not_run": reason}]
    return [head | asdict(figures) | {"passed": not figures.misses} for figures in run(scenario, bench)]


def prepare(database):
    """Lay the tables, and keep the database as it is then."""
    call_command("migrate", verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    database.keep_as_template()


def main(size, out, numbers):
    """Run the chosen scenarios, or all, and write what they measured as JSON."""
    began, rows = time.monotonic(), []
    database = databases.at(os.environ["DATABASE_URL"])
    prepare(database)
    bench = Bench(SIZES[size], database, Path(settings.DATA_DIR) / "bench")
    for scenario in all_scenarios():
        if numbers and scenario.number not in numbers:
            continue
        at, started = time.monotonic() - began, time.monotonic()
        print(f"[{connection.vendor} {at:4.0f} s] {scenario.number:>3} {scenario.title}", flush=True)
        found = rows_of(scenario, bench)
        seconds = round(time.monotonic() - started, 1)
        for row in found:
            row["seconds"] = seconds
            print(f"      {verdict(row)}", flush=True)
        rows += found
        Path(out).write_text(json.dumps(rows))
    connections.close_all()


def verdict(row):
    """Return one line on a variant that has run, or was not."""
    if "not_run" in row:
        return f"not run: {row['not_run']}"
    words = "passed" if row["passed"] else "MISSED: " + "; ".join(row["misses"])
    name = f"{row['variant']}: " if row["variant"] else ""
    return f"{name}{words} ({row['seconds']} s) {row['said']}"


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
