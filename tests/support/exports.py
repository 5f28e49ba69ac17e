"""A list taken out as a file: asked for as the form does it, and read back."""

import csv
import io

from django.urls import reverse

from recommendations.exports.columns import evidence_columns, recommendation_columns, update_columns
from tests.support.pages import browser_of


def take_out(person, listed, query="", **given):
    """Ask for a list as a file, as the form does; returns the answer."""
    names = {
        "recommendations": recommendation_columns,
        "updates": update_columns,
        "evidence": evidence_columns,
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
    """Return (face, head, rows) of a CSV file."""
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    empty = next(number for number, row in enumerate(rows) if not any(row))
    return [row[0] for row in rows[:empty]], rows[empty + 1], rows[empty + 2 :]
