"""Which recommendations are one thread, and what is said of a year without one."""

from itertools import product

import pytest

from recommendations.choices import Absence, LineageKind
from recommendations.rules.threads import Ties, absence

SAME, SPLIT, MERGED = LineageKind.SAME, LineageKind.SPLIT, LineageKind.MERGED
NEW, DROPPED, NOT_KNOWN = LineageKind.NEW, LineageKind.DROPPED, LineageKind.NOT_KNOWN

# 1 → 2 → 4; 3 → 4 (merged); 5 → 6 and 7 (split); 8 alone.
TIES = Ties([(1, 2, SAME), (2, 4, MERGED), (3, 4, MERGED), (5, 6, SPLIT), (5, 7, SPLIT)])


def test_threads_are_what_confirmed_lines_tie_together_and_each_one_is_in_one():
    assert TIES.threads(range(1, 9)) == [{1, 2, 3, 4}, {5, 6, 7}, {8}]


@pytest.mark.parametrize(
    ("one", "line"), [(1, {1, 2, 4}), (4, {1, 2, 3, 4}), (3, {3, 4}), (6, {5, 6}), (5, {5, 6, 7}), (8, {8})]
)
def test_the_line_of_one_is_what_it_descends_from_and_what_descends_from_it(one, line):
    assert TIES.line_of(one) == line


def test_lines_in_a_circle_end():
    round_about = Ties([(1, 2, SAME), (2, 3, SAME), (3, 1, SAME)])
    assert round_about.line_of(1) == {1, 2, 3}
    assert round_about.threads([1, 2, 3]) == [{1, 2, 3}]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ([{}], [], Absence.UNCONFIRMED),
        ([{2020: DROPPED}], [], Absence.DROPPED),
        ([{2020: NOT_KNOWN}], [], Absence.NOT_KNOWN),
        ([{2019: DROPPED}], [], Absence.ENDED),
        ([{2021: DROPPED}], [], Absence.UNCONFIRMED),
        # Of two parts, one was dropped, and nobody said what became of the other.
        ([{2020: DROPPED}, {}], [], Absence.UNCONFIRMED),
        ([{2020: DROPPED}, {2019: DROPPED}], [], Absence.DROPPED),
        ([], [{2020: NEW}], Absence.NOT_YET),
        # New against a report in between says nothing of this one.
        ([], [{2021: NEW}], Absence.UNCONFIRMED),
        ([], [{2019: NEW}], Absence.UNCONFIRMED),
        ([], [{2020: NOT_KNOWN}], Absence.NOT_KNOWN),
        # It was dropped and came back.
        ([{2020: DROPPED}], [{}], Absence.DROPPED),
        ([{}], [{2020: NEW}], Absence.NOT_YET),
        ([{}], [{}], Absence.UNCONFIRMED),
        ([{2019: DROPPED}], [{}], Absence.UNCONFIRMED),
    ],
)
def test_what_is_said_of_a_year_without_it(before, after, said):
    assert absence(2020, True, before, after, last=2018) is said
    assert absence(2020, False, before, after, last=2018) is Absence.CUT, "a cut list drops nothing"
    assert absence(2020, None, before, after, last=2018) is Absence.NO_REPORT


def test_nothing_is_said_to_be_dropped_or_new_unless_somebody_confirmed_it():
    kinds = [{}, {2020: NOT_KNOWN}, {2019: NOT_KNOWN}, {2021: NOT_KNOWN}]
    for before, after in product(kinds, kinds):
        said = absence(2020, True, [before], [after], last=2018)
        assert said in (Absence.UNCONFIRMED, Absence.NOT_KNOWN)
