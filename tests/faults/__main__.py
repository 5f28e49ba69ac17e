"""``make mail-faults``: the twenty fault tests of the sending of mails, with real processes.

On SQLite, and on the server of PostgreSQL that DATABASE_URL names; each in databases of the harness's own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.faults import databases, report
from tests.faults.sizes import SIZES
from tests.support.processes import ROOT

RESULT = ROOT / "test-results" / "mail-faults.json"
STAGE = "import sys; from tests.faults.stage import main; main(sys.argv[1], sys.argv[2], sys.argv[3:])"
NUMBERS = [*map(str, range(1, 21)), "C1", "C2"]


def main():
    """Run what was asked for, print the tables, and end with 0 only if every figure held."""
    options = _options()
    began = time.monotonic()
    chosen, not_run = _databases(options.databases)
    stages = {}
    for kind in chosen:
        print(f"\n=== {kind}, {options.size} size ===", flush=True)
        stages[kind] = _run_stage(kind, options)
    failures = report.shortcomings(stages, options.tests or NUMBERS)
    for kind, rows in stages.items():
        print(f"\n{kind}")
        print("\n".join(report.lines(rows)))
    for kind, reason in not_run.items():
        print(f"\n{kind}: not run, {reason}.")
    seconds = time.monotonic() - began
    report.write(
        options.out, size=options.size, stages=stages, not_run=not_run, failures=failures, seconds=seconds
    )
    print(f"\n{options.out}: {_verdict(failures)} in {seconds:.0f} s")
    return 1 if failures else 0


def _options():
    parser = argparse.ArgumentParser(prog="make mail-faults", description=__doc__.splitlines()[0])
    parser.add_argument("--size", choices=sorted(SIZES), default="full")
    parser.add_argument("--tests", type=lambda words: words.split(","), default=[], help="such as 3,4,C1")
    parser.add_argument("--databases", type=lambda words: words.split(","), default=["sqlite", "postgresql"])
    parser.add_argument("--out", type=Path, default=RESULT, help="where the JSON goes")
    options = parser.parse_args()
    unknown = set(options.tests) - set(NUMBERS) | set(options.databases) - {"sqlite", "postgresql"}
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return options


def _databases(wanted):
    """Return which databases serve, and {database: why it does not} of the others."""
    is_named = os.environ.get("DATABASE_URL", "").startswith("postgres")
    not_run = {}
    if "postgresql" in wanted and not is_named:
        not_run["postgresql"] = "DATABASE_URL names no PostgreSQL"
    return [kind for kind in wanted if kind not in not_run], not_run


def _run_stage(kind, options):
    """Run all tests on one database, in a process that knows no other. Returns: the rows of its report."""
    with tempfile.TemporaryDirectory(prefix="mail-faults-") as folder:
        url = databases.own(kind, folder, os.environ.get("DATABASE_URL", ""))
        database, out = databases.at(url), Path(folder) / "rows.json"
        database.create()
        try:
            command = [sys.executable, "-c", STAGE, options.size, str(out), *options.tests]
            status = subprocess.run(command, cwd=ROOT, env=_environment(folder, url), check=False).returncode
        finally:
            database.remove()
        rows = json.loads(out.read_text()) if out.exists() else []
    if status:
        print(f"The tests on {kind} broke off with status {status}.", flush=True)
    return rows


def _environment(folder, url):
    """Return an environment in which nothing leads to the data of the tracker on this computer."""
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "EMAIL_URL")}
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "DATABASE_URL": url,
        "DATA_DIR": folder,
        "SITE_URL": "https://tracker.example.org",
        "MAIL_FROM": "",
        "TIME_ZONE": "UTC",
        "PYTHONWARNINGS": "ignore",
    }


def _verdict(failures):
    if not failures:
        return "every figure held"
    return "\n".join([f"{len(failures)} figures missed:", *failures])


if __name__ == "__main__":
    sys.exit(main())
