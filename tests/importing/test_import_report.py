"""``manage.py import_report`` and the service behind it: whole, once, or nothing."""

import io
import json
import shutil
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from recommendations.choices import EventKind, SectionKind
from recommendations.errors import Refused
from recommendations.importing import fold
from recommendations.models import Event, Recommendation, Report
from recommendations.services.reports import import_report
from tests.support.factories import NOW
from tests.support.importing import DOCUMENT, SEED

pytestmark = pytest.mark.django_db


def run(path, *arguments):
    """Run the command; return what it printed as JSON."""
    out = io.StringIO()
    call_command("import_report", str(path), *arguments, stdout=out, stderr=io.StringIO())
    return json.loads(out.getvalue())


def test_the_shipped_narrative_gives_the_eleven_with_their_places():
    said = run(SEED, "--format", "json")
    assert (said["country"], said["year"], said["tier"], said["complete"]) == (
        "North Korea",
        2024,
        "Tier 3",
        True,
    )
    assert [row["position"] for row in said["recommendations"]] == list(range(1, 12))
    assert said["recommendations"][5]["text"] == "Criminalize sex trafficking and labor trafficking."
    text = SEED.read_bytes().decode()
    for row in said["recommendations"]:
        assert fold(text[row["start"] : row["end"]]) == row["text"]
    report = Report.objects.get()
    assert bytes(report.source_bytes) == SEED.read_bytes()
    assert report.text == text
    assert {part.kind for part in report.sections.all()} >= {SectionKind.PROSECUTION, SectionKind.PROFILE}
    assert (report.period_start, report.period_end) == (date(2023, 4, 1), date(2024, 3, 31))
    assert report.released_on == date(2024, 6, 24)
    sixth = Recommendation.objects.get(reference="TIP-2024-KP-06")
    assert (sixth.short_title, sixth.pillar) == ("Criminalize sex and labor trafficking", "prosecution")
    assert sixth.next_review_on == sixth.imported_on + timedelta(days=90)
    assert Event.objects.get().kind == EventKind.IMPORTED


def test_the_same_file_twice_changes_nothing():
    run(SEED)
    run(SEED)
    assert (Report.objects.count(), Recommendation.objects.count(), Event.objects.count()) == (1, 11, 1)


def test_a_dry_run_stores_nothing():
    assert len(run(SEED, "--dry-run")["recommendations"]) == 11
    assert not Report.objects.exists()


def test_a_dry_run_on_top_of_the_import_shows_it_too():
    run(SEED)
    assert len(run(SEED, "--dry-run")["recommendations"]) == 11


def test_other_words_for_the_same_country_and_year_are_refused(tmp_path):
    run(SEED)
    changed = tmp_path / "changed.txt"
    changed.write_bytes(SEED.read_bytes().replace(b"Accede to", b"Join"))
    for arguments in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match="was already imported from a document that is not identical"):
            run(changed, *arguments)
    assert Recommendation.objects.filter(text__startswith="Accede").count() == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n\n",
        b"\x00\x01\x02",
        "Ελλάδα".encode("iso-8859-7"),
        b"Shopping list: eggs, milk.",
        b"%PDF-1.7\n",
    ],
    ids=["empty", "blank", "binary", "not UTF-8", "other document", "PDF"],
)
def test_what_is_no_narrative_stops_with_2_and_stores_nothing(tmp_path, data):
    path = tmp_path / "what.txt"
    path.write_bytes(data)
    with pytest.raises(CommandError) as error:
        run(path)
    assert error.value.returncode == 2
    assert str(path) in str(error.value)
    assert not Report.objects.exists()


def test_a_missing_file_stops_with_2(tmp_path):
    with pytest.raises(CommandError, match="cannot be read") as error:
        run(tmp_path / "nothing.txt")
    assert error.value.returncode == 2


def test_a_cut_list_is_read_and_said_to_be_cut(tmp_path):
    path = tmp_path / "cut.txt"
    text = SEED.read_text()
    path.write_text(text[: text.index("Allow all North Koreans") + 15])
    said = run(path)
    assert said["complete"] is False
    assert said["warnings"]
    assert Report.objects.get().complete is False


def test_titles_beside_other_words_are_refused(tmp_path):
    path = tmp_path / "narrative.txt"
    path.write_bytes(SEED.read_bytes() + b"\n")
    shutil.copy(SEED.with_suffix(".json"), path.with_suffix(".json"))
    with pytest.raises(CommandError, match="SHA-256 differs"):
        run(path)
    assert not Report.objects.exists()


def test_only_managers_import(team):
    with pytest.raises(Refused):
        import_report(document=DOCUMENT, now=NOW, actor=team["reviewer"])
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["2023-somewhere.txt", "2023/somewhere.txt"])
def test_a_year_that_only_the_path_says_is_taken_and_said(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(SEED.read_bytes().replace(b"2024 Trafficking in Persons Report: North Korea", b""))
    said = run(path)
    assert said["year"] == 2023
    assert any("taken from the file's path" in warning for warning in said["warnings"])
    assert Report.objects.get().year == 2023


@pytest.mark.parametrize("name", ["somewhere.txt", "2021-or-2022.txt", "1234567.txt"])
def test_a_year_that_nothing_says_is_asked_for(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(SEED.read_bytes().replace(b"2024 Trafficking in Persons Report: North Korea", b""))
    with pytest.raises(CommandError, match="Give the year") as error:
        run(path)
    assert error.value.returncode == 2


def test_the_day_of_release_is_given_where_it_is_not_known(tmp_path):
    path = tmp_path / "korea.txt"
    path.write_bytes(SEED.read_bytes().replace(b"2024 Trafficking", b"2026 Trafficking"))
    with pytest.raises(CommandError, match="It is not known on which day the report of 2026 was released"):
        run(path)
    assert not Report.objects.exists()
    run(path, "--released", "2026-07-02", "--source-url", "https://www.state.gov/reports/")
    report = Report.objects.get()
    assert (report.released_on, report.source_url) == (date(2026, 7, 2), "https://www.state.gov/reports/")
