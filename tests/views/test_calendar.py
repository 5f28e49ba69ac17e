"""The calendar: what comes on which day, for whom, and that it shows nothing that its reader cannot see."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.choices import CalendarKind
from recommendations.models import Recommendation
from recommendations.selectors.calendar import entries_between, late_before
from recommendations.services import review_dates
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
YEAR = timedelta(days=365)


def shown(person, **given):
    found = entries_between(TODAY, TODAY + YEAR, person=person, today=TODAY, **given)
    return [(day, entry.kind, entry.title) for day, entries in found.items() for entry in entries]


def page(person, query=""):
    with time_machine.travel(NOW, tick=False):
        return browser_of(person).get(reverse("calendar") + query)


@pytest.fixture
def one(team, report):
    """A recommendation of Ana's; nothing else of the report comes in the year."""
    report.recommendations.update(next_review_on=TODAY - 2 * YEAR)
    row = report.recommendations.order_by("position").first()
    row.owner, row.next_review_on = team["author"], TODAY + timedelta(days=30)
    row.save()
    return row


def test_it_has_reviews_moments_and_next_steps_in_the_order_of_days(team, one):
    factories.moment(team["manager"], title="Review of the UPR", on=TODAY + timedelta(days=70))
    step = {"next_step": "Ask again", "next_on": TODAY + timedelta(days=40), "next_owner": team["author"]}
    factories.advocacy(team["author"], **step)
    assert shown(team["viewer"]) == [
        (TODAY + timedelta(days=30), CalendarKind.REVIEW, one.short_title),
        (TODAY + timedelta(days=40), CalendarKind.STEP, "Ask again"),
        (TODAY + timedelta(days=70), CalendarKind.MOMENT, "Review of the UPR"),
    ]


def test_a_moment_that_comes_back_is_there_each_time(team, one):
    factories.moment(team["manager"], title="TIP Report", on=date(2023, 6, 20), every_years=1, until=None)
    found = entries_between(date(2024, 1, 1), date(2026, 12, 31), person=team["viewer"], today=TODAY)
    days = [day for day, entries in found.items() if entries[0].kind == CalendarKind.MOMENT]
    assert days == [date(2024, 6, 20), date(2025, 6, 20), date(2026, 6, 20)]


def test_a_date_that_was_set_is_there_once(team, one):
    """As the next review, if it is that; else by itself, with what it is for."""
    near, far = TODAY + timedelta(days=10), TODAY + timedelta(days=50)
    for on, what_for in ((near, "Before the hearing"), (far, "After the hearing")):
        about = {"recommendation": one, "actor": team["reviewer"], "now": NOW}
        review_dates.add_date(on=on, what_for=what_for, **about)
    one.refresh_from_db()
    assert one.next_review_on == near
    found = entries_between(TODAY, TODAY + YEAR, person=team["viewer"], today=TODAY)
    said = {day: [(entry.kind, entry.beside) for entry in entries] for day, entries in found.items()}
    assert said == {
        near: [(CalendarKind.REVIEW, f"{one.reference} · Ana")],
        far: [(CalendarKind.DATE, f"{one.reference} · set for once: “After the hearing” · Ana")],
    }


def test_a_restricted_step_is_there_for_whom_it_is_and_nobody_else(team, one):
    step = {"next_step": "Meet the witness", "next_on": TODAY, "next_owner": team["author"]}
    factories.advocacy(team["author"], sensitivity="restricted", **step)
    assert "Meet the witness" in str(shown(team["author"]))
    for name in ("viewer", "reviewer", "manager"):
        assert "Meet the witness" not in str(shown(team[name])) + words(page(team[name]))
    assert 'class="inside"' in page(team["author"]).content.decode()


def test_ones_own_is_what_one_answers_for(team, one):
    step = {"next_step": "Ask again", "next_on": TODAY + timedelta(days=40), "next_owner": team["other"]}
    factories.advocacy(team["author"], **step)
    factories.moment(team["manager"], title="Review of the UPR")
    assert [title for _day, _kind, title in shown(team["author"], is_own=True)] == [
        one.short_title,
        "Review of the UPR",
    ]
    assert [title for _day, _kind, title in shown(team["other"], is_own=True)] == [
        "Ask again",
        "Review of the UPR",
    ]
    assert "Ask again" not in words(page(team["author"], "?whose=own"))


def test_what_is_overdue_from_earlier_months_is_due_now(team, one):
    Recommendation.objects.filter(pk=one.pk).update(next_review_on=TODAY - timedelta(days=45))
    late = late_before(TODAY.replace(day=1), person=team["viewer"], today=TODAY, is_own=False)
    assert [entry.title for entry in late].count(one.short_title) == 1
    assert "Overdue from earlier months 3" in words(page(team["viewer"]))
    assert "Overdue from earlier months" not in words(page(team["viewer"], "?month=2024-10"))


def test_a_closed_report_and_what_is_done_have_no_days(team, one):
    step = {"next_step": "Ask again", "next_on": TODAY, "next_owner": team["author"]}
    entry = factories.advocacy(team["author"], **step)
    type(entry).objects.update(done_at=NOW)
    type(one.report).objects.update(closed_at=NOW)
    assert shown(team["viewer"]) == []
    said = words(page(team["viewer"]))
    assert "Nothing comes until 31 Aug 2025." in said


@pytest.mark.parametrize("asked", ["2024-13", "soon", "0001-01", "9999-12", "2024-1", "2024-02-01"])
def test_a_month_that_there_is_not_is_said(team, one, asked):
    said = words(page(team["viewer"], f"?month={asked}"))
    assert f"There is no month “{asked}”. This is the present one." in said
    assert "September 2024" in said


@pytest.mark.parametrize("asked", ["2000-01", "2024-02", "2024-12"])
def test_each_month_can_be_opened(team, one, asked):
    assert page(team["viewer"], f"?month={asked}").status_code == 200


def test_more_of_it_costs_no_more_statements(team, one):
    def statements():
        with CaptureQueriesContext(connection) as caught:
            shown(team["viewer"])
        return len(caught)

    statements()
    few = statements()
    for number, row in enumerate(factories.report(count=12, year=2023).recommendations.all()):
        row.next_review_on, row.owner = TODAY + timedelta(days=number), team["author"]
        row.save()
        factories.moment(team["manager"], title=f"Moment {number}")
        factories.advocacy(team["author"], next_step="Go", next_on=TODAY, next_owner=team["other"])
    assert statements() == few
