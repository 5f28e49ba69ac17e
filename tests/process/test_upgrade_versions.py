"""The upgrade that gives each report its first source version: what it says, and nothing of it changes."""

import json

import pytest

from tests.support.places import Elsewhere
from tests.support.processes import fresh_database

pytestmark = pytest.mark.processes

# The tables as they were: a report of which a list was cut, and an ask of one of its recommendations.
BEFORE = """
import hashlib
from datetime import UTC, date, datetime
from django.db import connection
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state([("recommendations", "0071_lines_before_import")]).apps
model = lambda name: apps.get_model("recommendations", name)
now, day = datetime(2024, 9, 2, tzinfo=UTC), date(2024, 5, 1)
mina = model("User").objects.create(email="mina@example.org", name="Mina")
text = "Do this. Do that"
report = model("Report").objects.create(
    country_code="KP", country_name="North Korea", year=2024, tier="3", text=text, source_bytes=text.encode(),
    sha256=hashlib.sha256(text.encode()).hexdigest(), source_name="kp.txt", complete=False,
    warnings=["It is cut."], period_start=day, period_end=day, released_on=day, imported_at=now,
    imported_by=mina)
model("Section").objects.create(report=report, kind="recommendations", heading="", start=0, end=16)
for number, (start, end) in enumerate([(0, 8), (9, 16)], 1):
    row = model("Recommendation").objects.create(
        report=report, position=number, reference=f"TIP-2024-KP-0{number}", text=text[start:end], start=start,
        end=end, short_title="x", imported_on=day, next_review_on=day)
model("Ask").objects.create(recommendation=row, position=1, title="An ask", start=0, end=2, created_at=now)
"""
FOUND = """
import json
from recommendations.models import Ask, Report, SourceVersion
version = SourceVersion.objects.get()
print(json.dumps([
    [version.number, version.reason, version.source_name, str(version.brought_by)],
    [version.brought_at.isoformat(), version.complete, version.warnings, version.text],
    [bytes(version.source_bytes).decode(), version.sections],
    [[one.recommendation.reference, one.position, one.text] for one in version.wordings.order_by("position")],
    Ask.objects.get().words,
]))
"""


def test_each_report_has_its_first_version_and_everything_stays(tmp_path):
    with fresh_database("versions") as database:
        place = Elsewhere(tmp_path / "data", database)
        assert place.manage("migrate", "recommendations", "0071_lines_before_import").returncode == 0
        place.shell(BEFORE)
        done = place.manage("migrate")
        assert done.returncode == 0, done.stderr
        version, read, document, wordings, words = json.loads(place.shell(FOUND))
        assert version == [1, "first", "kp.txt", "Mina"]
        text = "Do this. Do that"
        part = {"kind": "recommendations", "heading": "", "start": 0, "end": 16}
        assert read == ["2024-09-02T00:00:00+00:00", False, ["It is cut."], text]
        assert document == [text, [part]]
        assert wordings == [["TIP-2024-KP-01", 1, "Do this."], ["TIP-2024-KP-02", 2, "Do that"]]
        assert words == "Do"
        checked = place.manage("check_data")
        assert "Recommendations match their source: no breaches" in checked.stdout
        assert "Reports repeat their newest source version: no breaches" in checked.stdout
