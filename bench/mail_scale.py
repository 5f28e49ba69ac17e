"""Measures how planning and sending scale, prints a table and JSON, and fails on a figure that misses.

``make mail-scale``, or ``python -m bench.mail_scale``; ``DATABASE_URL`` for PostgreSQL. It makes databases
of its own beside the one that is named, and takes them away again.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

# The planner reads people by the page, of 5,000 (audience.PAGE): from one page on its memory must not grow.
SMALL, LARGE = 5_000, 10_000
MORE_RECIPIENTS = (LARGE - SMALL) / 500
# Many turns, for a machine whose pace swings; each of several reads of the outbox, as in a long run.
SENT_ROUNDS, SENT_AT_ONCE = 15, 300
# What must hold; the memory of twice as many may differ by what chance leaves behind.
MOST_STATEMENTS, MOST_MEMORY_MIB, LEAST_RATIO = 2.0, 12.0, 0.6
RESULTS = Path("test-results/mail-scale.json")


class Databases:
    """Makes databases with empty tables, each a copy of one that was migrated once."""

    def __init__(self, folder):
        self.folder, self.url, self.made = folder, os.environ.get("DATABASE_URL", ""), []
        self.template = self._create("template")
        run("manage.py", "migrate", "--verbosity=0", database=self.template)

    def copy(self, name):
        """Return the address of a new copy."""
        return self._create(name, of=self.template)

    def _create(self, name, of=None):
        if not self.url:
            path = self.folder / f"{name}.sqlite3"
            if of:
                shutil.copy(of.removeprefix("sqlite:///"), path)
            return f"sqlite:///{path}"
        database = f"mail_scale_{os.getpid()}_{name}"
        source = f' TEMPLATE "{urlsplit(of).path[1:]}"' if of else ""
        self._ask(f'CREATE DATABASE "{database}"{source}')
        self.made.append(database)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{database}"))

    def _ask(self, sql):
        with psycopg.connect(self.url.replace("postgres://", "postgresql://", 1), autocommit=True) as line:
            line.execute(sql)

    def drop(self):
        """Take all of them away."""
        for database in self.made:
            self._ask(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def run(*command, database, pin=None, **environment):
    """Run Python in the scratch folder's environment. Returns: its last line."""
    before = ["taskset", "--cpu-list", str(pin)] if pin is not None else []
    done = subprocess.run(
        [*before, sys.executable, *map(str, command)],
        env={**os.environ, "DATABASE_URL": database, **environment},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.strip().rpartition("\n")[2]


@contextmanager
def sink(pin):
    """Run a mail server on a free port of loopback, on one processor. Yields the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        ["taskset", "--cpu-list", str(pin), sys.executable, "-m", "bench.sink", str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        if server.stdout.readline() != "ready\n":
            sys.exit("The mail server did not start.")
        yield port
    finally:
        server.kill()
        server.wait()


def use_folder(folder):
    """Let what is run keep its data in this folder."""
    os.environ |= {
        "DATA_DIR": folder,
        "SITE_URL": "https://tracker.example.org",
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
    }


def planned(databases, kind, who):
    """Plan for few and for many. Returns: (figures, the address of the database of the few)."""
    found, addresses = {}, {}
    for number in (SMALL, LARGE):
        addresses[number] = databases.copy(f"{who}_{number}")
        run("-m", "bench.people", who, number, database=addresses[number])
        found[number] = json.loads(run("-m", "bench.planner", kind, database=addresses[number]))
        if found[number]["queued"] != number or found[number]["queued_again"]:
            sys.exit(f"{kind}: of {number} people {found[number]}")
    few, many = found[SMALL], found[LARGE]
    asked = {number: found[number]["reads"] + found[number]["writes"] for number in found}
    return {
        "statements_per_500_more": round((asked[LARGE] - asked[SMALL]) / MORE_RECIPIENTS, 2),
        "statements_per_500_all_in_all": round(asked[LARGE] / (LARGE / 500), 2),
        "commits_per_500": round(many["commits"] / (LARGE / 500), 2),
        "memory_mib": [few["memory_peak_mib"], many["memory_peak_mib"]],
        "seconds": [few["seconds"], many["seconds"]],
        "runs": {str(number): figures for number, figures in found.items()},
    }, addresses[SMALL]


def misses(results):
    """Yield a sentence for each figure that misses."""
    for kind in ("reminders", "digests"):
        figures = results[kind]
        few, many = figures["memory_mib"]
        if figures["statements_per_500_more"] > MOST_STATEMENTS:
            yield f"{kind}: {figures['statements_per_500_more']} statements for 500 more recipients"
        if many - few > MOST_MEMORY_MIB:
            yield f"{kind}: {few} MiB for {SMALL}, {many} MiB for {LARGE}"
        rate = results[f"rate_of_{kind}"]
        if rate["median_ratio"] < LEAST_RATIO:
            yield f"{kind} are sent at {rate['median_ratio']} of the rate of bare smtplib"


def table(results):
    """Yield the lines of the table."""
    yield f"database: {results['database']}; load of the machine: {results['load']}"
    yield line("planning", "per 500 more", "all in all", "commits", "MiB 5,000", "MiB 10,000", "seconds")
    for kind in ("reminders", "digests"):
        it = results[kind]
        asked = (it["statements_per_500_more"], it["statements_per_500_all_in_all"], it["commits_per_500"])
        yield line(kind, *asked, *it["memory_mib"], it["seconds"][1])
    yield line("sending", "bare a s", "ours a s", "ratio", "statements", "commits")
    for kind in ("reminders", "digests"):
        it = results[f"rate_of_{kind}"]
        rates = (it["bare_a_second"], it["product_a_second"], it["median_ratio"])
        yield line(kind, *rates, it["statements_a_mail"], it["transactions_a_mail"])


def line(*cells):
    """Return a line of the table."""
    return "".join(f"{cell:>13}" for cell in cells)


def main():
    """Measure all. Returns: the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        use_folder(folder)
        databases = Databases(Path(folder))
        results = {
            "database": "PostgreSQL" if databases.url else "SQLite",
            "load": round(os.getloadavg()[0], 1),
        }
        try:
            for kind, who in (("reminders", "owners"), ("digests", "readers")):
                results[kind], database = planned(databases, kind, who)
                with sink(pin=1) as port:
                    rate = run(
                        "-m",
                        "bench.rate",
                        port,
                        SENT_ROUNDS,
                        SENT_AT_ONCE,
                        database=database,
                        pin=0,
                        EMAIL_URL=f"smtp://127.0.0.1:{port}",
                    )
                results[f"rate_of_{kind}"] = json.loads(rate)
        finally:
            databases.drop()
    results["misses"] = list(misses(results))
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    print(
        "\n".join([*table(results), json.dumps(results), *(f"MISSED {words}" for words in results["misses"])])
    )
    return 1 if results["misses"] else 0


if __name__ == "__main__":
    sys.exit(main())
