"""The upgrade that makes rows of review dates, each with its source: nothing is due on another day."""

import json

import pytest

from tests.support.places import Elsewhere
from tests.support.processes import fresh_database

pytestmark = pytest.mark.processes

# The tables as they were, with dates of every kind. The fourth recommendation has a date that is answered.
BEFORE = """
import json
from datetime import UTC, date, datetime, timedelta
from django.db import connection
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state([("recommendations", "0052_treaty_bodies")]).apps
model = lambda name: apps.get_model("recommendations", name)
now, day = datetime(2024, 9, 2, tzinfo=UTC), date(2024, 5, 1)
ana, rita = (model("User").objects.create(email=f"{name}@example.org", name=name) for name in ("Ana", "Rita"))
report = model("Report").objects.create(
    country_code="KP", country_name="North Korea", year=2024, tier="3", text="", source_bytes=b"",
    sha256="", period_start=day, period_end=day, tracked_from=day, imported_at=now)
for moment in ({"title": "UPR", "on": date(2024, 11, 11)}, {"title": "UPR", "on": date(2024, 11, 14)}):
    model("Moment").objects.create(kind="upr", kept_by=rita, changed_at=now, **moment)
dates = [
    {},
    {"one_off_on": date(2024, 7, 1)},
    {"one_off_on": date(2024, 12, 1), "further_dates": [
        {"on": on, "before": what}
        for on, what in (("2024-10-24", "UPR"), ("2024-07-20", "HRC"), ("2024-07-25", ""))
    ]},
    {"one_off_on": date(2024, 6, 10), "answered_on": date(2024, 6, 1)},
]
for number, given in enumerate(dates, 1):
    open_days = [date.fromisoformat(one["on"]) for one in given.get("further_dates", [])]
    answered = given.get("answered_on")
    once = given.get("one_off_on")
    open_days += [once] if once and not (answered and answered >= once - timedelta(days=14)) else []
    due = min([(answered or day) + timedelta(days=90), *open_days])
    row = model("Recommendation").objects.create(
        report=report, position=number, reference=f"TIP-2024-KP-0{number}", text="x", start=0, end=1,
        short_title="x", imported_on=day, next_review_on=due, **given)
model("StatusUpdate").objects.create(
    recommendation=row, author=ana, approved_by=rita, kind="assessment", state="approved", status="initial",
    as_of=date(2024, 6, 1), confidence="low",
    **dict.fromkeys(("created_at", "changed_at", "submitted_at", "approved_at"), now))
"""
FOUND = """
import json
from recommendations.models import DatedReason, Recommendation
from recommendations.rules.following import follow
rows = DatedReason.objects.order_by("recommendation", "on")
reasons = [[one.recommendation.position, str(one.on), one.words, bool(one.answered_by)] for one in rows.all()]
due = lambda: {one.position: str(one.next_review_on) for one in Recommendation.objects.all()}
before = due()
for one in Recommendation.objects.all():
    follow(one)
again = [[str(one.on), bool(one.answered_by)] for one in rows.all()]
print(json.dumps([reasons, before, due(), again]))
"""


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """Return (what the upgrade printed, the rows after it)."""
    with fresh_database("dates") as database:
        place = Elsewhere(tmp_path_factory.mktemp("dates") / "data", database)
        assert place.manage("migrate", "recommendations", "0052_treaty_bodies").returncode == 0
        place.shell(BEFORE)
        done = place.manage("migrate")
        assert done.returncode == 0, done.stderr
        yield done.stdout, json.loads(place.shell(FOUND))


def test_each_date_is_a_row_with_its_source(upgraded):
    said, (reasons, *_due) = upgraded
    assert reasons == [
        [2, "2024-07-01", "set for once", False],
        [3, "2024-07-20", "before “HRC”", False],
        [3, "2024-07-25", "set for once", False],
        [3, "2024-10-24", "3 weeks before “UPR”", False],
        [3, "2024-12-01", "set for once", False],
        [4, "2024-06-10", "set for once", True],
    ]
    assert "TIP-2024-KP-03: review on 2024-10-24: 3 weeks before “UPR”." in said
    assert "before “HRC”, which is not in the calendar." in said
    assert "TIP-2024-KP-04: review on 2024-06-10: set for once (done already)." in said


def test_nothing_is_due_on_another_day_then_or_once_it_is_counted_again(upgraded):
    _said, (reasons, due, counted_again, answers) = upgraded
    assert due == {"1": "2024-07-30", "2": "2024-07-01", "3": "2024-07-20", "4": "2024-08-30"}
    assert counted_again == due
    assert answers == [[day, is_answered] for _position, day, _words, is_answered in reasons]
