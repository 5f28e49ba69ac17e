"""The list of the advocacy log: its filters, and the file that it is exported to."""

from datetime import date

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Sensitivity
from recommendations.models import Event, SavedFilter
from tests.support import factories
from tests.support.exports import content, rows_of, take_out
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

LIST = reverse("advocacy-list")


@pytest.fixture(autouse=True)
def own_scratch(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def log(team, report):
    """Three entries of Ana and Omar, and a restricted one of Ana's alone."""
    first, second, _third = report.recommendations.order_by("position")
    step = {"next_step": "Send it", "next_on": NOW.date() + 9 * DAY, "next_owner": team["other"]}
    factories.advocacy(team["author"], subject="The camps", recommendations=[first, second], **step)
    factories.advocacy(team["other"], subject="The code", kind="letter", held_on=date(2024, 3, 1))
    factories.advocacy(team["other"], subject="A briefing", kind="briefing", recommendations=[second])
    factories.advocacy(team["author"], subject="Canary", sensitivity=Sensitivity.RESTRICTED)


def listed(person, query):
    """Return the subjects that a person finds, in the order of the list."""
    page = browser_of(person).get(f"{LIST}?{query}")
    assert page.status_code == 200
    return [entry.subject for entry in page.context["page"]]


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("", ["A briefing", "The camps", "The code"]),
        ("kind=letter", ["The code"]),
        ("recommendation=tip-2024-kp-02", ["A briefing", "The camps"]),
        ("recommendation=TIP-2024-KP-01", ["The camps"]),
        ("since=2024-03-02", ["A briefing", "The camps"]),
        ("until=2024-03-01", ["The code"]),
        ("since=2024-03-01&until=2024-03-01", ["The code"]),
        ("q=camps+desk", ["The camps"]),
        ("q=canary", []),
        ("steps=open", ["The camps"]),
        ("sort=on", ["The code", "The camps", "A briefing"]),
    ],
)
def test_each_filter_keeps_what_it_says_and_nothing_that_the_reader_cannot_see(team, log, query, subjects):
    assert listed(team["viewer"], query) == subjects


def test_a_person_is_who_logged_it_or_takes_its_next_step(team, log):
    assert listed(team["viewer"], f"person={team['author'].pk}") == ["The camps"]
    assert listed(team["viewer"], f"person={team['other'].pk}") == ["A briefing", "The camps", "The code"]
    assert listed(team["author"], "person=me") == ["Canary", "The camps"]
    assert listed(team["other"], "steps=mine") == ["The camps"]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("kind=bogus", "“bogus” is not one of the choices."),
        ("since=soon", "Give a date as year, month and day, such as 2024-03-01."),
        ("person=-1", "“-1” is not one of the choices."),
    ],
)
def test_a_value_that_does_not_exist_is_told(team, log, query, message):
    page = browser_of(team["viewer"]).get(f"{LIST}?{query}")
    assert message in text_of(page)
    assert list(page.context["page"]) == []


def test_the_file_has_the_rows_of_the_list_and_says_what_they_are_about(team, log):
    data = content(take_out(team["viewer"], "advocacy", "?recommendation=TIP-2024-KP-02&sort=on"))
    asked = {"query": "?recommendation=TIP-2024-KP-02&sort=on", "made_as": "zip"}
    face, head, rows = rows_of(content(take_out(team["viewer"], "advocacy", **asked)))
    assert "Filters: Reference of the recommendation: TIP-2024-KP-02" in face
    about, kind = head.index("Recommendations"), head.index("What it was")
    assert [(row[kind], row[about]) for row in rows] == [
        ("Meeting", "TIP-2024-KP-01, TIP-2024-KP-02"),
        ("Briefing of a treaty body", "TIP-2024-KP-02"),
    ]
    assert b"Canary" not in data


def test_restricted_entries_go_out_only_to_who_asks_for_them_and_no_event_tells_of_them(team, log):
    assert b"Canary" not in content(take_out(team["author"], "advocacy"))
    data = content(take_out(team["author"], "advocacy", level="restricted"))
    assert b"Canary" in data
    assert b"Canary" not in content(take_out(team["other"], "advocacy", level="restricted"))
    told = Event.objects.filter(kind=EventKind.EXPORTED).order_by("seq")
    assert [event.payload["rows"] for event in told] == [3, 3, 3], "nor is it counted"


def test_what_is_published_is_no_choice_since_nothing_of_the_log_is(team, log):
    page = browser_of(team["author"]).get(reverse("export", args=["advocacy"]))
    assert "What is published" not in text_of(page)
    refused = take_out(team["author"], "advocacy", level="public")
    assert not refused.streaming and not Event.objects.filter(kind=EventKind.EXPORTED).exists()


def test_its_filters_are_saved_under_a_name(team, log):
    address = reverse("saved-filters", args=["advocacy"])
    browser_of(team["author"]).post(f"{address}?kind=letter&page=2", {"name": "Letters"})
    saved = SavedFilter.objects.get()
    assert saved.get_absolute_url() == f"{LIST}?kind=letter"
    assert "Letters" in text_of(browser_of(team["author"]).get(LIST))
