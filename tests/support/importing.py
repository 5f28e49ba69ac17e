"""The report that is shipped, the two steps of importing one, and what holds of whatever was read."""

import json
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations import importing
from recommendations.documents import read
from recommendations.importing import fold

SEED = Path(settings.BASE_DIR) / "recommendations" / "shipped" / "2024-north-korea.txt"
NARRATIVE = SEED.read_bytes()
DOCUMENT = read(NARRATIVE)
IMPORT = reverse("report-import")
# What 2023 had otherwise in a story: one that 2024 rewords, two in one that it splits, one that it drops, and
# one less, which is new in 2024.
OTHERWISE = [
    (
        b"Cease garnishing wages of overseas workers",
        b"Stop the garnishing of wages that overseas workers earn,",
    ),
    (b"labor trafficking. * Investigate", b"labor trafficking, and investigate"),
    (b" * Forge partnerships", b" * Publish the statistics of the harvest each spring. * Forge partnerships"),
    (b" * Accede to the 2000 UN TIP Protocol.", b""),
]


def year_before():
    """Return the narrative of 2023 of a story: of its eleven, 2024 has seven with the same words."""
    data = NARRATIVE.replace(b"2024 Trafficking", b"2023 Trafficking")
    for now, then in OTHERWISE:
        assert data.count(now) == 1
        data = data.replace(now, then)
    return data


def parse(data, **given):
    """Read the bytes of a text file as a narrative, as every door does."""
    document = read(data)
    return importing.parse(document.text, sha256=document.sha256, **given)


def upload(client, data, name="korea.txt", **given):
    """Bring a document. Returns: the page where it is checked, or that on which it was refused."""
    return client.post(IMPORT, {"document": SimpleUploadedFile(name, data), **given}, follow=True)


def confirm(client, checked, **given):
    """Go on to the last step of what was checked, and press its button, as a browser would."""
    return press_import(client, last_step(client, checked), **given)


def last_step(client, checked):
    """Return the page that asks to confirm what was checked."""
    return client.get(reverse("report-confirm", args=[checked.context["staged"].key]), follow=True)


def press_import(client, page, **given):
    """Press the button of the last step; without it (the report is there already) return the page."""
    if "form" not in page.context:
        return page
    form = {
        name: field.value() or "" for name, field in ((one.html_name, one) for one in page.context["form"])
    }
    address = reverse("report-confirm", args=[page.context["staged"].key])
    return client.post(address, {**form, "seen": page.context["seen"], **given})


def check_promises(report, data):
    """Assert what every caller relies on, whatever was read from a text in UTF-8."""
    assert report.text.encode() == data
    check_list(report)


def check_list(report):
    """Assert what every caller relies on, whatever was read from whatever document."""
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
