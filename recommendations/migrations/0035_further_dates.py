"""Further review dates; the next review becomes the earliest open date, where a one-off date had put it off."""

from datetime import timedelta

from django.db import migrations, models


def earliest(apps, _schema_editor):
    """Bring the next review forward where the interval ends before the one-off date."""
    recommendations = apps.get_model("recommendations", "Recommendation")
    for one in recommendations.objects.exclude(one_off_on=None).only(
        "last_verified_on", "imported_on", "interval_days", "one_off_on", "next_review_on"
    ):
        by_interval = (one.last_verified_on or one.imported_on) + timedelta(days=one.interval_days)
        if by_interval < one.next_review_on:
            recommendations.objects.filter(pk=one.pk).update(next_review_on=by_interval)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0034_mail_written")]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="further_dates",
            field=models.JSONField(
                blank=True, default=list, editable=False, verbose_name="further review dates"
            ),
        ),
        migrations.RunPython(earliest, migrations.RunPython.noop),
    ]
