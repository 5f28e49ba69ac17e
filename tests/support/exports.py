"""A list taken out as a file: asked for as the form does it, and read back."""

import csv
import io
import zipfile

from django.urls import reverse

from recommendations.exports.advocacy import advocacy_columns
from recommendations.exports.columns import evidence_columns, recommendation_columns, update_columns
from tests.support.pages import browser_of


def take_out(person, listed, query="", **given):
    """Ask for a list as a file, as the form does; returns the answer."""
    names = {
        "recommendations": recommendation_columns,
        "updates": update_columns,
        "evidence": evidence_columns,
        "advocacy": advocacy_columns,
    }[listed]()
    sent = {"made_as": "csv", "level": "internal", "columns": [one.name for one in names], **given}
    return browser_of(person).post(f"{reverse('export', args=[listed])}{query}", sent)


def content(answer):
    """Return the bytes of a file that was sent as it was made."""
    assert answer.status_code == 200
    assert answer.streaming
    assert answer["Content-Disposition"].startswith("attachment; ")
    return b"".join(answer.streaming_content)


def rows_of(data):
    """Return (face, head, rows) of a CSV file; its face is what the archive says, if it is in one."""
    about, table = unpacked(data) if data.startswith(b"PK") else (b"", data)
    head, *rows = read_csv(table)
    return about.decode().split("\r\n")[:-1], head, rows


def unpacked(data):
    """Return the bytes of both files of an archive: what it says of itself, and the table."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        about, table = archive.namelist()
        assert about == "about.txt" and table.endswith(".csv")
        return archive.read(about), archive.read(table)


def read_csv(data):
    """Return the rows of a CSV file: one table, which begins with its heads."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    return rows
