"""One state in place of two: a report is followed until a manager closes it.

Until now the import of the next year's report ended the one before it without a word. Those that were ended
so are followed again. An older year that came in after a newer one was never followed: it stays closed.
"""

from django.db import migrations, models


def ended_by_an_import(apps, schema_editor):
    reports = apps.get_model("recommendations", "Report").objects
    for one in reports.filter(archived_at=None, tracked_until__isnull=False).only("country_code", "year", "imported_at"):
        later = reports.filter(country_code=one.country_code, year__gt=one.year)
        if later.filter(imported_at__gt=one.imported_at).exists():
            print(f"  {one.country_code} {one.year} had ended with a later import; it is followed again until it is closed.")
        else:
            reports.filter(pk=one.pk).update(archived_at=one.imported_at)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0029_access_notice")]
    operations = [
        migrations.RunPython(ended_by_an_import, migrations.RunPython.noop),
        migrations.RenameField("report", "archived_at", "closed_at"),
        migrations.RemoveField("report", "tracked_until"),
        migrations.AlterField(
            "report", "closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")
        ),
        migrations.AlterField("report", "tracked_from", models.DateField(verbose_name="followed from")),
    ]
