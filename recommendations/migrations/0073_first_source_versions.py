"""Each report has its first source version: the document from which it was imported, as it was read then."""

from django.db import migrations


def first_versions(apps, _schema_editor):
    """Make the first source version of each report. It repeats what the report says, and changes nothing."""
    versions = apps.get_model("recommendations", "SourceVersion").objects
    wordings = apps.get_model("recommendations", "Wording").objects
    for report in apps.get_model("recommendations", "Report").objects.order_by("pk").iterator(chunk_size=20):
        version = versions.create(
            report=report,
            number=1,
            reason="first",
            brought_at=report.imported_at,
            brought_by=report.imported_by,
            sections=list(report.sections.order_by("start").values("kind", "heading", "start", "end")),
            **{name: getattr(report, name) for name in REPEATED},
        )
        wordings.bulk_create(
            wordings.model(version=version, recommendation=one, **{name: getattr(one, name) for name in OF_ONE})
            for one in report.recommendations.order_by("position")
        )


REPEATED = (
    "source_name",
    "source_url",
    "source_bytes",
    "source_form",
    "sha256",
    "text",
    "heading",
    "tier",
    "complete",
    "warnings",
)
OF_ONE = ("position", "text", "start", "end")


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0072_source_versions")]
    operations = [migrations.RunPython(first_versions, migrations.RunPython.noop)]
