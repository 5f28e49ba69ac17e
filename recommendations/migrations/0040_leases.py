"""The lease of a row that a worker takes has the same columns everywhere: mails, examinations, copies of pages."""

import uuid

from django.db import migrations, models
from django.db.models import F


def give_leases(apps, _schema_editor):
    """Give what is being worked on a lease until the moment from which its worker counted as killed."""
    model = apps.get_model("recommendations", "Capture")
    model.objects.filter(state="running").update(lease_token=uuid.uuid4(), lease_until=F("due_at"))
    model = apps.get_model("recommendations", "Examination")
    model.objects.filter(state="running").update(lease_token=uuid.uuid4(), lease_until=F("due_at"), due_at=None)
    # No sender left one without an end; the constraint of before would have let somebody else do so.
    model = apps.get_model("recommendations", "Mail")
    model.objects.filter(state="sending", lease_until=None).update(lease_until=F("next_attempt_at"))
    model.objects.exclude(state="sending").exclude(lease_until=None).update(lease_until=None)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0039_version_0_1")]

    operations = [
        migrations.RemoveConstraint(model_name='capture', name='capture_open_is_due'),
        migrations.RemoveConstraint(model_name='examination', name='examination_running_ends'),
        migrations.RemoveConstraint(model_name='mail', name='mail_sending_is_claimed'),
        migrations.RenameField(model_name='mail', old_name='claim_token', new_name='lease_token'),
        migrations.RenameField(model_name='mail', old_name='claimed_by', new_name='last_holder'),
        migrations.AlterField(
            model_name='mail',
            name='lease_token',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='mail',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='capture',
            name='lease_token',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='capture',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='examination',
            name='lease_token',
            field=models.UUIDField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='examination',
            name='lease_until',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='examination',
            name='attempts',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='attempts'),
        ),
        migrations.RunPython(give_leases, migrations.RunPython.noop),
        migrations.RemoveField(model_name='capture', name='due_at'),
        migrations.AddConstraint(
            model_name='capture',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), ('lease_token__isnull', False), ('lease_until__isnull', False)), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_token', None), ('lease_until', None)), _connector='OR'), name='capture_leased_while_running'),
        ),
        migrations.AddConstraint(
            model_name='examination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'running'), ('lease_token__isnull', False), ('lease_until__isnull', False)), models.Q(models.Q(('state', 'running'), _negated=True), ('lease_token', None), ('lease_until', None)), _connector='OR'), name='examination_leased_while_running'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'sending'), ('lease_token__isnull', False), ('lease_until__isnull', False)), models.Q(models.Q(('state', 'sending'), _negated=True), ('lease_token', None), ('lease_until', None)), _connector='OR'), name='mail_leased_while_sending'),
        ),
    ]
