"""Which recommendations of a report are which in a further version of its source."""

import pytest

from recommendations.choices import SourceChange
from recommendations.lineage import match
from tests.support.lineages import steps

SAME, CORRECTED, UNSURE, NEW = (
    SourceChange.SAME,
    SourceChange.CORRECTED,
    SourceChange.UNSURE,
    SourceChange.NEW,
)
LONG = "Investigate and prosecute traffickers, including complicit officials, and convict those found guilty."


def found(old, new, **how):
    return [(one.change, one.old) for one in match(old, new, **how)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (["End it.", "Do that."], ["Do that.", "End it."], [(SAME, 1), (SAME, 0)]),
        (["End it.", "End it."], ["End it.", "End it."], [(SAME, 0), (SAME, 1)]),
        (["End it."], ["End it;"], [(CORRECTED, 0)]),
        ([LONG], [LONG.replace("complicit", "all complicit")], [(CORRECTED, 0)]),
        ([], [LONG], [(NEW, None)]),
        ([LONG], [], []),
        ([LONG], ["Accede to the 2000 UN TIP Protocol."], [(NEW, None)]),
    ],
)
def test_what_each_is(old, new, expected):
    assert found(old, new) == expected


def test_a_text_that_breaks_off_is_recognised_where_it_was_the_last():
    whole = ["End the use of forced labor.", LONG]
    assert found([whole[0], LONG[:20]], whole, last=1) == [(SAME, 0), (CORRECTED, 1)]
    assert found([whole[0], "Inv"], whole, last=1)[1] == (CORRECTED, 1), "it is the next one of the list"
    moved = ["Inventory the camps.", *whole]
    assert found([whole[0], "Inv"], moved, last=1)[2] == (CORRECTED, 1)
    elsewhere = [LONG, "Criminalize trafficking.", whole[0]]
    assert found([whole[0], "Inv"], elsewhere, last=1)[0] != (CORRECTED, 1), "three letters alone say nothing"
    assert found(["Inv"], [LONG], last=0) == [(CORRECTED, 0)]


def test_a_rewritten_one_is_left_to_a_person():
    step = steps("tuned")["KP-2017-2018"]
    matches = found(step["old"]["items"], step["new"]["items"])
    assert {change for change, _old in matches} >= {SAME, UNSURE, NEW}
    chosen = [old for _change, old in matches if old is not None]
    assert len(chosen) == len(set(chosen)), "each earlier one is proposed once"


def test_no_list_is_proposed_to_lose_what_it_has_twice():
    assert found([LONG], [LONG, LONG]) == [(SAME, 0), (NEW, None)]
