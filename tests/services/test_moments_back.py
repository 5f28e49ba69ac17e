"""Moments that come back: their next days, the review dates before one of them, and on what they bear."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from recommendations.models import DatedReason, Moment
from recommendations.services import integrity
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

MOMENTS = reverse("moments")
TODAY = NOW.date()
YEARLY = {"kind": "tip_release", "title": "TIP Report", "on": "2024-06-24", "every_years": "1", "note": ""}


@pytest.fixture
def yearly(team):
    browser_of(team["manager"]).post(MOMENTS, YEARLY)
    return Moment.objects.get()


def change(person, moment, **given):
    address = reverse("moment", args=[moment.pk])
    form = browser_of(person).get(address).context["form"]
    posted = {**YEARLY, "seen": form.initial["seen"], **given}
    return text_of(browser_of(person).post(address, posted, follow=True))


def set_before(person, moment, *rows, **given):
    posted = {"weeks": 3, "recommendations": [row.pk for row in rows], **given}
    return text_of(browser_of(person).post(reverse("before-moment", args=[moment.pk]), posted, follow=True))


def test_its_next_day_is_in_the_calendar_on_the_page_and_in_the_log(team, recommendation, yearly):
    assert yearly.on < TODAY
    page = text_of(browser_of(team["viewer"]).get(MOMENTS))
    assert "every year" in page
    assert "24 Jun 2025" in page
    assert "TIP Report, 24 Jun 2024" in page  # among the past ones
    assert "24 Jun 2025" in text_of(browser_of(team["viewer"]).get(reverse("advocacy-list")))
    detail = text_of(browser_of(team["author"]).get(recommendation.get_absolute_url()))
    assert "Next moment: TIP Report, 24 Jun 2025" in detail


def test_one_that_has_ended_is_past(team, yearly):
    change(team["manager"], yearly, until="2024-12-31")
    page = text_of(browser_of(team["viewer"]).get(MOMENTS))
    assert "There is no upcoming moment." in page


def test_an_end_needs_a_rhythm_and_lies_after_the_beginning(team):
    manager = browser_of(team["manager"])
    page = text_of(manager.post(MOMENTS, {**YEARLY, "every_years": "", "until": "2026-01-01"}))
    assert "Choose how often it comes back, or leave the end empty." in page
    page = text_of(manager.post(MOMENTS, {**YEARLY, "until": "2024-01-01"}))
    assert "It ends before it begins." in page
    assert not Moment.objects.exists()
    for rhythm in ("7", "-1", "x", "99999999999999999999"):
        assert manager.post(MOMENTS, {**YEARLY, "every_years": rhythm}).status_code == 200
    assert not Moment.objects.exists()


def test_two_people_who_change_end_and_rhythm_at_once_are_told_and_nothing_breaks(team, yearly):
    mark = factories.person("Mark", "Manager")
    seen = browser_of(mark).get(reverse("moment", args=[yearly.pk])).context["form"].initial["seen"]
    change(team["manager"], yearly, every_years="")
    page = change(mark, yearly, until="2030-01-01", seen=seen)
    assert "Saved." not in page
    yearly.refresh_from_db()
    assert (yearly.every_years, yearly.until) == (None, None)


def test_review_dates_are_set_before_the_day_that_is_chosen(team, report, yearly):
    first, second, _third = report.recommendations.order_by("position")
    offered = browser_of(team["reviewer"]).get(reverse("before-moment", args=[yearly.pk])).context["form"]
    days = [day for day, _words in offered.fields["before_day"].choices]
    assert days == ["2025-06-24", "2026-06-24", "2027-06-24"]
    set_before(team["reviewer"], yearly, first)
    set_before(team["reviewer"], yearly, first, second, before_day="2026-06-24")
    set_before(team["reviewer"], yearly, second, before_day="2026-06-25")
    dates = list(DatedReason.objects.order_by("on", "recommendation").values_list("on", flat=True))
    assert dates == [date(2025, 6, 3), date(2026, 6, 3), date(2026, 6, 3)]
    assert first.dated_reasons.earliest("on").words == "3 weeks before “TIP Report 2025”"


def test_the_dates_before_its_days_move_with_them_and_each_stays_in_its_year(team, recommendation, yearly):
    set_before(team["reviewer"], yearly, recommendation)
    set_before(team["reviewer"], yearly, recommendation, before_day="2026-06-24")
    change(team["manager"], yearly, on="2025-07-01")
    days = list(recommendation.dated_reasons.order_by("on").values_list("on", flat=True))
    assert days == [date(2025, 6, 10), date(2026, 6, 10)]
    assert list(integrity.CHECKS["Statuses follow from approved updates"]()) == []


def test_it_does_not_end_before_a_day_that_a_review_is_set_before(team, recommendation, yearly):
    set_before(team["reviewer"], yearly, recommendation, before_day="2026-06-24")
    page = change(team["manager"], yearly, until="2025-12-31")
    assert f"Nothing was changed: the review of {recommendation.reference} is set before 24 Jun 2026" in page
    yearly.refresh_from_db()
    assert yearly.until is None
    assert recommendation.dated_reasons.get().moment_on == date(2026, 6, 24)


def test_an_answered_date_stays_where_it_was_when_a_moment_comes_back_no_more(team, recommendation, yearly):
    set_before(team["reviewer"], yearly, recommendation)
    due = recommendation.dated_reasons.get().on
    rita, as_of = team["reviewer"], due - timedelta(days=1)
    factories.approve(team["author"], recommendation, reviewer=rita, as_of=as_of)
    change(team["manager"], yearly, every_years="")
    kept = recommendation.dated_reasons.get()
    assert (kept.on, kept.moment_on) == (due, date(2025, 6, 24))


def test_it_bears_on_those_that_it_names_or_on_all(team, report, yearly):
    first, second, _third = report.recommendations.order_by("position")
    change(team["manager"], yearly, recommendations=[second.pk])
    author = browser_of(team["author"])
    assert "Next moment" not in text_of(author.get(first.get_absolute_url()))
    assert "Next moment: TIP Report" in text_of(author.get(second.get_absolute_url()))
    assert f"Bears on {second.reference}" in text_of(author.get(MOMENTS))
    factories.moment(team["manager"], title="Third Committee", on=date(2025, 1, 7))
    for row in (first, second):
        assert "Next moment: Third Committee" in text_of(author.get(row.get_absolute_url()))
    offered = browser_of(team["reviewer"]).get(reverse("before-moment", args=[yearly.pk])).context["form"]
    assert offered["recommendations"].value() == [second.pk]


def test_a_recommendation_that_is_not_there_is_refused_and_nothing_typed_is_lost(team, report, yearly):
    given = {**YEARLY, "title": "Other", "recommendations": ["999999"]}
    page = browser_of(team["manager"]).post(MOMENTS, given)
    assert page.status_code == 200
    assert "Other" in page.content.decode()
    assert Moment.objects.count() == 1
