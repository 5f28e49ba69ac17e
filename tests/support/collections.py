"""The collections of texts whose lists were split by hand: the made-up one, and the real one where it is.

Both have the same form: ``INDEX.tsv`` lists the texts, with what was counted by hand; the lists in
``EXPECTED.json``, split by hand, leave out the closing semicolon of an item and the "and" before the last,
as `parse` does; nothing else is normalized. The made-up one is `tests/collection`. The real one is no part of
the repository: it is looked for where `TIP_CORPUS` says, else in `../shared/data/tip-reports`.
"""

import csv
import json
import os
import re
from pathlib import Path

import pytest

from recommendations.importing.countries import by_argument

ROOT = Path(__file__).resolve().parents[2]
MADE_UP = ROOT / "tests" / "collection"
REAL = Path(os.environ.get("TIP_CORPUS") or ROOT.parent / "shared" / "data" / "tip-reports")
COLLECTIONS = [folder for folder in (MADE_UP, REAL) if (folder / "INDEX.tsv").is_file()]
needs_real_texts = pytest.mark.skipif(
    REAL not in COLLECTIONS,
    reason=f"there are no real texts at {REAL}; where you have some: TIP_CORPUS=FOLDER make test",
)


def rows(folder):
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        return list(csv.DictReader(index, delimiter="\t"))


def expected_lists(folder):
    return json.loads((folder / "EXPECTED.json").read_text(encoding="utf-8"))


def each(listed):
    """Run a test with each entry of a list of each collection."""
    found = [(folder, entry) for folder in COLLECTIONS for entry in listed(folder)]
    return pytest.mark.parametrize(
        ("folder", "entry"), found, ids=[entry["path"] for _folder, entry in found]
    )


def code_of(row):
    return by_argument(re.split(r" \(", row["country"])[0])
