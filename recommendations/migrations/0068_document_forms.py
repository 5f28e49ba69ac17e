from django.db import migrations, models

FORMS = [("text", "Plain text"), ("html", "Web page"), ("pdf", "PDF"), ("docx", "Word document")]


def decode_staged(apps, schema_editor):
    """What is staged is plain text in UTF-8 until now: nothing else was taken."""
    staged = apps.get_model("recommendations", "StagedReport")
    for row in staged.objects.using(schema_editor.connection.alias).iterator(chunk_size=20):
        row.text = bytes(row.source_bytes).decode("utf-8", "replace")
        row.save(update_fields=["text"])


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0067_overtaken_by_nobody"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="source_form",
            field=models.CharField(choices=FORMS, default="text", max_length=4, verbose_name="read from"),
        ),
        migrations.AddField(
            model_name="stagedreport",
            name="source_form",
            field=models.CharField(choices=FORMS, default="text", max_length=4, verbose_name="read from"),
        ),
        migrations.AddField(
            model_name="stagedreport",
            name="text",
            field=models.TextField(default="", verbose_name="full text"),
            preserve_default=False,
        ),
        migrations.RunPython(decode_staged, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_form__in", ["text", "html", "pdf", "docx"])),
                name="report_source_form_valid",
            ),
        ),
        migrations.AddConstraint(
            model_name="stagedreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("source_form__in", ["text", "html", "pdf", "docx"])),
                name="staged_report_source_form_valid",
            ),
        ),
    ]
