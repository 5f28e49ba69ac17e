"""The facts of a report: asked for at the import, and corrected by a manager with a record of it."""

from datetime import date

import pytest
from django.urls import reverse

from recommendations.choices import EventKind
from recommendations.models import Event, Report
from recommendations.selectors.report_work import has_work
from tests.support.edits import sent
from tests.support.importing import IMPORT, NARRATIVE, confirm, last_step, upload
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


def facts(report):
    """Return the address of the form."""
    return reverse("report-facts", args=[report.slug])


def correct(person, report, **changed):
    """Open the form, change some fields and save. Returns: the answer."""
    browser = browser_of(person)
    form = browser.get(facts(report)).context["form"]
    return browser.post(facts(report), sent(form, **changed), follow=True)


def bring(manager, **given):
    """Import the shipped narrative with what is typed beside it. Returns: the answer."""
    browser = browser_of(manager)
    return confirm(browser, upload(browser, NARRATIVE), **given)


def test_the_known_day_of_release_is_offered_and_what_is_typed_is_kept(team):
    browser = browser_of(team["manager"])
    offered = last_step(browser, upload(browser, NARRATIVE))
    assert offered.context["form"]["released_on"].value() == date(2024, 6, 24)
    bring(team["manager"], released_on="2024-06-25", source_url="https://www.state.gov/reports/")
    report = Report.objects.get()
    assert (report.released_on, report.source_url) == (date(2024, 6, 25), "https://www.state.gov/reports/")
    assert (report.period_start, report.period_end) == (date(2023, 4, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "required"),
        ("2031-06-24", "This day is in the future."),
        ("2022-06-24", "The report of 2024 was released in 2024 or 2025."),
        ("2024-01-05", "A report is released after the days that it covers."),
        ("2024-02-30", "Enter a valid date"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_nothing_that_was_brought_is_lost(team, typed, said):
    answer = bring(team["manager"], released_on=typed, source_url="https://www.state.gov/reports/")
    text = text_of(answer)
    assert said in text
    assert "Import 11 recommendations" in text, "the preview is shown again"
    assert answer.context["form"]["source_url"].value() == "https://www.state.gov/reports/"
    assert not Report.objects.exists()
    confirm(browser_of(team["manager"]), answer, released_on="2024-06-24")
    assert Report.objects.get().released_on == date(2024, 6, 24)


def test_a_pasted_narrative_is_read_as_the_file_is(team):
    browser = browser_of(team["manager"])
    pasted = NARRATIVE.decode().replace("\n", "\r\n")
    done = confirm(browser, browser.post(IMPORT, {"pasted": pasted}, follow=True))
    report = Report.objects.get()
    assert done.url == report.get_absolute_url()
    assert report.recommendations.count() == 11
    assert (report.text, report.source_name) == (NARRATIVE.decode().strip(), "")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Paste the text of the narrative, or choose a document with it."),
        ({"pasted": "Dear all, lunch is at noon."}, "Paste the country narrative"),
        ({"pasted": "x" * (1024 * 1024 + 1)}, "larger than 1 MB"),
    ],
)
def test_what_is_pasted_and_is_no_narrative_is_refused_and_kept(team, given, said):
    answer = browser_of(team["manager"]).post(IMPORT, given)
    assert said in text_of(answer)
    assert answer.context["form"]["pasted"].value() == given.get("pasted")
    assert not Report.objects.exists()


def test_a_paste_and_a_file_at_once_are_not_guessed_between(team):
    answer = upload(browser_of(team["manager"]), NARRATIVE, pasted=NARRATIVE.decode())
    assert "not both" in text_of(answer)
    assert not Report.objects.exists()


def test_a_manager_corrects_the_facts_and_the_record_keeps_what_was_said(team, report):
    answer = correct(team["manager"], report, released_on=date(2024, 6, 20), tier="2")
    assert "are saved" in text_of(answer)
    report.refresh_from_db()
    assert (report.released_on, report.tier) == (date(2024, 6, 20), "2")
    event = Event.objects.get(kind=EventKind.FACTS_CORRECTED)
    assert event.payload["before"] == {"tier": "3", "released_on": "2024-06-24"}
    assert event.payload["after"] == {"tier": "2", "released_on": "2024-06-20"}
    assert event.actor == team["manager"] and event.report == report
    correct(team["manager"], report)
    assert Event.objects.filter(kind=EventKind.FACTS_CORRECTED).count() == 1, "nothing changed"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"released_on": date(2031, 1, 1)}, "This day is in the future."),
        ({"period_end": date(2024, 8, 1)}, "A report is released after the days that it covers."),
        ({"period_end": date(2023, 1, 1)}, "The last day is before the first."),
        ({"source_url": "javascript:alert(1)"}, "Enter a valid URL"),
    ],
)
def test_facts_that_cannot_be_are_refused_and_stay_typed(team, report, changed, said):
    answer = correct(team["manager"], report, **changed)
    assert said in text_of(answer)
    ((name, value),) = changed.items()
    assert str(answer.context["form"][name].value()) == str(value)
    assert not Event.objects.filter(kind=EventKind.FACTS_CORRECTED).exists()


def test_a_correction_of_the_facts_is_no_work_on_a_report(team):
    confirm(browser_of(team["manager"]), upload(browser_of(team["manager"]), NARRATIVE))
    report = Report.objects.get()
    correct(team["manager"], report, source_url="https://www.state.gov/reports/")
    assert not has_work(report), "its import can still be undone"


@pytest.mark.parametrize("role", ["viewer", "author", "reviewer"])
def test_only_managers_correct_facts(team, report, role):
    browser = browser_of(team[role])
    assert browser.get(facts(report)).status_code == 403
    assert browser.post(facts(report), {"tier": "1"}).status_code == 403
    assert "Correct the facts" not in text_of(browser.get(report.get_absolute_url()))
