"""Tells, in the event sequence, of the redactions that were made before it told of each."""

import secrets

from django.db import migrations
from django.utils import timezone

from recommendations.audit import log


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
        payload={"events": log.spans(redacted), "why": "Taken out before redactions were recorded."},
        salt=secrets.token_hex(16),
        previous_hash=last.hash,
    )
    event.digest = log.digest(event)
    event.hash = log.chain_hash(event)
    event.save(force_insert=True)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0003_custody_kinds")]

    # Going back leaves the event where it is: nothing is taken out of the sequence.
    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
