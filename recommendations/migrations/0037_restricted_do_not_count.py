"""Restricted updates do not count any more: what followed from them follows from the others now."""

from django.db import migrations

from recommendations.rules.status import (fields_of, stand)


def count_again(apps, _schema_editor):
    """Write where each recommendation with a restricted approved update stands, and print what moves."""
    updates = apps.get_model("recommendations", "StatusUpdate").objects.filter(state="approved")
    restricted = updates.filter(sensitivity="restricted")
    recommendations = apps.get_model("recommendations", "Recommendation").objects
    for one in recommendations.filter(pk__in=restricted.values("recommendation")).order_by("reference"):
        asks = list(one.asks.all())
        live, retired = ([ask for ask in asks if bool(ask.retired_at) is gone] for gone in (False, True))
        counted = list(updates.filter(recommendation=one).exclude(sensitivity="restricted"))
        found = stand(counted, live, retired)
        rows = [(one.reference, one, fields_of(one, found))]
        rows += [
            (f"{one.reference}, ask {ask.position}", ask, found.by_ask[ask.pk].fields()) for ask in asks
        ]
        for name, row, fields in rows:
            before = row.status
            for field, value in fields.items():
                setattr(row, field, value)
            row.save(update_fields=list(fields))
            if row.status != before:
                print(f"  {name}: {before} rested on a restricted update; it is {row.status} now.")


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0036_names")]

    operations = [migrations.RunPython(count_again, migrations.RunPython.noop)]
