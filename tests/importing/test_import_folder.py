"""``manage.py import_report FOLDER``: each narrative of a folder, and a table of what became of each file."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Report
from tests.support.documents import as_page, as_pdf, as_word
from tests.support.importing import NARRATIVE

pytestmark = pytest.mark.django_db


def bring(folder, *arguments):
    """Run the command. Returns: (what it printed, its refusal or "")."""
    out, error = io.StringIO(), ""
    try:
        call_command("import_report", str(folder), *arguments, stdout=out, stderr=io.StringIO())
    except CommandError as refusal:
        error = str(refusal)
    return out.getvalue(), error


def rows(folder, *arguments):
    """Return {file: row} of what it printed as JSON."""
    printed, _error = bring(folder, "--format", "json", *arguments)
    return {row["file"]: row for row in json.loads(printed)}


@pytest.fixture
def folder(tmp_path):
    """Two years of one country, the older first; other words for one of them; and what is no narrative."""
    for year in (2022, 2023):
        (tmp_path / str(year)).mkdir()
        words = NARRATIVE.replace(b"2024 Trafficking", b"%d Trafficking" % year)
        (tmp_path / str(year) / "korea.txt").write_bytes(words)
    (tmp_path / "again.txt").write_bytes(words.replace(b"Accede to", b"Join"))
    (tmp_path / "lunch.txt").write_text("Dear all, lunch is at noon.")
    (tmp_path / "notes.md").write_text("Not looked at.")
    return tmp_path


def test_each_file_is_imported_or_refused_with_its_reason_and_one_refusal_stops_nothing(folder):
    found = rows(folder)
    assert set(found) == {"2022/korea.txt", "2023/korea.txt", "again.txt", "lunch.txt"}
    outcomes = {name: row["outcome"] for name, row in found.items()}
    refused = [name for name, outcome in outcomes.items() if outcome == "refused"]
    assert outcomes["2022/korea.txt"] == "imported as closed", "the newest is followed"
    assert len(refused) == 2 and "lunch.txt" in refused
    assert all(found[name]["said"] for name in refused)
    assert found["2022/korea.txt"]["recommendations"] == 11
    followed = Report.objects.filter(closed_at=None)
    assert [report.year for report in followed] == [2023]


def test_a_table_is_printed_and_the_exit_status_says_that_something_was_refused(folder):
    printed, error = bring(folder)
    lines = printed.splitlines()
    assert lines[0].split() == ["File", "Country", "Year", "Items", "Outcome"]
    assert len(lines) == 5
    assert error == "Not imported: 2 of 4 files; the table says why."


def test_the_same_folder_again_changes_nothing(folder):
    (folder / "lunch.txt").unlink()
    (folder / "again.txt").unlink()
    assert bring(folder)[1] == ""
    assert {row["outcome"] for row in rows(folder).values()} == {"imported before"}
    assert Report.objects.count() == 2


def test_a_dry_run_stores_nothing(folder):
    assert rows(folder, "--dry-run")["2022/korea.txt"]["outcome"] == "can be imported"
    assert not Report.objects.exists()


def test_what_is_about_one_narrative_is_not_given_for_a_folder(folder):
    assert "--year is about one narrative" in bring(folder, "--year", "2018")[1]
    assert "--source-url is about one narrative" in bring(folder, "--source-url", "https://x.example")[1]
    assert not Report.objects.exists()


def test_a_folder_without_narratives_says_so(tmp_path):
    assert "There is no file that ends in .docx, .htm, .html, .mhtml, .pdf, .txt" in bring(tmp_path)[1]


def test_documents_of_all_forms_are_imported_and_what_a_browser_saves_beside_a_page_is_not(tmp_path):
    (tmp_path / "korea_files").mkdir()
    (tmp_path / "korea_files" / "frame.html").write_text("<p>Advertisement</p>")
    for year, name, make in ((2023, "a.pdf", as_pdf), (2022, "b.docx", as_word), (2021, "c.html", as_page)):
        text = NARRATIVE.decode().replace("2024 Trafficking", f"{year} Trafficking")
        (tmp_path / name).write_bytes(make(text))
    found = rows(tmp_path)
    assert {name: (row["year"], row["recommendations"], row["outcome"]) for name, row in found.items()} == {
        "a.pdf": (2023, 11, "imported"),
        "b.docx": (2022, 11, "imported as closed"),
        "c.html": (2021, 11, "imported as closed"),
    }
    report = Report.objects.get(year=2023)
    assert (report.source_form, report.source_name) == ("pdf", "a.pdf")
    assert bytes(report.source_bytes) == (tmp_path / "a.pdf").read_bytes()
