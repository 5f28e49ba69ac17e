"""The calendar of moments: who keeps it, and the review dates that are set from it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from recommendations.choices import EventKind
from recommendations.models import DatedReason, Event, Moment
from recommendations.services import integrity
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

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
    assert text_of(answer).count("not done. This date is in the past.") == 3
    assert not DatedReason.objects.exists()


def test_a_moment_with_a_mistyped_year_can_still_be_put_right(team):
    manager = browser_of(team["manager"])
    assert "Enter its date." in text_of(manager.post(MOMENTS, {"kind": "upr", "title": "UPR", "on": ""}))
    manager.post(MOMENTS, {"kind": "upr", "title": "UPR", "on": "2004-11-01"})
    change = reverse("moment", args=[Moment.objects.get().pk])
    assert change in manager.get(MOMENTS).content.decode()
    assert change not in browser_of(team["reviewer"]).get(MOMENTS).content.decode()


def set_before(person, moment, weeks, *rows):
    given = {"weeks": weeks, "recommendations": [row.pk for row in rows]}
    return browser_of(person).post(reverse("before-moment", args=[moment.pk]), given, follow=True)


def open_words(recommendation):
    return [one.words for one in recommendation.dated_reasons.still_open()]


def test_a_moment_overwrites_neither_the_interval_nor_an_earlier_moment(team, recommendation, upr):
    """The first one set is for November; later ones, the desk's and a one-off date, leave it standing."""
    late = factories.moment(team["manager"], kind="hrc", title="HRC", on=date(2025, 3, 1))
    rita = team["reviewer"]
    set_before(rita, upr, 3, recommendation)
    set_before(rita, late, 3, recommendation)
    recommendation.refresh_from_db()
    assert recommendation.next_review_on == upr.on - timedelta(weeks=3)
    page = text_of(browser_of(rita).get(recommendation.get_absolute_url()))
    assert f"3 weeks before “{upr.title}”" in page
    assert "8 Feb 2025: 3 weeks before “HRC”" in page
    desk = reverse("admin:recommendations_recommendation_changelist")
    several = {"action": "set_date", "_selected_action": [recommendation.pk], "step": "confirmed"}
    browser_of(rita).post(desk, {**several, "day": "2025-06-01"})
    address = reverse("review-dates", args=[recommendation.reference])
    browser_of(rita).post(address, {"source": "promise", "on": "2025-05-01", "what_for": "A new law"})
    recommendation.refresh_from_db()
    assert recommendation.next_review_on == upr.on - timedelta(weeks=3)
    rest = ["3 weeks before “HRC”", "promised by the government: “A new law”", "set for once"]
    assert open_words(recommendation) == [f"3 weeks before “{upr.title}”", *rest]
    # Answered one after the other; what is left is the earliest of the interval and the rest.
    factories.approve(team["author"], recommendation, reviewer=rita, as_of=upr.on - timedelta(weeks=4))
    assert recommendation.next_review_on == upr.on - timedelta(weeks=4) + timedelta(days=90)
    assert open_words(recommendation) == rest
    assert list(integrity.CHECKS["Statuses follow from approved updates"]()) == []


def test_a_date_later_than_the_interval_does_not_put_the_review_off(team, recommendation):
    set_before(team["reviewer"], factories.moment(team["manager"], on=date(2025, 6, 1)), 3, recommendation)
    recommendation.refresh_from_db()
    assert recommendation.next_review_on == NOW.date() + timedelta(days=90)


def test_the_same_date_twice_is_one(team, recommendation, upr):
    for _ in range(2):
        set_before(team["reviewer"], upr, 3, recommendation)
    assert recommendation.dated_reasons.count() == 1
    assert Event.objects.filter(kind=EventKind.RESCHEDULED).count() == 1


def test_the_dates_before_a_moment_move_with_it(team, report, upr):
    first, second, third = report.recommendations.order_by("position")
    set_before(team["reviewer"], upr, 3, first, third)
    later = upr.on + timedelta(weeks=1)
    fields = {"kind": "upr", "title": "The session", "on": later.isoformat(), "note": ""}
    browser_of(team["manager"]).post(reverse("moment", args=[upr.pk]), fields)
    for row in (first, second, third):
        row.refresh_from_db()
    day = later - timedelta(weeks=3)
    assert [row.next_review_on == day for row in (first, second, third)] == [True, False, True]
    assert "3 weeks before “The session”" in text_of(browser_of(team["viewer"]).get(first.get_absolute_url()))
    moved = Event.objects.filter(kind=EventKind.RESCHEDULED, actor=team["manager"])
    assert {event.recommendation for event in moved} == {first, third}
    assert list(integrity.CHECKS["Statuses follow from approved updates"]()) == []


def test_a_moment_that_only_gets_another_note_moves_nothing(team, recommendation, upr):
    set_before(team["reviewer"], upr, 3, recommendation)
    fields = {"kind": "upr", "title": upr.title, "on": upr.on.isoformat(), "note": "In Geneva"}
    browser_of(team["manager"]).post(reverse("moment", args=[upr.pk]), fields)
    assert not Event.objects.filter(kind=EventKind.RESCHEDULED, actor=team["manager"]).exists()


def test_the_dates_before_a_deleted_moment_go_and_the_answered_ones_stay_as_history(team, report, upr):
    done, waits, _third = report.recommendations.order_by("position")
    set_before(team["reviewer"], upr, 3, done, waits)
    day = upr.on - timedelta(weeks=3)
    factories.approve(team["author"], done, reviewer=team["reviewer"], as_of=day - timedelta(days=14))
    moment = reverse("moment", args=[upr.pk])
    mina = browser_of(team["manager"])
    asked = text_of(mina.post(moment, {"act": "drop"}))
    assert f"Review dates that were set before it are removed too: {waits.reference}." in asked
    mina.post(moment, {"act": "drop", "confirmed": "yes"})
    waits.refresh_from_db()
    assert waits.next_review_on == NOW.date() + timedelta(days=90) and not waits.dated_reasons.exists()
    page = text_of(mina.get(reverse("review-dates", args=[done.reference])))
    assert f"before “{upr.title}”: answered by the assessment of 7 Oct 2024" in page


def test_a_date_that_a_verification_answers_already_is_not_said_to_be_set(team, recommendation, upr):
    day = upr.on - timedelta(weeks=3)
    factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], as_of=day - timedelta(days=14)
    )
    page = text_of(set_before(team["reviewer"], upr, 3, recommendation))
    assert "so this review is already done." in page and "Review on" not in page
    assert not recommendation.dated_reasons.exists()
