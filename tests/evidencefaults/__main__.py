"""Runs the figures over a folder and a database of their own, prints a table, writes JSON.

``python -m tests.evidencefaults [--size slice] [NAME …]``; over PostgreSQL where ``DATABASE_URL`` names one.
Exit status 1 when a figure is not what it has to be.
"""

import argparse
import json
import logging
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

OUT = Path("test-results/evidence-faults.json")


def prepare(database):
    """Point the settings to a folder of their own, and make the tables."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-faults-"))
    os.environ |= {
        "DATA_DIR": str(folder),
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "EVIDENCE_KEY_FILE": "",
        "SITE_URL": "",
        "EMAIL_URL": "",
    }
    import django  # noqa: PLC0415 - the settings read the environment, so only now

    django.setup()
    logging.disable(logging.ERROR)  # hundreds of faults are logged as they should be
    from django.core.management import call_command  # noqa: PLC0415

    call_command("prepare", stdout=sys.stderr)
    return folder


def run(names, quick):
    """Run figures. Returns: rows for the table and the JSON."""
    from tests.evidencefaults import registry  # noqa: PLC0415
    from tests.evidencefaults.bench import Bench  # noqa: PLC0415

    rows = []
    bench = Bench(quick)
    for name, (function, wants, in_quick) in registry.discover().items():
        if (names and name not in names) or (quick and not in_quick and not names):
            continue
        began = time.monotonic()
        found = function(bench)
        seconds = round(time.monotonic() - began, 1)
        rows.append(
            {
                "figure": name,
                "wants": wants,
                "tries": found.tries,
                "missed": found.missed,
                "passed": found.passed,
                "skipped": found.skipped,
                "said": found.said,
                "seconds": seconds,
                **found.notes,
            }
        )
        print(line(rows[-1]), flush=True)
    return rows


def line(row):
    """Return a row of the table."""
    state = "skipped" if row["skipped"] else "ok" if row["passed"] else "MISSED"
    said = row["skipped"] or row["said"]
    return f"{state:<8}{row['figure']:<34}{row['tries']:>6}{row['missed']:>8}  {row['seconds']:>6} s  {said}"


def main():
    """Run what was asked for, and say how it went."""
    parser = argparse.ArgumentParser(prog="make evidence-faults", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="only these figures")
    parser.add_argument("--size", choices=["full", "slice"], default="full")
    chosen = parser.parse_args()
    quick = chosen.size == "slice"
    from tests.support.processes import fresh_database  # noqa: PLC0415 - imports pytest, which is slow to import

    with fresh_database("evidence_faults") as database:
        folder = prepare(database)
        try:
            print(f"{'':<8}{'figure':<34}{'tries':>6}{'missed':>8}  {'time':>8}  what was found")
            rows = run(chosen.names, quick)
        finally:
            from django.db import connections  # noqa: PLC0415

            connections.close_all()
            shutil.rmtree(folder)
    about = {
        "database": "PostgreSQL" if database else "SQLite",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "size": chosen.size,
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps({**about, "figures": rows}, indent=1))
    missed = [row["figure"] for row in rows if not row["passed"]]
    print(f"{len(rows)} figures over {about['database']}, {OUT}: {', '.join(missed) or 'none'} missed.")
    return 1 if missed or not rows else 0


if __name__ == "__main__":
    sys.exit(main())
