"""``import_report --pairs``: what was proposed, corrected by hand, is confirmed with the import."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations.documents import read
from recommendations.models import Event, Lineage, Recommendation, Report
from recommendations.services import recommendations as service
from recommendations.services.reports import import_report
from tests.support.factories import NOW
from tests.support.importing import SEED, year_before

BY = {"by": "mina@example.org"}


@pytest.fixture
def pairs(team, tmp_path):
    """The pairs of 2023, with an owner of its first recommendation, and the shipped file of 2024."""
    report, _made = import_report(document=read(year_before()), now=NOW, actor=team["manager"])
    service.assign(
        recommendation=report.recommendations.get(position=1),
        owner=team["author"],
        actor=team["manager"],
        now=NOW,
    )
    printed = StringIO()
    call_command("compare_reports", "TIP-2023-KP", str(SEED), format="json", stdout=printed)
    path = tmp_path / "pairs.json"
    path.write_text(printed.getvalue())
    return path


def change(path, number, **said):
    """Correct one pair of the file by hand."""
    found = json.loads(path.read_text())
    found["pairs"][number - 1] |= said
    path.write_text(json.dumps(found))


def run(pairs, **options):
    """Import 2024 with the pairs. Returns: what was said of it."""
    said = StringIO()
    call_command("import_report", str(SEED), pairs=pairs, stdout=StringIO(), stderr=said, **{**BY, **options})
    return said.getvalue()


def test_pairs_are_confirmed_and_carried_over_with_the_import(pairs, team):
    change(pairs, 4, kind="narrowed")
    said = run(pairs, carry_over=True)
    assert "Lines to North Korea 2023 confirmed: 11. Recommendations that take something over: 1." in said
    assert Lineage.objects.get(later__reference="TIP-2024-KP-04").kind == "narrowed"
    assert {row.confirmed_by for row in Lineage.objects.all()} == {team["manager"]}
    assert Recommendation.objects.get(reference="TIP-2024-KP-01").owner == team["author"]
    assert Report.objects.get(year=2024).imported_by == team["manager"]


def test_without_the_option_nothing_is_carried_over(pairs):
    assert "take something over: 0." in run(pairs)
    assert Recommendation.objects.get(reference="TIP-2024-KP-01").owner is None


def test_a_dry_run_checks_the_pairs_and_stores_nothing(pairs):
    events = Event.objects.count()
    assert "Lines to North Korea 2023 that can be confirmed: 11." in run(pairs, dry_run=True)
    assert Report.objects.count() == 1 and Event.objects.count() == events
    change(pairs, 4, kind="same")
    with pytest.raises(CommandError, match="pair 4"):
        run(pairs, dry_run=True)


@pytest.mark.parametrize(
    ("number", "said", "refusal"),
    [
        (4, {"kind": "same"}, r"pair 4 \(\[4\] → \[4\], same\): The words are not the same"),
        (4, {"new": [5]}, r"pair 5 \(\[5\] → \[5\], same\): Recommendation 5 is in two lines"),
        (4, {"new": [77]}, "pair 4 .*: There is no recommendation 77"),
        (4, {"old": [77]}, "pair 4 .*: the earlier report has 10 recommendations"),
        (4, {"old": "4"}, 'pair 4 .*: "old" has to be a list of numbers'),
        (4, {"old": [True]}, 'pair 4 .*: "old" has to be a list of numbers'),
        (4, {"old": [0]}, 'pair 4 .*: "old" has to be a list of numbers'),
        (4, {"kind": "like"}, "pair 4 .*, like.: its kind is none of same, reworded"),
        (4, {"kind": ["same"]}, "pair 4 .*: its kind is none of"),
        (4, {"old": [], "new": []}, "pair 4 .*: Write the number of at least one recommendation"),
    ],
)
def test_a_refusal_names_the_pair_and_nothing_is_stored(pairs, number, said, refusal):
    change(pairs, number, **said)
    with pytest.raises(CommandError, match=refusal):
        run(pairs)
    assert Report.objects.count() == 1 and not Lineage.objects.exists()


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ('{"pairs": [\n{"old": [1]', "line 2: this is no JSON"),
        ("[]", 'has no "pairs"'),
        ('{"pairs": [7]}', "pair 1: give it as"),
        ("\udcff", "cannot be read as text"),
    ],
)
def test_a_file_that_holds_no_pairs_is_refused(pairs, words, refusal):
    pairs.write_bytes(words.encode(errors="surrogateescape"))
    with pytest.raises(CommandError, match=refusal):
        run(pairs)


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        ({"by": None}, "say with --by"),
        ({"by": "nobody@example.org"}, "There is nobody with the address nobody@example.org"),
        ({"by": "rita@example.org"}, "Only managers can import reports"),
        ({"pairs": None, "carry_over": True}, "--carry-over goes with --pairs"),
    ],
)
def test_who_confirms_is_named_and_has_to_be_a_manager(pairs, options, refusal):
    with pytest.raises(CommandError, match=refusal):
        run(**{"pairs": pairs, **options})
    assert Report.objects.count() == 1


def test_there_has_to_be_an_earlier_report_and_a_new_one(pairs, tmp_path):
    run(pairs)
    with pytest.raises(CommandError, match="North Korea 2024 was imported before"):
        run(pairs)
    older = tmp_path / "2022.txt"
    older.write_bytes(year_before().replace(b"2023 Trafficking", b"2022 Trafficking"))
    with pytest.raises(CommandError, match="no earlier report of North Korea here to which 2022 is the next"):
        call_command("import_report", str(older), pairs=pairs, stderr=StringIO(), **BY)


def test_pairs_are_about_one_file(pairs):
    with pytest.raises(CommandError, match="--pairs is about one narrative"):
        call_command("import_report", str(pairs.parent), pairs=pairs, **BY)
