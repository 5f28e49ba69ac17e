"""The upgrade that lets moments come back: every moment and every review date before one stays as it was."""

import json

import pytest

from tests.support.places import Elsewhere
from tests.support.processes import fresh_database

pytestmark = pytest.mark.processes

BEFORE = """
from datetime import UTC, date, datetime
from django.db import connection
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state([("recommendations", "0076_api_tokens")]).apps
model = lambda name: apps.get_model("recommendations", name)
now, day = datetime(2024, 9, 2, tzinfo=UTC), date(2024, 5, 1)
rita = model("User").objects.create(email="rita@example.org", name="Rita")
report = model("Report").objects.create(
    country_code="KP", country_name="North Korea", year=2024, tier="3", text="", source_bytes=b"",
    sha256="", period_start=day, period_end=day,
    released_on=day, imported_at=now)
row = model("Recommendation").objects.create(
    report=report, position=1, reference="TIP-2024-KP-01", text="x", start=0, end=1, short_title="x",
    imported_on=day, next_review_on=date(2024, 7, 30))
of = {"kept_by": rita, "changed_at": now}
moment = model("Moment").objects.create(kind="treaty_body", title="CRC", on=date(2024, 11, 14), **of)
model("Moment").objects.create(kind="upr", title="UPR", on=date(2024, 2, 29), note="Fourth cycle", **of)
dated = {"recommendation": row, "set_at": now}
model("DatedReason").objects.create(
    on=date(2024, 10, 24), source="moment", moment=moment, weeks_before=3, **dated)
model("DatedReason").objects.create(on=date(2024, 12, 1), source="one_off", what_for="A hearing", **dated)
"""
FOUND = """
import json
from recommendations.models import DatedReason, Moment
print(json.dumps([
    [[one.kind, one.title, str(one.on), one.note, one.rhythm] for one in Moment.objects.order_by("on")],
    [[str(one.on), str(one.moment_on), one.words] for one in DatedReason.objects.order_by("on")],
]))
"""


def test_every_moment_and_every_date_before_one_stays(tmp_path):
    with fresh_database("moments") as database:
        place = Elsewhere(tmp_path / "data", database)
        assert place.manage("migrate", "recommendations", "0076_api_tokens").returncode == 0
        place.shell(BEFORE)
        done = place.manage("migrate")
        assert done.returncode == 0, done.stderr
        moments, dates = json.loads(place.shell(FOUND))
        assert moments == [
            ["upr", "UPR", "2024-02-29", "Fourth cycle", ""],
            ["treaty_body", "CRC", "2024-11-14", "", ""],
        ]
        assert dates == [
            ["2024-10-24", "2024-11-14", "3 weeks before “CRC”"],
            ["2024-12-01", "None", "set for once: “A hearing”"],
        ]
