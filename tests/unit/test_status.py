"""Where a recommendation stands, decided in one place: the rule, without a database."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.choices import EarlierFinding, Status, UpdateKind
from recommendations.models import Ask
from recommendations.rules.status import derive_status, is_finding
from tests.support.factories import NOW

NOT, NONE, CONTRARY, NO = Status.NOT_ASSESSED, Status.NO_INFORMATION, Status.CONTRARY, Status.NO_ACTION
INITIAL, PARTLY, DONE = Status.INITIAL, Status.PARTLY, Status.IMPLEMENTED
ASIDE, CHECK = "sets aside", "check"


class Said:
    """An approved update, as much as the rule reads of it: on a day, about an ask (0: the whole).

    ``said`` is a status, or ``ASIDE``: no reliable information, which sets the finding before it aside,
    or ``CHECK``.
    """

    def __init__(self, day, ask, said, corrects=None):
        self.pk, self.ask_id, self.corrects_id = day, ask or None, corrects
        self.kind = UpdateKind.CHECK if said == CHECK else UpdateKind.ASSESSMENT
        self.status = {ASIDE: NONE, CHECK: ""}.get(said, said)
        self.earlier_finding = EarlierFinding.SET_ASIDE if said == ASIDE else ""
        self.confidence, self.movement = "low", "same"
        self.as_of = (NOW + timedelta(days=day)).date()
        self.approved_at = NOW + timedelta(days=day)


def stands(updates, asks=0, retired=0):
    """Return where it stands after (ask, what is said[, the day of what it corrects]), one a day."""
    said = [Said(day, *one) for day, one in enumerate(updates, 1)]
    marks = [Ask(pk=number) for number in range(1, asks + 1)]
    return derive_status(said, marks[: asks - retired], marks[asks - retired :])


def day_of(day):
    return (NOW + timedelta(days=day)).date() if day else None


@pytest.mark.parametrize(
    ("whole", "of_asks", "follows"),
    [
        # Without asks the whole decides.
        (NOT, [], NOT),
        (PARTLY, [], PARTLY),
        # Splitting alone moves nothing.
        (PARTLY, [NOT, NOT], PARTLY),
        (NOT, [NOT, NOT], NOT),
        # Every ask has a finding: the least advanced decides, whatever the whole was.
        (CONTRARY, [PARTLY, DONE], PARTLY),
        (DONE, [NO, DONE, INITIAL], NO),
        (NOT, [DONE, CONTRARY], CONTRARY),
        # No reliable information is no finding: alone it is what can be said.
        (NOT, [NONE, DONE], DONE),
        (NOT, [NONE, NONE], NONE),
        (NOT, [NONE, NOT], NONE),
        (NONE, [NOT, NOT], NONE),
        # Not every ask has a finding: that of the whole stands beside them, and nothing erases it.
        (NO, [DONE, NOT], NO),
        (NO, [DONE, NONE], NO),
        (CONTRARY, [NONE, NONE], CONTRARY),
        (DONE, [INITIAL, NOT], INITIAL),
        (DONE, [INITIAL, NONE], INITIAL),
        (NONE, [INITIAL, NOT], INITIAL),
        (NOT, [INITIAL, NOT], INITIAL),
    ],
)
def test_the_stated_rule(whole, of_asks, follows):
    said = [(number, status) for number, status in enumerate([whole, *of_asks]) if status != NOT]
    found = stands(said, len(of_asks))
    assert found.whole.status == follows
    assert sum(found.split.values()) == len(of_asks)
    assert [found.by_ask[number].status for number in range(1, len(of_asks) + 1)] == of_asks


@pytest.mark.parametrize(
    ("updates", "status", "verified", "looked"),
    [
        ([], NOT, None, None),
        # While nothing was found, a look is all that can be said; a check confirms it.
        ([(0, NONE)], NONE, 1, None),
        ([(0, NONE), (0, NONE)], NONE, 2, None),
        ([(0, NONE), (0, CHECK)], NONE, 2, None),
        ([(0, NONE), (0, CONTRARY)], CONTRARY, 2, None),
        # A look after a finding: the finding stands with its age, and the look is kept beside it.
        ([(0, CONTRARY), (0, NONE)], CONTRARY, 1, 2),
        ([(0, CONTRARY), (0, NONE), (0, NONE)], CONTRARY, 1, 3),
        ([(0, CONTRARY), (0, NONE), (0, CHECK)], CONTRARY, 3, 2),
        ([(0, CONTRARY), (0, NONE), (0, INITIAL)], INITIAL, 3, None),
        # A finding that can no longer be relied on is set aside, and a new one takes its place.
        ([(0, CONTRARY), (0, ASIDE)], NONE, 2, None),
        ([(0, CONTRARY), (0, ASIDE), (0, NONE)], NONE, 2, 3),
        ([(0, CONTRARY), (0, ASIDE), (0, NO)], NO, 3, None),
        # What was corrected is as if it had never been said.
        ([(0, PARTLY), (0, CONTRARY), (0, NONE, 2)], PARTLY, 1, 3),
        ([(0, CONTRARY), (0, NONE, 1)], NONE, 2, None),
        ([(0, CONTRARY), (0, ASIDE), (0, NONE, 2)], CONTRARY, 1, 3),
        ([(0, CONTRARY), (0, NONE), (0, INITIAL, 2)], INITIAL, 3, None),
    ],
)
def test_a_look_is_not_a_finding(updates, status, verified, looked):
    found = stands(updates).whole
    assert (found.status, found.last_verified_on, found.looked_on) == (
        status,
        day_of(verified),
        day_of(looked),
    )
    assert found.answered_on == day_of(len(updates)), "each of them answers a review date"


@pytest.mark.parametrize(
    ("updates", "retired", "status"),
    [
        # A contrary finding, then a look at it, then the last ask: nothing erases what was found.
        ([(1, CONTRARY), (1, NONE), (2, NO)], 0, CONTRARY),
        ([(1, CONTRARY), (2, NO), (1, NONE)], 0, CONTRARY),
        # Set aside, it counts no more; what was found of the whole stands beside the asks again.
        ([(1, CONTRARY), (2, NO), (1, ASIDE)], 0, NO),
        ([(0, CONTRARY), (1, DONE), (2, DONE), (1, ASIDE)], 0, CONTRARY),
        # A look at the whole sets nothing aside, neither for the asks nor for the whole.
        ([(0, CONTRARY), (1, DONE), (0, NONE)], 0, CONTRARY),
        ([(0, CONTRARY), (0, ASIDE), (1, DONE)], 0, DONE),
        # A retired ask decides nothing; without any ask left the whole does.
        ([(1, DONE), (2, CONTRARY)], 1, DONE),
        ([(0, PARTLY), (1, DONE), (2, CONTRARY)], 2, PARTLY),
        ([(1, DONE), (2, CONTRARY)], 2, NOT),
    ],
)
def test_two_asks(updates, retired, status):
    assert stands(updates, 2, retired).whole.status == status


@pytest.mark.parametrize(
    ("updates", "counts", "by_day"),
    [
        # {the day of a restricted one: from when it counts}, then {day: the status on it}.
        ([(0, PARTLY), (0, NO)], {2: None}, {2: PARTLY, 9: PARTLY}),
        ([(0, PARTLY), (0, NO)], {2: 5}, {2: PARTLY, 4: PARTLY, 5: NO}),
        # By its own day: what counts later does not come before a later assessment.
        ([(0, PARTLY), (0, NO), (0, DONE)], {2: 5}, {2: PARTLY, 3: DONE, 9: DONE}),
        # A correction takes the place from when it counts on, and never where it does not.
        ([(0, PARTLY), (0, NO, 1)], {2: None}, {9: PARTLY}),
        ([(0, PARTLY), (0, NO, 1)], {2: 2}, {1: PARTLY, 2: NO}),
        ([(0, PARTLY), (0, NO, 1)], {2: 5}, {4: PARTLY, 5: NO}),
        # An open correction of what does not count, and what it corrects never counting.
        ([(0, PARTLY), (0, NO, 1)], {1: None}, {1: NOT, 2: NO}),
        # A look that counts erases no finding; setting aside does, from when it counts on.
        ([(0, CONTRARY), (0, NONE)], {2: 5}, {9: CONTRARY}),
        ([(0, CONTRARY), (0, ASIDE)], {2: 5}, {4: CONTRARY, 5: NONE}),
        ([(0, NONE), (0, CONTRARY)], {1: 5}, {1: NOT, 2: CONTRARY, 9: CONTRARY}),
    ],
)
def test_a_restricted_one_decides_from_when_it_counts_on(updates, counts, by_day):
    for day, status in by_day.items():
        said = [Said(number, *one) for number, one in enumerate(updates, 1)]
        known = [one for one in said if (counts.get(one.pk, one.pk) or 99) <= day]
        assert derive_status(known, []).whole.status == status, day


def test_a_look_at_the_whole_is_one_at_each_ask():
    found = stands([(1, DONE), (2, NO), (0, NONE)], 2)
    assert [found.by_ask[ask].looked_on for ask in (1, 2)] == [day_of(3), day_of(3)]
    assert (found.whole.looked_on, found.whole.last_verified_on) == (day_of(3), day_of(1))
    assert found.whole.answered_on == day_of(3), "the review is done, though nothing was found"


def test_an_ask_that_nobody_assessed_was_never_verified():
    found = stands([(0, CONTRARY), (1, DONE), (0, CHECK)], 2)
    assert (found.by_ask[2].last_verified_on, found.by_ask[2].answered_on) == (None, day_of(3))
    assert found.whole.last_verified_on == day_of(3), "the finding of the whole stands for it"


SAID = st.sampled_from([NONE, CONTRARY, NO, INITIAL, PARTLY, DONE, CHECK, ASIDE])


@given(st.lists(st.tuples(st.integers(0, 2), SAID), max_size=8), st.integers(0, 2), st.integers(0, 2))
def test_the_lack_of_a_finding_never_takes_the_place_of_one(updates, ask, asks):
    updates = [(min(about, asks), said) for about, said in updates]
    before = stands(updates, asks)
    after = stands([*updates, (min(ask, asks), NONE)], asks)
    for then, now in [
        (before.whole, after.whole),
        *((before.by_ask[n], after.by_ask[n]) for n in before.by_ask),
    ]:
        if then.current and is_finding(then.current):
            assert (now.current.pk, now.last_verified_on) == (then.current.pk, then.last_verified_on)
