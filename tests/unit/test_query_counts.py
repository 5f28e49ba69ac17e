"""How many statements each reading page costs: recorded, and the same whatever there is to read.

A change is a line in the diff of ``query_counts.json``. After one that is meant, record anew with
``RECORD_QUERY_COUNTS=1 pytest tests/unit/test_query_counts.py``.
"""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from recommendations.choices import Status
from recommendations.models import Citation, PlaceLooked, Recommendation, StatusUpdate
from tests.support import factories
from tests.support.factories import NOW

RECORD = Path(__file__).with_name("query_counts.json")
RECORDING = os.environ.get("RECORD_QUERY_COUNTS") == "1"
SIZES = {"few": 11, "many": 2000}
# Targets, session and person included (docs: performance); the lists have the saved
# filters on their menu, my work shows three lists more and both it and the desk the
# strip of quarters and the independent origins. A recommendation tells what the team did
# about it, and the next moment.
LIMITS = {"list": 7, "list, filtered": 7, "detail": 9, "home": 12, "desk": 12}

DETAIL = reverse("recommendation-detail", args=["TIP-2024-KP-01"])
LIST = reverse("recommendation-list")
PAGES = {
    "desk": "/desk/",
    "home": reverse("home"),
    "list": LIST,
    "list, filtered": f"{LIST}?q=thing&owner=me&status=no_action&evidence=has&due=overdue&sort=-status",
    "list, nothing found": f"{LIST}?q=xyzzy&owner=me",
    "detail": DETAIL,
    "updates": reverse("update-list"),
    "updates, filtered": reverse("update-list") + "?since=2024-08-01&moved=no&q=thing&author=me",
    "report": reverse("report-detail", args=["TIP-2024-KP"]),
    "reports": reverse("report-list"),
}


def fill(team, *, count):
    """Make a report in which every recommendation has an owner, three updates, evidence and places."""
    factories.report(count=count)
    factories.report(year=2023, count=2, closed_at=NOW)
    Recommendation.objects.update(
        owner=team["reviewer"], status=Status.NO_ACTION, next_review_on=NOW.date() - timedelta(days=1)
    )
    ids = Recommendation.objects.values_list("pk", flat=True)
    updates = StatusUpdate.objects.bulk_create(
        factories.unsaved_assessment(pk, team, days) for pk in ids for days in range(3)
    )
    items = [factories.link(team["author"], f"Item {number}") for number in range(3)]
    Citation.objects.bulk_create(Citation(update=one, evidence=item) for one in updates for item in items)
    PlaceLooked.objects.bulk_create(
        PlaceLooked(update=one, position=1, place="KCNA", looked_on=one.as_of) for one in updates
    )


@pytest.fixture(params=SIZES)
def filled(request, team):
    """A few recommendations, or 2,000."""
    fill(team, count=SIZES[request.param])
    return request.param


def test_each_page_costs_what_is_recorded_at_11_and_at_2000_recommendations(client, team, filled):
    client.force_login(team["reviewer"])
    counts = {name: statements(client, address) for name, address in PAGES.items()}
    if RECORDING:
        RECORD.write_text(json.dumps(counts, indent=2) + "\n")
    assert counts == json.loads(RECORD.read_text())


def statements(client, address):
    """Return how many statements a page costs a signed-in person."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_what_is_recorded_keeps_to_the_targets():
    counts = json.loads(RECORD.read_text())
    assert {name for name, limit in LIMITS.items() if counts[name] > limit} == set()
