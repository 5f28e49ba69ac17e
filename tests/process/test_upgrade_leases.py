"""The upgrade to the lease that all work has: what a worker holds then it holds as long as before."""

import json
from datetime import timedelta

import pytest

from tests.support.factories import NOW
from tests.support.places import Elsewhere
from tests.support.processes import fresh_database

pytestmark = pytest.mark.processes

UNTIL = NOW + timedelta(minutes=20)
TOKEN = "11111111-1111-4111-8111-111111111111"
# The tables as they were, with work of each kind: one that a worker has, and one that nobody has.
BUSY = f"""
from datetime import datetime
from django.db import connection
from django.db.migrations.loader import MigrationLoader
apps = MigrationLoader(connection).project_state([("recommendations", "0039_version_0_1")]).apps
model = lambda name: apps.get_model("recommendations", name)
now, until = datetime.fromisoformat("{NOW.isoformat()}"), datetime.fromisoformat("{UNTIL.isoformat()}")
person = model("User").objects.create(email="ana@example.org", name="Ana")
link = {{"form": "link", "url": "https://example.org/", "sensitivity": "internal", "uploaded_at": now}}
item, other = (model("Evidence").objects.create(**link, uploaded_by=person) for _ in range(2))
copies = {{"asked_by": person, "asked_at": now, "was_restricted": False}}
model("Capture").objects.create(**copies, evidence=item, number=1, state="running", due_at=until)
model("Capture").objects.create(**copies, evidence=other, number=2, state="asked", due_at=now)
looked = {{"evidence": item, "due_at": until}}
model("Examination").objects.create(**looked, purpose="virus", state="running", attempts=2)
model("Examination").objects.create(**looked, purpose="pictures", state="failed", attempts=1)
mails = {{"recipient": person, "kind": "digest", "created_at": now, "next_attempt_at": now}}
mails |= {{"date_header": now, "not_after": until}}
held = {{"claim_token": "{TOKEN}", "claimed_by": "host 12", "phase": "dot"}}
model("Mail").objects.create(**mails, **held, key="held", state="sending", lease_until=until)
model("Mail").objects.create(**mails, **held, key="without an end", state="sending")
model("Mail").objects.create(**mails, key="left", state="pending", lease_until=until)
"""
FOUND = """
import json
from recommendations.models import Capture, Examination, Mail
rows = {}
for model, key in (Capture, "number"), (Examination, "purpose"), (Mail, "key"):
    for row in model.objects.order_by("pk"):
        until = row.lease_until.isoformat() if row.lease_until else None
        rows[str(getattr(row, key))] = row.state, until, str(row.lease_token or ""), row.attempts
print(json.dumps(rows))
"""


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory):
    """Return {row: (state, end of its lease, token, attempts)} after the upgrade."""
    with fresh_database("leases") as database:
        place = Elsewhere(tmp_path_factory.mktemp("leases") / "data", database)
        assert place.manage("migrate", "recommendations", "0039_version_0_1").returncode == 0
        place.shell(BUSY)
        done = place.manage("migrate")
        assert done.returncode == 0, done.stderr
        assert "Applying recommendations.0040_leases" in done.stdout
        yield json.loads(place.shell(FOUND))


@pytest.mark.parametrize(
    ("row", "state", "attempts"), [("1", "running", 0), ("virus", "running", 2), ("held", "sending", 0)]
)
def test_what_a_worker_holds_is_its_own_as_long_as_before(upgraded, row, state, attempts):
    now_is, until, token, tried = upgraded[row]
    assert (now_is, until, tried) == (state, UNTIL.isoformat(), attempts)
    assert token == TOKEN if row == "held" else token


def test_what_is_held_without_an_end_can_be_taken_at_once(upgraded):
    assert upgraded["without an end"][:3] == ["sending", NOW.isoformat(), TOKEN]


@pytest.mark.parametrize(("row", "state"), [("2", "asked"), ("pictures", "failed"), ("left", "pending")])
def test_what_nobody_holds_is_nobody_s(upgraded, row, state):
    assert upgraded[row][:3] == [state, None, ""]
