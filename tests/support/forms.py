"""What a browser posts with the forms of the tracker."""

import io
import struct
import uuid
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from recommendations.choices import Confidence, Movement, Sensitivity, Status

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000")
EXE = b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0\x64\x86" + b"\0" * 200
LNK = bytes.fromhex("4c0000000114020000000000c000000000000046") + b"\0" * 60
# Chosen on the page "Your settings".
OWN_SETTINGS = {
    "name": "Ana Park",
    "time_zone": "Asia/Seoul",
    "working_days": ["1", "2", "3", "4"],
    "reminders": "only_overdue",
    "snoozed_until": "",
    "away_from": "",
    "away_until": "",
    "digest_frequency": "weekly",
    "digest_weekday": "1",
}


def upload(name="report.pdf", content=PDF):
    """Return a file as a test client sends it."""
    return SimpleUploadedFile(name, content)


def archive(*names, mimetype="", content=b"x"):
    """Return the bytes of a ZIP file with members of these names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as stream:
        if mimetype:
            stream.writestr("mimetype", mimetype)
        for name in names:
            stream.writestr(name, content)
    return made.getvalue()


def rows(prefix, *filled):
    """Return the fields of a form of rows."""
    fields = {f"{prefix}-TOTAL_FORMS": len(filled), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(filled):
        fields |= {f"{prefix}-{number}-{name}": value for name, value in row.items() if value is not None}
    return fields


def file_row(file=None, **said):
    """Return a row that brings a file."""
    return {
        "shape": "file",
        "file": file,
        "sensitivity": Sensitivity.INTERNAL,
        "stance": "supports",
        **said,
    }


def link_row(url="https://example.org/a", **said):
    """Return a row that brings a link."""
    return {
        "shape": "link",
        "url": url,
        "title": "A page",
        "sensitivity": Sensitivity.INTERNAL,
        "stance": "supports",
        **said,
    }


def update_form(*, evidence=(), places=(("KCNA", "2024-08-30"),), intent="submit", **changed):
    """Return all that the form "Log an update" posts, whole unless something is changed."""
    fields = {
        "key": uuid.uuid4(),
        "as_of": "2024-08-30",
        "status": Status.NO_ACTION,
        "confidence": Confidence.MEDIUM,
        "movement": Movement.SAME,
        "reason": "Nothing was published.",
        "public_text": "We read every issue.",
        "government_claim": "",
        "internal_note": "",
        "sensitivity": Sensitivity.INTERNAL,
        "intent": intent,
        **changed,
    }
    looked = [{"place": place, "looked_on": day} for place, day in places]
    return {**fields, **rows("evidence", *evidence), **rows("places", *looked)}


def update_address(recommendation):
    """Return where the form "Log an update" of a recommendation is."""
    return reverse("update-add", args=[recommendation.reference])
