"""Moments come back and bear on recommendations; every moment and every date before one stays where it is."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_days(apps, _schema_editor):
    """Say of each date before a moment which day of it is meant: until now, a moment had one."""
    moments = apps.get_model("recommendations", "Moment").objects.filter(pk=OuterRef("moment"))
    dates = apps.get_model("recommendations", "DatedReason").objects.exclude(moment=None)
    dates.update(moment_on=Subquery(moments.values("on")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0076_api_tokens'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='datedreason',
            name='dated_reason_moment_is_whole',
        ),
        migrations.RemoveConstraint(
            model_name='moment',
            name='moment_kind_valid',
        ),
        migrations.AddField(
            model_name='datedreason',
            name='moment_on',
            field=models.DateField(blank=True, null=True, verbose_name='day of the moment'),
        ),
        migrations.RunPython(name_the_days, migrations.RunPython.noop),
        migrations.AddField(
            model_name='moment',
            name='every_years',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='how often'),
        ),
        migrations.AddField(
            model_name='moment',
            name='recommendations',
            field=models.ManyToManyField(blank=True, related_name='moments', to='recommendations.recommendation', verbose_name='recommendations'),
        ),
        migrations.AddField(
            model_name='moment',
            name='until',
            field=models.DateField(blank=True, null=True, verbose_name='comes back until'),
        ),
        migrations.AlterField(
            model_name='moment',
            name='kind',
            field=models.CharField(choices=[('tip_release', 'Release of the TIP Report'), ('tip_input', 'Input window of the TIP Office'), ('upr', 'Universal Periodic Review'), ('hrc', 'Human Rights Council session'), ('unga', 'UN General Assembly, Third Committee'), ('cedaw', 'CEDAW session'), ('treaty_body', 'Session of another treaty body'), ('other', 'Another date')], max_length=12, verbose_name='kind'),
        ),
        migrations.AddConstraint(
            model_name='datedreason',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('moment', None), ('moment_on', None), ('weeks_before', None)), models.Q(('moment__isnull', False), ('moment_on__isnull', False), ('source', 'moment'), ('weeks_before__isnull', False)), _connector='OR'), name='dated_reason_moment_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['tip_release', 'tip_input', 'upr', 'hrc', 'unga', 'cedaw', 'treaty_body', 'other'])), name='moment_kind_valid'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('every_years', None), ('until', None)), models.Q(('every_years__gte', 1), ('every_years__isnull', False), ('every_years__lte', 10)), _connector='OR'), name='moment_comes_back'),
        ),
        migrations.AddConstraint(
            model_name='moment',
            constraint=models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('on')), _connector='OR'), name='moment_ends_after_it_begins'),
        ),
    ]
