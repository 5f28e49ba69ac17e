"""Tells, in the event sequence, of the redactions that were made before it told of each.

How an event is hashed stands here as it was on that day.
"""

import hashlib
import json
import secrets
from datetime import UTC

from django.db import migrations
from django.utils import timezone


def tell(apps, schema_editor):
    events = apps.get_model("recommendations", "Event").objects
    redacted = list(events.exclude(redacted_at=None).order_by("seq").values_list("seq", flat=True))
    if not redacted:
        return
    last = events.order_by("-seq").first()
    event = events.model(
        seq=last.seq + 1,
        kind="redacted",
        at=timezone.now(),
        payload={"events": spans(redacted), "why": "Taken out before redactions were recorded."},
        salt=secrets.token_hex(16),
        previous_hash=last.hash,
    )
    event.digest = digest(event)
    event.hash = sha256(f"{event.seq}|{event.previous_hash}|{event.digest}")
    event.save(force_insert=True)


def spans(numbers):
    found = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def digest(event):
    words = {
        "kind": event.kind,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        **dict.fromkeys(("actor", "report", "recommendation", "update", "evidence")),
        "payload": event.payload,
    }
    said = json.dumps(words, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(f"{event.salt}|{said}")


def sha256(words):
    return hashlib.sha256(words.encode()).hexdigest()


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0003_custody_kinds")]

    # Going back leaves the event where it is: nothing is taken out of the sequence.
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
