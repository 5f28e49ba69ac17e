"""How long a brief takes and how much memory.

    .venv/bin/python bench/briefs.py [RECOMMENDATIONS …]

Each size runs in a process of its own, over made-up recommendations with five published updates each.
"""

import os
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

import django

django.setup()

from recommendations.exports.briefs import FORMATS
from recommendations.exports.briefs import shapes as of
from recommendations.exports.briefs.labels import labels

SIZES = ("1", "11", "60", "500")


def content(number):
    """Return a brief on so many recommendations, with five findings each."""
    words = "Officials said on 3 May that 12 workers were sent home; nobody independent could see it. " * 3
    findings = tuple(
        of.Finding(f"As of {day} May 2024: Partly implemented", words, (of.Mark(1, "page 4"), of.Mark(2, "")))
        for day in range(1, 6)
    )
    standing = of.Standing("Partly implemented", ("As of 5 May 2024.", "Confidence: medium."))
    sources = (
        of.Source(1, "조선중앙통신", "KCNA; Korean; grade B2.", "https://example.org/a"),
        of.Source(2, "A decree", "Law.", ""),
    )
    keys = [f"TIP-2024-KP-{one:03}" for one in range(1, number + 1)]
    parts = tuple(
        of.Part(key, key, "End the use of forced labor", words, standing, findings, (), sources)
        for key in keys
    )
    rows = tuple(of.Row(key, key[-3:], "End the use", "Partly implemented", "3 May 2024") for key in keys)
    return of.Brief(
        title="North Korea 2024: what is published",
        subtitle="On recommendations",
        said_of_it=(f"As of {date(2024, 9, 1)}.",),
        organisation="An organisation",
        contact="",
        logo=b"",
        rows=rows,
        parts=parts,
        method=("Each status follows a written criterion.",),
        labels=labels(for_team=False),
        footer="An organisation",
    )


def measure(number, kind):
    """Make one brief and print its line."""
    brief = content(int(number))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    made = FORMATS[kind].make(brief)
    seconds = time.perf_counter() - started
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    took = f"{seconds:6.2f} s, {len(made) / 1e6:5.2f} MB, +{memory:4.0f} MB"
    print(f"{kind:>4} {number:>4} recommendations: {took}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["one"]:
        measure(*sys.argv[2:])
    else:
        for kind in ("pdf", "docx"):
            for number in sys.argv[1:] or SIZES:
                subprocess.run([sys.executable, __file__, "one", number, kind], check=True)
