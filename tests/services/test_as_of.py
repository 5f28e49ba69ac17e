"""A report as it stood on a day, by what was known then."""

import pytest
import time_machine
from django.urls import reverse

from recommendations.choices import Status
from recommendations.selectors.as_of import report_as_of
from recommendations.services import asks
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of
from tests.support.past import IMPORTED, LATER, approve, on


def statuses(report, moment, person):
    return [row.whole.derived.status for row in report_as_of(report, moment, person)]


def test_it_stood_as_it_was_known_then(team, tracked, recommendation):
    wrong = approve(team, recommendation, on(6, 1), status=Status.PARTLY)
    # What was found out later about an earlier day was not known on that day.
    approve(team, recommendation, on(7, 10), as_of=on(5, 20).date(), status=Status.CONTRARY)
    approve(team, recommendation, on(8, 1), corrects=wrong, as_of=on(6, 1).date(), status=Status.NO_ACTION)
    stood = {
        moment: statuses(tracked, moment, team["viewer"])[0]
        for moment in (on(6, 1), on(6, 1, 13), on(7, 31), on(8, 1, 13))
    }
    assert list(stood.values()) == [Status.NOT_ASSESSED, Status.PARTLY, Status.PARTLY, Status.NO_ACTION]
    recommendation.refresh_from_db()
    assert recommendation.status == Status.NO_ACTION
    assert report_as_of(tracked, IMPORTED, team["viewer"]) == []


def test_it_was_split_as_it_was_split_then(team, tracked, recommendation):
    approve(team, recommendation, on(6, 1), status=Status.PARTLY)
    ask = asks.add(
        recommendation=recommendation, actor=team["reviewer"], title="One", words="number 1", now=on(6, 10)
    )
    approve(team, recommendation, on(6, 20), ask=ask, status=Status.NO_ACTION)
    asks.retire(ask=ask, actor=team["reviewer"], reason="Wrong.", now=on(7, 1))
    asks.confirm_retiring(ask=ask, actor=team["second"], now=on(7, 1))
    stood = [report_as_of(tracked, moment, team["viewer"])[0] for moment in (on(6, 5), on(6, 25), on(7, 5))]
    assert [row.whole.derived.status for row in stood] == [Status.PARTLY, Status.NO_ACTION, Status.PARTLY]
    assert [row.split for row in stood] == [{}, {"no_action": 1}, {}]


STOOD = ("status", "confidence", "movement", "last_verified_on", "looked_on")


def test_the_present_is_what_the_rows_say(team, tracked, recommendation):
    for day in range(1, 6):
        approve(team, recommendation, on(6, day), status=list(Status)[day])
    for row, one in zip(
        report_as_of(tracked, LATER, team["viewer"]),
        tracked.recommendations.order_by("position"),
        strict=True,
    ):
        assert row.whole.derived.fields() == {
            "current_update": one.current_update,
            **{name: getattr(one, name) for name in STOOD},
        }


def test_a_day_ends_at_its_readers_midnight(team, tracked, recommendation):
    approve(team, recommendation, on(6, 1, 20), status=Status.PARTLY)  # 05:00 on 2 June in Seoul
    told = {}
    for zone in ("UTC", "Asia/Seoul"):
        team["viewer"].time_zone = zone
        team["viewer"].save()
        page = browser_of(team["viewer"]).get("/reports/TIP-2024-KP/as-of/?as_of=2024-06-01")
        told[zone] = "Partly implemented" in text_of(page)
    assert told == {"UTC": True, "Asia/Seoul": False}


@pytest.mark.parametrize("day", ["", "yesterday", "2024-02-31", "1"])
def test_a_day_that_is_none_is_told(team, tracked, day):
    page = text_of(browser_of(team["viewer"]).get(f"/reports/TIP-2024-KP/as-of/?as_of={day}"))
    assert "such as 2026-06-01" in page
    assert "as it stands now" in page


def test_the_page_tells_what_was_corrected_since_and_hides_what_is_restricted(team, tracked, recommendation):
    wrong = approve(team, recommendation, on(6, 1), status=Status.PARTLY, reason="We thought so.")
    approve(team, recommendation, on(8, 1), corrects=wrong, status=Status.NO_ACTION, as_of=on(6, 1).date())
    second = tracked.recommendations.get(position=2)
    factories.approve_restricted(
        team["author"], second, reviewer=team["reviewer"], as_of=on(6, 2).date(), reason="A witness."
    )
    address = reverse("report-as-of", args=[tracked.slug]) + "?as_of=2024-06-30"
    with time_machine.travel(NOW, tick=False):
        page = text_of(browser_of(team["manager"]).get(address))
    assert "We thought so." in page
    assert "Corrected since Thing 1 TIP-2024-KP-01 Partly implemented → to No action" in page
    assert "A witness." not in page
    read_by_one_let_in = text_of(browser_of(team["reviewer"]).get(address))
    assert "A witness." not in read_by_one_let_in and "Not yet assessed" in read_by_one_let_in


def test_a_report_that_was_not_here_yet_says_so(team, tracked):
    page = browser_of(team["viewer"]).get("/reports/TIP-2024-KP/as-of/?as_of=2024-04-01")
    assert "The report had not been imported by that day." in text_of(page)


# Editions ---------------------------------------------------------------------------------------------
