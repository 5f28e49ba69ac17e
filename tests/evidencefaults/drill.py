"""A backup taken, everything lost, and all of it back on another place: every hash equal."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from pyrage import x25519

from recommendations.backups import dumps
from recommendations.models import Event
from recommendations.services.keys import rotation
from tests.evidencefaults.registry import Figure, figure
from tests.support.processes import ROOT, fresh_database

OBJECTS = 100
QUICK_OBJECTS = 10
ASK = """
import json
from recommendations.audit import log as ledger
from recommendations.backups import dumps
from recommendations.models import Event
from recommendations.services.evidence import verification as verifying
from django.utils import timezone
print(json.dumps({
    "objects": dumps.content().objects,
    "damaged": verifying.verify(now=timezone.now()).problems,
    "chain": list(ledger.breaches()),
    "events": list(Event.objects.order_by("seq").values_list("seq", "hash")),
}))
"""


@figure("restore drill", "100 % of the hashes equal, the chain unbroken")
def drill(bench):
    """Back up, restore into another folder and database with processes of their own, and compare."""
    bench.items(bench.many(OBJECTS, QUICK_OBJECTS))
    identity = x25519.Identity.generate()
    key = settings.DATA_DIR / "offline.txt"
    key.write_text(f"{identity}\n")
    now = datetime.now(UTC)
    if rotation.name_recovery(recipients=[str(identity.to_public())], now=now):
        rotation.reencrypt(now=now)
    events = [list(event) for event in Event.objects.order_by("seq").values_list("seq", "hash")]
    before, archive = dumps.content().objects, settings.DATA_DIR / "drill.backup"
    with open(os.devnull, "w") as nowhere:
        call_command("backup", str(archive), stdout=nowhere)
    with fresh_database("evidence_drill") as database:
        elsewhere = {**os.environ, "DATA_DIR": str(settings.DATA_DIR / "elsewhere"), "DATABASE_URL": database}
        done = _manage(elsewhere, "restore", str(archive), "--identity", str(key))
        if done.returncode:
            return Figure(tries=1, missed=1, said=done.stderr.strip()[-200:])
        after = json.loads(_manage(elsewhere, "shell", "--no-imports", "--command", ASK).stdout)
    equal = sum(after["objects"].get(name) == said for name, said in before.items())
    cut = after["events"][: len(events)] != events
    missed = len(before) - equal + len(after["damaged"]) + len(after["chain"]) + cut
    return Figure(
        tries=len(before),
        missed=missed,
        said=f"{equal} of {len(before)} hashes equal and opened; {len(events)} events, chain unbroken",
    )


def _manage(environment, *arguments):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True
    )
