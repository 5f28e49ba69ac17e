"""The seed document, and each text of the collections (`tests/support/collections.py`)."""

import hashlib
import re

import pytest

from recommendations.choices import Tier
from recommendations.importing import fold
from tests.support.collections import COLLECTIONS, REAL, code_of, each, expected_lists, needs_real_texts, rows
from tests.support.importing import SEED, check_promises, parse
from tests.support.narratives import IN_ORDER


def read(folder, row):
    return parse((folder / row["path"]).read_bytes(), country=code_of(row), year=int(row["year"]))


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


@each(expected_lists)
def test_lists_known_to_be_whole(folder, entry):
    [row] = [row for row in rows(folder) if row["path"] == entry["path"]]
    report = read(folder, row)
    assert [item.text for item in report.recommendations] == [fold(text) for text in entry["recommendations"]]
    assert report.complete


@each(rows)
def test_every_text(folder, entry):
    report = read(folder, entry)
    check_promises(report, (folder / entry["path"]).read_bytes())
    assert (report.country_code, report.year) == (code_of(entry), int(entry["year"]))
    whole = {expected["path"] for expected in expected_lists(folder)}
    assert report.complete is (entry["path"] in whole)
    counted = re.match(r"\d+", entry["recommendations_counted"])
    assert counted, entry["recommendations_counted"]
    assert len(report.recommendations) == int(counted.group())


@each(rows)
def test_the_tier_of_every_text(folder, entry):
    stated = entry["tier_as_stated"].casefold()
    report = read(folder, entry)
    if "conflict" in stated:
        assert any("the assessment" in warning for warning in report.warnings)
    elif "special case" in stated and "not in this" not in stated:
        assert report.tier is Tier.SPECIAL_CASE
    elif "not in this" in stated:
        assert report.tier is Tier.NOT_STATED
    else:
        wanted = re.match(r"tier ([123])(?: (watch list))?", stated)
        assert report.tier == wanted.group(1) + ("WL" if wanted.group(2) else "")


@pytest.mark.parametrize("folder", COLLECTIONS, ids=lambda folder: folder.name)
def test_every_text_of_a_collection_is_listed(folder):
    found = {str(path.relative_to(folder)) for path in folder.glob("2*/*.txt")}
    assert found == {row["path"] for row in rows(folder)}


@needs_real_texts
def test_the_same_list_glued_and_with_bullets():
    glued, bulleted = (
        parse((REAL / f"2020/syria__{site}.txt").read_bytes(), year=2020)
        for site in ("ecoi-glued", "stategov")
    )
    assert [item.text for item in glued.recommendations] == [item.text for item in bulleted.recommendations]
