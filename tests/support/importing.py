"""The report that is shipped, the two steps of importing one, and what holds of whatever was read."""

import json
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations.importing import fold

SEED = Path(settings.BASE_DIR) / "recommendations" / "shipped" / "2024-north-korea.txt"
NARRATIVE = SEED.read_bytes()
IMPORT = reverse("report-import")


def upload(client, data, name="korea.txt", **given):
    """Send a document to the first step. Returns: the preview."""
    return client.post(IMPORT, {"document": SimpleUploadedFile(name, data), **given})


def confirm(client, preview):
    """Send the preview's form as a browser would."""
    return client.post(IMPORT, {field.html_name: field.value() or "" for field in preview.context["form"]})


def check_promises(report, data):
    """Assert what every caller relies on, whatever was read."""
    assert report.text.encode() == data
    previous = -1
    for position, item in enumerate(report.recommendations, 1):
        assert item.position == position
        assert previous < item.start < item.end <= len(report.text)
        assert fold(report.text[item.start : item.end]) == item.text != ""
        assert not report.text[item.start].isspace() and not report.text[item.end - 1].isspace()
        previous = item.end - 1
    for section in report.sections:
        assert 0 <= section.start < section.end <= len(report.text)
        assert not report.text[section.start].isspace() and not report.text[section.end - 1].isspace()
    listed = [section for section in report.sections if section.kind == "recommendations"]
    for item in report.recommendations:
        assert listed[0].start <= item.start and item.end <= listed[0].end
    assert report.recommendations or not report.complete
    assert report.complete or report.warnings
    assert len(report.country_code) == 2 and report.country_code.isupper()
    json.dumps(report.as_dict())
