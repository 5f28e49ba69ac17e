
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0066_advocacy_evidence"),
    ]

    operations = [
        migrations.AlterField(
            model_name="publication",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("decided_by__isnull", False), ("extent", "nothing"), _connector="OR"),
                name="publication_by_somebody",
            ),
        ),
    ]
