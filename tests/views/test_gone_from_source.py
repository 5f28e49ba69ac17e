"""A recommendation that the newest source version does not have: in no list, count or mail, and readable."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.models import Recommendation
from recommendations.selectors.dashboard import dashboard
from recommendations.selectors.matrix import Matrices
from recommendations.selectors.reminder_planner import ReminderPlanner
from tests.support import factories
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tests.support.versions import FIRST, bring, first, narrative

pytestmark = pytest.mark.django_db
GONE = "TIP-2024-KP-03"


@pytest.fixture
def report(team):
    """A report whose third recommendation is assessed, owned, due, and gone from the newest version."""
    report = first(*FIRST)
    third = report.recommendations.get(position=3)
    factories.approve(team["author"], third, reviewer=team["reviewer"])
    report.recommendations.update(owner=team["author"], next_review_on=NOW.date())
    bring(report, narrative(*FIRST[:2]), actor=team["manager"])
    return report


def test_no_count_has_it(team, report):
    found = dashboard(team["reviewer"], report, NOW.date())
    assert (found.numbers.total, len(found.rows)) == (2, 2)
    assert [one.reference for one in Matrices(team["reviewer"]).recommendations] == [
        "TIP-2024-KP-01",
        "TIP-2024-KP-02",
    ]


def test_nobody_is_reminded_of_it(team, report):
    due = ReminderPlanner(NOW + timedelta(days=1)).due_items_of({team["author"].pk: team["author"]})
    told = {item.recommendation.reference for item in due[team["author"].pk]}
    assert told == {"TIP-2024-KP-01", "TIP-2024-KP-02"}


@pytest.mark.parametrize(
    "address",
    [
        reverse("recommendation-list"),
        reverse("recommendation-list") + "?report=TIP-2024-KP",
        reverse("home"),
        reverse("report-claims", args=["TIP-2024-KP"]),
        reverse("advocacy-add"),
    ],
)
def test_no_list_has_it(team, report, address):
    assert GONE not in browser_of(team["author"]).get(address).content.decode()


def test_it_can_be_read_with_everything_on_it(team, report):
    page = browser_of(team["author"]).get(reverse("recommendation-detail", args=[GONE]))
    said = words(page)
    assert "Not in source version 2 of the report." in said
    assert "None: the source does not have it any more" in said
    assert "Log an update" not in said
    assert (
        Recommendation.objects.get(reference=GONE).updates.get().get_absolute_url() in page.content.decode()
    )
