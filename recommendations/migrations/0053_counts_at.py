"""From when on an update counts: what counted until now does so from its approval on. Nothing moves."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def from_their_approval(apps, _schema_editor):
    """Write when each update that counts began to count, and by whose decision; restricted ones did not."""
    approved = apps.get_model("recommendations", "StatusUpdate").objects.filter(state="approved")
    counting = approved.exclude(sensitivity="restricted")
    counting.update(counts_at=F("approved_at"), counts_by=F("approved_by"))


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0052_treaty_bodies'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='statusupdate',
            name='update_corrected_once',
        ),
        migrations.RemoveConstraint(
            model_name='statusupdate',
            name='update_corrected_once_restricted',
        ),
        migrations.AddField(
            model_name='statusupdate',
            name='counts_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='counts from'),
        ),
        migrations.AddField(
            model_name='statusupdate',
            name='counts_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.RunPython(from_their_approval, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name='statusupdate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('state', 'approved'), _negated=True), ('counts_at', None), ('counts_by', None)), models.Q(('state', 'approved'), models.Q(('sensitivity', 'restricted'), _negated=True), ('counts_at__isnull', False), ('counts_by__isnull', False), ('counts_at', models.F('approved_at')), ('counts_by', models.F('approved_by'))), models.Q(('state', 'approved'), ('sensitivity', 'restricted'), models.Q(models.Q(('counts_at', None), ('counts_by', None)), models.Q(('counts_at__isnull', False), ('counts_by__isnull', False), ('counts_at__gte', models.F('approved_at')), models.Q(('counts_by', models.F('author')), _negated=True)), _connector='OR')), _connector='OR'), name='update_counts_by_its_level'),
        ),
        migrations.AddConstraint(
            model_name='statusupdate',
            constraint=models.UniqueConstraint(condition=models.Q(('counts_at__isnull', False)), fields=('corrects',), name='update_corrected_once'),
        ),
    ]
