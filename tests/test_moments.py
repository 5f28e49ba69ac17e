"""The calendar of moments: who keeps it, and the review dates that are set from it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.choices import EventKind
from recommendations.models import Event, Moment, Recommendation
from tests.cast import NOW
from tests.pages import browser_of
from tests.reading import text_of
from tests.test_advocacy import clock  # noqa: F401 (used by itself)

TODAY = NOW.date()
MOMENTS = reverse("moments")


@pytest.fixture
def upr(team):
    """A moment ten weeks ahead, kept through the page."""
    on = TODAY + timedelta(weeks=10)
    given = {"kind": "upr", "title": "UPR of the DPRK", "on": on.isoformat(), "note": "Fourth cycle"}
    browser_of(team["manager"]).post(MOMENTS, given)
    return Moment.objects.get()


def test_a_manager_keeps_the_calendar_and_nobody_else(team, upr):
    assert "UPR of the DPRK" in text_of(browser_of(team["viewer"]).get(MOMENTS))
    browser_of(team["reviewer"]).post(MOMENTS, {"kind": "hrc", "title": "HRC 57", "on": "2024-09-09"})
    assert Moment.objects.count() == 1
    assert browser_of(team["reviewer"]).post(reverse("moment", args=[upr.pk])).status_code == 403
    browser_of(team["manager"]).post(reverse("moment", args=[upr.pk]), {"act": "drop"})
    assert Moment.objects.exists(), "the page asks first"
    browser_of(team["manager"]).post(reverse("moment", args=[upr.pk]), {"act": "drop", "confirmed": "yes"})
    assert not Moment.objects.exists()


def test_the_same_moment_sent_twice_is_in_the_calendar_once(team):
    mina = browser_of(team["manager"])
    for title in ("UPR", "UPR", "Third Committee"):
        page = mina.post(
            MOMENTS, {"kind": "upr", "title": title, "on": "2024-11-01", "note": ""}, follow=True
        )
        assert f"“{title}” is in the calendar." in text_of(page)
    assert sorted(Moment.objects.values_list("title", flat=True)) == ["Third Committee", "UPR"]
    assert Event.objects.filter(kind=EventKind.MOMENT_KEPT).count() == 2


def test_review_dates_are_set_three_weeks_before_for_some_at_once(team, report, upr):
    first, second, third = report.recommendations.order_by("position")
    dates = reverse("before-moment", args=[upr.pk])
    page = browser_of(team["reviewer"]).get(dates)
    assert page.context["form"]["weeks"].value() == 3
    answer = browser_of(team["reviewer"]).post(
        dates, {"weeks": 3, "recommendations": [first.pk, third.pk]}, follow=True
    )
    day = upr.on - timedelta(weeks=3)
    assert f"Review on {day.day}" in text_of(answer)
    for row, moved in ((first, True), (second, False), (third, True)):
        row.refresh_from_db()
        assert (row.next_review_on == day) is moved
    assert Event.objects.filter(kind=EventKind.RESCHEDULED).count() == 2


def test_a_date_that_is_past_is_refused_row_by_row(team, report, upr):
    dates = reverse("before-moment", args=[upr.pk])
    rows = [row.pk for row in report.recommendations.all()]
    answer = browser_of(team["reviewer"]).post(dates, {"weeks": 12, "recommendations": rows}, follow=True)
    assert text_of(answer).count("not done. This date is past.") == 3
    assert not Recommendation.objects.exclude(one_off_on=None).exists()


def test_a_moment_with_a_mistyped_year_can_still_be_put_right(team):
    manager = browser_of(team["manager"])
    assert "Give its date." in text_of(manager.post(MOMENTS, {"kind": "upr", "title": "UPR", "on": ""}))
    manager.post(MOMENTS, {"kind": "upr", "title": "UPR", "on": "2004-11-01"})
    change = reverse("moment", args=[Moment.objects.get().pk])
    assert change in manager.get(MOMENTS).content.decode()
    assert change not in browser_of(team["reviewer"]).get(MOMENTS).content.decode()
