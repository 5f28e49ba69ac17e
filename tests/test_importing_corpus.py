"""The seed document, and the collection of real texts where it lies beside the repository.

The collection is found by `TIP_CORPUS` or in `../shared/data/tip-reports`. Its lists, split by hand,
leave out the closing semicolon of an item and the "and" before the last, as `parse` does; nothing else
is normalized.
"""

import csv
import hashlib
import json
import os
import re
from pathlib import Path

import pytest

from recommendations.choices import Tier
from recommendations.importing import fold, parse
from recommendations.importing.countries import by_argument
from tests.narratives import IN_ORDER
from tests.test_importing_promises import check_promises

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "recommendations" / "data" / "2024-north-korea.txt"
CORPUS = Path(os.environ.get("TIP_CORPUS") or ROOT.parent / "shared" / "data" / "tip-reports")
PRESENT = (CORPUS / "INDEX.tsv").is_file()
needs_corpus = pytest.mark.skipif(not PRESENT, reason=f"the collection of real texts is not at {CORPUS}")


def rows():
    if not PRESENT:
        return []
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8", newline="") as index:
        return list(csv.DictReader(index, delimiter="\t"))


def expected_lists():
    return json.loads((CORPUS / "EXPECTED.json").read_text(encoding="utf-8")) if PRESENT else []


def read(row):
    return parse((CORPUS / row["path"]).read_bytes(), country=code_of(row), year=int(row["year"]))


def code_of(row):
    return by_argument(re.split(r" \(", row["country"])[0])


def test_the_seed_document():
    data = SEED.read_bytes()
    report = parse(data)
    check_promises(report, data)
    assert (report.country_code, report.country_name, report.year) == ("KP", "North Korea", 2024)
    assert (report.tier, report.complete, report.warnings) == (Tier.TIER_3, True, ())
    assert report.heading == "KOREA, DEMOCRATIC PEOPLE’S REPUBLIC OF (Tier 3)"
    assert report.sha256 == hashlib.sha256(data).hexdigest()
    assert [item.text.split()[0] for item in report.recommendations] == (
        [
            "End",
            "End",
            "Eliminate",
            "Cease",
            "Provide",
            "Criminalize",
            "Investigate",
            "Increase",
            "Forge",
            "Allow",
            "Accede",
        ]
    )
    fourth = report.recommendations[3]
    assert fourth.text == (
        "Cease garnishing wages of overseas workers for the purposes of subsidizing the state budget."
    )
    assert "\n\n" in report.text[fourth.start : fourth.end]
    assert [section.kind for section in report.sections] == IN_ORDER
    bodies = [fold(report.text[section.start : section.end]) for section in report.sections]
    assert bodies[0].startswith("The Government of the Democratic") and bodies[0].endswith(
        "government operations."
    )
    assert bodies[4].endswith("is not a party to the 2000 UN TIP Protocol.")
    assert bodies[5].endswith("forced abortions, or death.")


def test_the_seed_document_cut_anywhere_in_its_list_is_never_whole():
    text = SEED.read_text(encoding="utf-8")
    whole = parse(text.encode())
    for cut in range(whole.recommendations[0].start + 1, whole.recommendations[-1].end + 1, 5):
        assert not parse(text[:cut].encode()).complete


@needs_corpus
@pytest.mark.parametrize("expected", expected_lists(), ids=lambda expected: expected["path"])
def test_lists_known_to_be_whole(expected):
    report = read(expected)
    assert [item.text for item in report.recommendations] == [
        fold(text) for text in expected["recommendations"]
    ]
    assert report.complete


@needs_corpus
def test_real_lists_before_a_heading_that_the_end_of_the_text_cuts_short():
    tried = 0
    for expected in expected_lists():
        whole = read(expected)
        end = whole.recommendations[-1].end
        heading = re.compile(r"[\s;#*_|]*(?=PR[EO]|Pr[eo])").match(whole.text, end)
        for length in (1, 2, 6) if heading else ():
            tried += 1
            text = whole.text[: heading.end() + length]
            cut = parse(text.encode(), country=code_of(expected), year=int(expected["year"]))
            assert [item.text for item in cut.recommendations] == [
                item.text for item in whole.recommendations
            ], (expected["path"], text[-20:])
    assert tried >= 20


@needs_corpus
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["path"])
def test_every_real_text(row):
    report = read(row)
    check_promises(report, (CORPUS / row["path"]).read_bytes())
    assert (report.country_code, report.year) == (code_of(row), int(row["year"]))
    whole = {expected["path"] for expected in expected_lists()}
    assert report.complete is (row["path"] in whole)
    counted = re.match(r"\d+", row["recommendations_counted"])
    assert counted, row["recommendations_counted"]
    assert len(report.recommendations) == int(counted.group())


@needs_corpus
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["path"])
def test_the_tier_of_every_real_text(row):
    stated = row["tier_as_stated"].casefold()
    report = read(row)
    if "conflict" in stated:
        assert any("the assessment" in warning for warning in report.warnings)
    elif "special case" in stated and "not in this" not in stated:
        assert report.tier is Tier.SPECIAL_CASE
    elif "not in this" in stated:
        assert report.tier is Tier.NOT_STATED
    else:
        wanted = re.match(r"tier ([123])(?: (watch list))?", stated)
        assert report.tier == wanted.group(1) + ("WL" if wanted.group(2) else "")


@needs_corpus
def test_the_same_list_glued_and_with_bullets():
    glued, bulleted = (
        parse((CORPUS / f"2020/syria__{site}.txt").read_bytes(), year=2020)
        for site in ("ecoi-glued", "stategov")
    )
    assert [item.text for item in glued.recommendations] == [item.text for item in bulleted.recommendations]


@needs_corpus
def test_every_text_of_the_collection_is_listed():
    found = {str(path.relative_to(CORPUS)) for path in CORPUS.glob("2*/*.txt")}
    assert found == {row["path"] for row in rows()}
