"""Where a recommendation stands, decided in one place: the rule, without a database."""

import pytest

from recommendations.choices import Status, UpdateKind
from recommendations.models import Ask
from recommendations.rules.status import derive_status
from tests.support.factories import NOW

NOT, NONE, CONTRARY, NO = Status.NOT_ASSESSED, Status.NO_INFORMATION, Status.CONTRARY, Status.NO_ACTION
INITIAL, PARTLY, DONE = Status.INITIAL, Status.PARTLY, Status.IMPLEMENTED


class Said:
    """An approved assessment, as much as the rule reads of it."""

    kind = UpdateKind.ASSESSMENT
    corrects_id, confidence, movement = None, "low", "same"

    def __init__(self, pk, ask_id, status):
        self.pk, self.ask_id, self.status = pk, ask_id, status
        self.as_of, self.approved_at = NOW.date(), NOW


@pytest.mark.parametrize(
    ("whole", "of_asks", "follows"),
    [
        # Without asks the whole decides.
        (NOT, [], NOT),
        (PARTLY, [], PARTLY),
        # Splitting alone moves nothing.
        (PARTLY, [NOT, NOT], PARTLY),
        (NOT, [NOT, NOT], NOT),
        # All assessed: the least advanced decides, whatever the whole was.
        (CONTRARY, [PARTLY, DONE], PARTLY),
        (DONE, [NO, DONE, INITIAL], NO),
        (NOT, [DONE, CONTRARY], CONTRARY),
        # No reliable information stands beside; alone it is what can be said.
        (NOT, [NONE, DONE], DONE),
        (NOT, [NONE, NONE], NONE),
        (NOT, [NONE, NOT], NONE),
        # Not every ask is assessed: the whole stands for those that are not.
        (NO, [DONE, NOT], NO),
        (DONE, [INITIAL, NOT], INITIAL),
        (NONE, [INITIAL, NOT], INITIAL),
        (NOT, [INITIAL, NOT], INITIAL),
    ],
)
def test_the_stated_rule(whole, of_asks, follows):
    marks = [Ask(pk=number) for number in range(1, len(of_asks) + 1)]
    said = [Said(number, number, status) for number, status in enumerate(of_asks, 1) if status != NOT]
    if whole != NOT:
        said.append(Said(99, None, whole))
    found = derive_status(said, marks)
    assert found.whole.status == follows
    assert sum(found.split.values()) == len(of_asks)
    assert [found.by_ask[mark.pk].status for mark in marks] == of_asks
