from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0059_dates_are_rows'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='recommendation',
            name='further_dates',
        ),
        migrations.RemoveField(
            model_name='recommendation',
            name='one_off_on',
        ),
    ]
