"""Figures whose tries are tests of the tree: each is run, and each that fails is a miss."""

import os
import re
import subprocess
import sys

from tests.evidencefaults.registry import Figure, figure
from tests.support.processes import ROOT

COUNTS = re.compile(r"(\d+) (passed|failed|error|errors|skipped)")


def suite(name, wants, *tests):
    """Declare a figure that is how many of some tests pass.

    Args:
        tests: what pytest is to run, files or parts of them.
    """

    @figure(name, wants, quick=False)
    def run(_bench):
        return _run(tests)


def _run(tests):
    """Run pytest in a process of its own. Returns: what came out."""
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True)
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else done.stderr.strip()
    counted = {word.rstrip("s"): int(number) for number, word in COUNTS.findall(last)}
    passed, missed = counted.get("passed", 0), counted.get("failed", 0) + counted.get("error", 0)
    if counted.get("skipped") and not passed:
        return Figure(skipped=next(line for line in done.stdout.splitlines() if "SKIPPED" in line))
    if done.returncode and not missed:
        missed = 1
    failing = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    said = ", ".join(failing) if failing else last.strip("= ")
    notes = {"skipped_tests": counted.get("skipped", 0)}
    return Figure(tries=passed + missed, missed=missed, said=said, notes=notes)


suite(
    "roles × levels × URLs",
    "0 leaks; what may not be seen is not found",
    "tests/security/test_access.py",
    "tests/security/test_hidden_rows.py",
    "tests/security/test_restricted_items.py",
)
suite(
    "hostile files",
    "none looked into, none served inline",
    "tests/security/test_hostile_files.py",
    "tests/unit/test_file_types.py",
)
suite(
    "scrubbed copies", "0 tags in the copy, the original's hash unchanged", "tests/services/test_previews.py"
)
suite("script in Chromium", "0 scripts of a served file run", "tests/browser/test_evidence_content.py")
suite(
    "asking the web",
    "as little as it takes, by whom it may be, whatever fails",
    "tests/unit/test_web_client.py",
    "tests/services/test_links.py",
    "tests/services/test_captures.py",
    "tests/services/test_captures_faults.py",
)
suite("pages as they came", "every byte; cut or broken ones refused", "tests/unit/test_warc.py")
suite(
    "a word of restricted items",
    "found 0 times in mails, logs, pages, exports, search and previews of others",
    "tests/security/test_canary.py",
    "tests/services/test_search.py",
)
suite(
    "sealed testimony",
    "opened by officers alone; on no disk, in no row, page or bundle",
    "tests/vault/test_sealed.py",
    "tests/vault/test_sealed_items.py",
    "tests/vault/test_sealed_kept.py",
    "tests/vault/test_officers.py",
)
