"""Move what mails say into a table of its own, where the steps of sending do not write it anew each time."""

from django.db import migrations

COLUMNS = "text, html, shared_text, shared_html, headers"


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0022_mail_words")]

    operations = [
        migrations.RunSQL(
            f"INSERT INTO recommendations_mailwords (mail_id, {COLUMNS}) "  # noqa: S608 (names of ours)
            f"SELECT id, {COLUMNS} FROM recommendations_mail WHERE text <> ''",
            migrations.RunSQL.noop,
        )
    ]
