from django.db import migrations, models

CHOICES = [("better", "Better"), ("same", "Same"), ("worse", "Worse"), ("unknown", "Unknown")]


def movement(**extra):
    return models.CharField(blank=True, choices=CHOICES, max_length=10, verbose_name="movement", **extra)


class Migration(migrations.Migration):
    """The *direction* of an assessment is its *movement* from here on."""

    dependencies = [("recommendations", "0041_labels")]

    operations = [
        migrations.RenameField("statusupdate", "direction", "movement"),
        migrations.RenameField("recommendation", "direction", "movement"),
        migrations.RenameField("ask", "direction", "movement"),
        migrations.AlterField("statusupdate", "movement", movement()),
        migrations.AlterField("recommendation", "movement", movement(editable=False)),
        migrations.AlterField("ask", "movement", movement(editable=False)),
    ]
