"""Steps from one report to the next that were solved by hand, and how near a proposal comes to them.

``tests/collection/lineage`` has a file for each step: two lists, whether each is whole, and the pairs,
written down by reading before any code saw them. The rules were made with those of the use ``tuned``; the
others were held out. The lists are word for word, up to where the copy of the report was cut; what is in
words of our own is said in the note.
"""

import json
from pathlib import Path
from typing import NamedTuple

from recommendations.lineage import compare

STEPS = Path(__file__).resolve().parents[1] / "collection" / "lineage"


class Counted(NamedTuple):
    """What a proposal got right: ties are two positions in one pair, kinds are pairs with their kind."""

    right_ties: int
    proposed_ties: int
    true_ties: int
    right_kinds: int
    pairs: int

    @property
    def f1(self):
        return 2 * self.right_ties / (self.proposed_ties + self.true_ties)

    @property
    def kinds(self):
        return self.right_kinds / self.pairs


def steps(use):
    """Return the solved steps of one use, by name."""
    read = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(STEPS.glob("*.json"))}
    return {name: step for name, step in read.items() if step["use"] == use}


def proposal(step):
    old, new = step["old"], step["new"]
    return compare(
        old["items"],
        new["items"],
        old_complete=old["complete"],
        new_complete=new["complete"],
        old_year=old["year"],
        new_year=new["year"],
    )


def count(step, pairs):
    """Compare (old, new, kind) of each proposed pair with the truth."""
    truth = {(tuple(pair["old"]), tuple(pair["new"]), pair["kind"]) for pair in step["pairs"]}
    proposed = {(tuple(old), tuple(new), str(kind)) for old, new, kind in pairs}
    true_ties, proposed_ties = ties(truth), ties(proposed)
    return Counted(
        len(true_ties & proposed_ties),
        len(proposed_ties),
        len(true_ties),
        len(truth & proposed),
        len(truth),
    )


def ties(pairs):
    return {(old, new) for olds, news, _kind in pairs for old in olds for new in news}


def total(counted):
    return Counted(*map(sum, zip(*counted, strict=True)))
