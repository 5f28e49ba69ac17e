"""``manage.py import_report --new-version``: a further source version of a report, also of real ones."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Report
from tests.support.collections import REAL, needs_real_texts
from tests.support.lineages import steps
from tests.support.versions import FIRST, first, narrative

pytestmark = pytest.mark.django_db
MONITOR = "Let independent monitors see where people work."


def run(path, *arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_report", str(path), *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.fixture
def file(tmp_path):
    def written(*items, **how):
        path = tmp_path / "new.txt"
        path.write_bytes(narrative(*items, **how))
        return path

    return written


def test_it_is_refused_without_the_option_which_says_what_to_do(file):
    first(*FIRST)
    with pytest.raises(CommandError, match="or on the command line with --new-version"):
        run(file(*FIRST, MONITOR))


def test_a_dry_run_says_what_would_change_and_stores_nothing(file):
    report = first(FIRST[0], cut="Criminalize sex traff")
    out, err = run(file(MONITOR, *FIRST), "--new-version", "--dry-run")
    said = json.loads(out)
    assert (said["version"], said["reason"], said["gone"], said["problems"]) == (2, "whole", [], [])
    assert [(one["change"], one["reference"]) for one in said["recommendations"]] == [
        ("new", None),
        ("same", "TIP-2024-KP-01"),
        ("corrected", "TIP-2024-KP-02"),
        ("new", None),
    ]
    assert "nothing was stored" in err
    assert report.versions.count() == 1


def test_it_is_added_and_the_same_file_again_changes_nothing(file):
    report = first(*FIRST, MONITOR)
    path = file(*FIRST)
    out, err = run(path, "--new-version", "--format", "text")
    assert "Not in this document    TIP-2024-KP-04" in out
    assert "North Korea 2024 has source version 2 now." in err
    assert run(path, "--new-version") == ("", "Nothing to do: this file is a source version already.\n")
    assert report.versions.count() == 2


def test_without_a_report_it_is_refused(file):
    with pytest.raises(CommandError, match=r"no report of North Korea 2024 yet. Import it without"):
        run(file(*FIRST), "--new-version")
    assert not Report.objects.exists()


def test_what_a_person_has_to_decide_is_left_to_the_page(file):
    report = first(*FIRST)
    path = file(*FIRST[:2], "Provide shelter and medical care to victims who were returned from abroad.")
    with pytest.raises(CommandError, match="On the page of the import, a person can decide this"):
        run(path, "--new-version")
    with pytest.raises(CommandError, match="Add --tier stays or --tier taken"):
        run(file(*FIRST, tier="2"), "--new-version")
    run(file(*FIRST, tier="2"), "--new-version", "--tier", "stays")
    report.refresh_from_db()
    assert (report.tier, report.versions.count()) == ("3", 2)


def test_a_folder_has_no_versions(tmp_path):
    with pytest.raises(CommandError, match="--new-version is about one narrative"):
        run(tmp_path, "--new-version")


def test_the_list_of_2017_that_is_cut_in_one_copy_and_whole_in_another(tmp_path):
    """Its fourth recommendation breaks off in the cut copy; all that was there keeps its reference."""
    cut, whole = (steps("tuned")[name]["old"]["items"] for name in ("KP-2017cut-2018", "KP-2017-2018"))
    path = tmp_path / "2017.txt"
    path.write_bytes(narrative(*cut[:-1], cut=cut[-1], year=2017))
    run(path)
    report = Report.objects.get()
    assert not report.complete
    path.write_bytes(narrative(*whole, year=2017))
    said = json.loads(run(path, "--new-version")[0])
    changes = [one["change"] for one in said["recommendations"]]
    assert changes[: len(cut)] == ["same"] * (len(cut) - 1) + ["corrected"]
    assert set(changes[len(cut) :]) == {"new"}
    assert said["gone"] == []
    report.refresh_from_db()
    assert report.complete
    numbers = report.recommendations.order_by("position").values_list("reference", flat=True)
    assert list(numbers) == [f"TIP-2017-KP-{number:02}" for number in range(1, len(whole) + 1)]


@needs_real_texts
def test_real_copies_of_one_list(tmp_path):
    """Of 2021, two sites have the same eight, both cut in the eighth; of 2017, one has four of eleven."""
    run(REAL / "2021" / "korea-dpr__ecoi.txt")
    said = json.loads(run(REAL / "2021" / "korea-dpr__stategov.txt", "--new-version")[0])
    assert {one["change"] for one in said["recommendations"]} <= {"same", "corrected"}
    assert (said["gone"], said["problems"]) == ([], [])
    cut = (REAL / "2017" / "korea-dpr__refworld.txt").read_text(encoding="utf-8")
    run(REAL / "2017" / "korea-dpr__refworld.txt")
    whole = steps("tuned")["KP-2017-2018"]["old"]["items"]
    head = cut[: cut.index("End the use of forced labor in prison camps")]
    path = tmp_path / "2017-whole.txt"
    path.write_text(head + "; ".join(one.rstrip(";. ") for one in whole) + ".\n\nPROSECUTION\n\nNone.\n")
    said = json.loads(run(path, "--new-version")[0])
    assert [one["change"] for one in said["recommendations"]][:4] == ["same"] * 3 + ["corrected"]
    assert [one["reference"] for one in said["recommendations"]][:4] == [
        f"TIP-2017-KP-{number:02}" for number in (1, 2, 3, 4)
    ]
    assert {one["change"] for one in said["recommendations"][4:]} == {"new"}
    assert (said["reason"], said["gone"], said["problems"]) == ("whole", [], [])
