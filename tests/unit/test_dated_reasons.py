"""Which update answers a dated reason, as a table of what was looked at when."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from recommendations.choices import Sensitivity, Status, UpdateKind
from recommendations.rules.dated_reasons import answer_to
from recommendations.rules.dates import next_review_on
from recommendations.rules.status import derive_status

JUNE = date(2024, 6, 10)
JANUARY = datetime(2024, 1, 1, tzinfo=UTC)


def update(pk, as_of, ask=None, corrects=None, counts=None):
    """An approved check as of a day; it counts from then on unless told."""
    return SimpleNamespace(
        pk=pk,
        ask_id=ask,
        corrects_id=corrects,
        as_of=as_of,
        approved_at=datetime.combine(as_of, datetime.min.time(), UTC),
        counts_at=counts or datetime.combine(as_of, datetime.min.time(), UTC),
        kind=UpdateKind.CHECK,
        status="",
        earlier_finding="",
        sensitivity=Sensitivity.INTERNAL,
    )


def ask(pk, created=JANUARY):
    return SimpleNamespace(pk=pk, created_at=created, status=Status.NOT_ASSESSED)


def answer(*updates, asks=(), set_at=JANUARY):
    """Return the number of the update that answers the date of June."""
    found = answer_to(JUNE, set_at, derive_status(updates, list(asks)))
    return found.pk if found else None


@pytest.mark.parametrize(
    ("as_of", "is_answered"),
    [
        (date(2024, 3, 1), False),
        (date(2024, 5, 26), False),
        # From its first reminder on, an update answers it.
        (date(2024, 5, 27), True),
        (JUNE, True),
        (date(2024, 9, 1), True),
    ],
)
def test_a_routine_check_does_not_erase_a_date_set_for_later(as_of, is_answered):
    assert (answer(update(1, as_of)) == 1) is is_answered


def test_the_first_that_counted_answers_it():
    early = update(1, date(2024, 7, 1))
    late = update(2, date(2024, 6, 1), counts=datetime(2024, 7, 2, tzinfo=UTC))
    assert answer(late, early) == 1


def test_a_correction_of_what_answered_it_opens_it_or_answers_it_instead():
    wrong = update(1, JUNE)
    assert answer(wrong, update(2, date(2024, 3, 1), corrects=1)) is None
    assert answer(wrong, update(2, date(2024, 6, 1), corrects=1)) == 2


def test_of_a_split_one_each_ask_has_to_be_looked_at():
    one, other = update(1, JUNE, ask=1), update(2, JUNE, ask=2)
    asks = [ask(1), ask(2)]
    assert answer(one, asks=asks) is None
    assert answer(one, other, asks=asks) == 2
    assert answer(one, update(3, JUNE), asks=asks) == 3, "one about the whole looks at all of them"
    assert answer(one, asks=[ask(1)]) == 1, "a retired ask is not asked for"


def test_an_ask_that_is_added_later_opens_nothing_again():
    looked, later = update(1, JUNE, ask=1), ask(2, created=datetime(2024, 8, 1, tzinfo=UTC))
    assert answer(looked, asks=[ask(1), later]) == 1
    # A date that was set once the ask was there is about it too.
    assert answer(looked, asks=[ask(1), later], set_at=datetime(2024, 8, 2, tzinfo=UTC)) is None


def test_an_update_about_an_ask_that_is_gone_answers_nothing_of_the_whole():
    assert answer(update(1, JUNE, ask=1)) is None


def test_the_earliest_open_date_counts_and_none_overwrites_another():
    days = {"answered_on": date(2024, 3, 1), "tracked_from": date(2024, 1, 1), "interval_days": 90}
    assert next_review_on(**days) == date(2024, 5, 30)
    assert next_review_on(**days, dated=[date(2024, 5, 1), date(2024, 4, 20)]) == date(2024, 4, 20)
    assert next_review_on(**days, dated=[date(2024, 7, 1)]) == date(2024, 5, 30)
    assert next_review_on(**{**days, "answered_on": None}) == date(2024, 1, 1) + timedelta(days=90)
