"""How near proposals come to steps that were solved by hand (`tests/support/lineages.py`)."""

import difflib

import pytest

from recommendations.choices import LineageKind
from tests.support.lineages import count, proposal, steps, total


def proposed(step):
    return [(pair.old, pair.new, pair.kind) for pair in proposal(step).pairs]


def by_text_alone(step):
    """Pair each new text with the old one that it is most like, letter by letter, from 0.55 on."""
    old, new = ([text.lower() for text in step[side]["items"]] for side in ("old", "new"))
    found = []
    for at, text in enumerate(new, 1):
        alike = [difflib.SequenceMatcher(None, before, text, autojunk=False).ratio() for before in old]
        nearest = max(range(len(old)), key=alike.__getitem__)
        if alike[nearest] >= 0.55:
            found.append(((nearest + 1,), (at,), LineageKind.REWORDED))
    return found


@pytest.mark.parametrize(("use", "f1", "kinds"), [("tuned", 0.96, 0.9), ("held_out", 0.96, 0.84)])
def test_pairs_and_kinds_are_nearly_always_right(use, f1, kinds):
    counted = total(count(step, proposed(step)) for step in steps(use).values())
    assert counted.pairs > 60
    assert counted.f1 >= f1, counted
    assert counted.kinds >= kinds, counted


@pytest.mark.parametrize("use", ["tuned", "held_out"])
def test_the_likeness_of_two_texts_alone_finds_fewer(use):
    """Otherwise lists, terms and their weights would be work for nothing."""
    whole, alone = (
        total(count(step, method(step)) for step in steps(use).values())
        for method in (proposed, by_text_alone)
    )
    assert whole.f1 > alone.f1


def test_the_step_of_north_korea_from_2017_to_2018_is_solved():
    """Among its pairs are a split, a changed order, and true ones that are less alike than strangers."""
    step = steps("tuned")["KP-2017-2018"]
    counted = count(step, proposed(step))
    assert (counted.right_kinds, counted.pairs) == (11, 11)


def test_a_cut_copy_of_the_same_list_drops_nothing():
    step = steps("tuned")["KP-2017cut-2018"]
    found = proposal(step)
    assert count(step, proposed(step)).right_kinds == len(step["pairs"])
    assert {pair.kind for pair in found.pairs if not pair.old} == {LineageKind.NOT_KNOWN}
    assert "The list of 2017 is not known to be whole" in " ".join(found.warnings)
    assert "Recommendation 4 of the list of 2017 breaks off" in " ".join(found.warnings)


def test_every_step_is_solved_whole():
    """In each truth, as in each proposal, every position is in one pair."""
    for name, step in {**steps("tuned"), **steps("held_out")}.items():
        for pairs in (step["pairs"], [{"old": o, "new": n} for o, n, _kind in proposed(step)]):
            for side in ("old", "new"):
                positions = sorted(at for pair in pairs for at in pair[side])
                assert positions == list(range(1, len(step[side]["items"]) + 1)), name
