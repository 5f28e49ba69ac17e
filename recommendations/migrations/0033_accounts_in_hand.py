"""Read from the record which accounts managers had in hand before; a one-time password ends 72 hours from now."""

from django.db import migrations
from django.utils import timezone


def read_the_record(apps, schema_editor):
    person = apps.get_model("recommendations", "User")
    change = apps.get_model("recommendations", "AccountChange")
    event = apps.get_model("recommendations", "Event")
    person.objects.filter(password_is_temporary=True).update(password_given_at=timezone.now())
    there = set(person.objects.values_list("pk", flat=True))
    seen = set()
    told = event.objects.filter(kind__in=["role_changed", "sign_in_changed"], redacted_at=None)
    for one in told.exclude(actor=None).order_by("seq").iterator(chunk_size=500):
        whom = one.payload.get("person")
        act = act_of(one, whom not in seen)
        seen.add(whom)
        if act and whom in there and whom != one.actor_id:
            # Nobody was asked to confirm it then, so it keeps nobody from confirming others now.
            change.objects.create(person_id=whom, by_id=one.actor_id, act=act, at=one.at, was_alone=True)


def act_of(event, is_first):
    """Return what an event of the record comes to, or nothing where it gave no way into the account."""
    if event.kind == "sign_in_changed":
        return event.payload.get("what")
    ranks = ["", "partner", "Viewer", "Contributor", "Reviewer", "Manager"]
    before, after = (event.payload.get(name, "") for name in ("before", "after"))
    if before == "":
        return "added" if is_first and after else None
    return "raised" if after in ranks and ranks.index(after) > ranks.index(before) else None


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0032_account_changes")]
    operations = [migrations.RunPython(read_the_record, migrations.RunPython.noop)]
