"""What it costs to import many narratives in one run of ``import_report FOLDER``, and how memory grows.

    .venv/bin/python -m bench.narratives [NUMBER]

Makes NUMBER (2000) texts of invented narratives, of all countries and several years, imports them into a
database of its own, and prints the milliseconds of processor time that a narrative takes, and the memory of
the process, over the first and the last tenth of them. Exits with 1 where either grows by more than half.
"""

import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
FOLDER = tempfile.TemporaryDirectory(prefix="bench-narratives-")
os.environ["DATA_DIR"] = FOLDER.name

django.setup()

from django.core.management import CommandError, call_command
from django.test.utils import setup_databases, setup_test_environment, teardown_databases

from recommendations.importing.countries import by_argument, plain_name
from recommendations.management import bringing
from recommendations.models import Report
from tests.support.narratives import ORDERS, narrative

PAGE = resource.getpagesize()


def texts(number):
    """Yield (file name, text): each country of each year, the newest year first."""
    codes = [code for code in (f"{one}{two}" for one in LETTERS for two in LETTERS) if _is_country(code)]
    made = ((year, code) for year in range(2024, 2001, -1) for code in codes)
    for year, code in list(made)[:number]:
        listed = " • ".join(f"{order.rstrip('.')} in {year}." for order in ORDERS)
        filler = "\n\n".join(f"Officials of {plain_name(code)} reported case {case}." for case in range(150))
        title = f"{year} Trafficking in Persons Report: {{name}}"
        yield f"{code}-{year}.txt", narrative(listed, name=plain_name(code), title=title) + filler


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _is_country(code):
    try:
        return by_argument(code) == code
    except ValueError:
        return False


def measured(name, notes):
    """Let a function of the command note how long it took, and the memory after it."""
    real = getattr(bringing, name)

    def watched(*given, **how):
        began = time.process_time()
        try:
            return real(*given, **how)
        finally:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            notes.append((time.process_time() - began, pages * PAGE / 1024 / 1024))

    setattr(bringing, name, watched)


def said(name, notes):
    """Print a line for one step. Returns: whether it stayed flat."""
    tenth = max(1, len(notes) // 10)
    first, last = notes[:tenth], notes[-tenth:]
    cost = [1000 * sum(seconds for seconds, _memory in part) / len(part) for part in (first, last)]
    memory = [part[-1][1] for part in (first, last)]
    print(
        f"{name:<8} {len(notes):>6} narratives: {cost[0]:6.1f} ms each at first, {cost[1]:6.1f} ms at last; "
        f"{memory[0]:5.0f} MB after the first tenth, {memory[1]:5.0f} MB at the end"
    )
    return cost[1] < 1.5 * cost[0] and memory[1] < 1.5 * memory[0]


def main(number=2000):
    """Make the folder, import it, and print the figures."""
    folder = Path(FOLDER.name) / "narratives"
    folder.mkdir()
    for name, text in texts(number):
        (folder / name).write_text(text)
    setup_test_environment()
    databases = setup_databases(verbosity=0, interactive=False)
    notes = {name: [] for name in STEPS}
    for name in STEPS:
        measured(name, notes[name])
    began = time.perf_counter()
    try:
        call_command("import_report", str(folder), stdout=io.StringIO(), stderr=io.StringIO())
    except CommandError as error:
        print(error)
    print(f"{Report.objects.count()} reports in {time.perf_counter() - began:.0f} s")
    flat = [said(name, notes[name]) for name in STEPS]
    teardown_databases(databases, verbosity=0)
    return all(flat)


STEPS = ("bring", "store")

if __name__ == "__main__":
    sys.exit(0 if main(*(int(given) for given in sys.argv[1:])) else 1)
