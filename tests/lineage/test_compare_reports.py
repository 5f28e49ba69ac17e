"""``manage.py compare_reports``: reports that were imported, and files; nothing is stored."""

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Event, Lineage, Recommendation, Report
from recommendations.services.reports import import_report
from tests.support.factories import NOW
from tests.support.importing import DOCUMENT, NARRATIVE, SEED

pytestmark = pytest.mark.django_db


def run(old, new, *arguments):
    out = io.StringIO()
    call_command("compare_reports", str(old), str(new), *arguments, stdout=out)
    return out.getvalue()


def test_an_imported_report_and_a_file(tmp_path):
    """The file asks for a visit in addition, and no longer for the accession."""
    import_report(document=DOCUMENT, now=NOW)
    before = [model.objects.count() for model in (Report, Recommendation, Lineage, Event)]
    later = tmp_path / "korea-2026.txt"
    changed = NARRATIVE.decode().replace(
        "Accede to the 2000 UN TIP Protocol.", "Invite the Special Rapporteur."
    )
    later.write_text(re.sub(r"\b2024\b", "2026", changed), encoding="utf-8")
    said = json.loads(run("tip-2024-kp", later, "--format", "json"))
    assert {pair["kind"] for pair in said["pairs"][:10]} == {"same"}
    assert said["pairs"][10:] == [
        {"old": [11], "new": [], "kind": "dropped", "score": 0.0},
        {"old": [], "new": [11], "kind": "new", "score": 0.0},
    ]
    assert said["warnings"] == ["The year 2025 lies between the two reports: what changed when is not known."]
    assert before == [model.objects.count() for model in (Report, Recommendation, Lineage, Event)]


def test_the_table_shows_words_of_both_and_the_warnings(tmp_path):
    cut = tmp_path / "2023-korea.txt"
    text = NARRATIVE.decode().replace("2024", "2023")
    cut.write_text(text[: text.index("Cease garnishing wages") + 20], encoding="utf-8")
    said = run(cut, SEED)
    assert "North Korea 2023 (4 recommendations, list not known to be whole)" in said
    assert re.search(
        r"^Same +1\.00 +1\. End the use of state-sponsored.+ 1\. End the use of state", said, re.MULTILINE
    )
    assert re.search(r"^Not known +– +11\. Accede to the 2000", said, re.MULTILINE)
    assert "Warning: The list of 2023 is not known to be whole" in said
    assert "Dropped" not in said and "New " not in said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nothing-here.txt", "is no file and no report that was imported"),
        ("TIP-2031-KP", "is no file and no report that was imported"),
        ("", "is no file and no report that was imported"),
        (".", "is no file and no report that was imported"),
        ("TIP-٢٠٢٤-KP", "is no file and no report that was imported"),
    ],
)
def test_what_is_neither_a_file_nor_a_report_is_refused(name, said):
    with pytest.raises(CommandError, match=said):
        run(name, SEED)


def test_a_file_that_is_no_narrative_or_does_not_say_its_year_is_refused(tmp_path):
    other = tmp_path / "other.txt"
    other.write_bytes(b"Shopping list: eggs, milk.")
    with pytest.raises(CommandError) as refused:
        run(other, SEED)
    assert refused.value.returncode == 2
    other.write_text(re.sub(r"\b2024\b|\b2023\b", "", NARRATIVE.decode()), encoding="utf-8")
    with pytest.raises(CommandError, match="--old-year"):
        run(other, SEED)
    assert "North Korea 2019 (11 recommendations) → North Korea 2024" in run(
        other, SEED, "--old-year", "2019"
    )


TONGA = """TONGA: TIER 2

The Government of Tonga does not fully meet the minimum standards for the elimination of trafficking; however,
it is making significant efforts to do so.

RECOMMENDATIONS FOR TONGA

Develop a national action plan; and accede to the 2000 UN TIP Protocol.

PROSECUTION

The government maintained efforts.
"""


def test_two_countries_are_not_compared(tmp_path):
    other = tmp_path / "tonga-2018.txt"
    other.write_text(TONGA, encoding="utf-8")
    with pytest.raises(CommandError, match=r"about Tonga and .+ about North Korea"):
        run(other, SEED)
