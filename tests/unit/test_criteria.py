"""The criteria of a status: their wording is that of the documentation, and no version is ever reworded."""

import hashlib
import json
import re
from pathlib import Path

from django.conf import settings

from recommendations.choices import (
    CRITERIA,
    CURRENT_CRITERIA,
    HRC_GRADES,
    HRC_NO_ANSWER,
    UPR_LEVELS,
    Nature,
    Status,
    criterion,
)

DOMAIN = Path(settings.BASE_DIR) / "docs" / "domain.md"
# Of each version that assessments were made under: whoever rewords one adds another.
FIXED = {
    1: "b6fdd772417966a7",
    2: "8a4a9e88682607dc",
}


def told():
    """Yield (value, label, to do, to end) of the table of the documentation."""
    for line in DOMAIN.read_text().splitlines():
        if found := re.fullmatch(r"\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \|", line):
            yield found.groups()


def test_the_documentation_has_the_words_of_the_code():
    rows = list(told())
    assert [row[0] for row in rows] == [str(value) for value in Status]
    for value, label, to_do, to_end in rows:
        assert label == Status(value).label
        assert criterion(value, Nature.DO) == to_do
        assert criterion(value, Nature.END) == (to_do if to_end == "the same" else to_end)


def test_the_documentation_has_what_others_call_it():
    rows = re.findall(r"^\| ([A-Z][a-z ]+) \| ([A-E–][^|]*) \| ([^|]+) \|$", DOMAIN.read_text(), re.MULTILINE)
    told = {label: (grade.strip()[0], level.strip()) for label, grade, level in rows}
    assert set(told) == {str(one.label) for one in Status}
    for one in Status:
        grade = HRC_GRADES.get(one, HRC_NO_ANSWER if one == Status.NO_INFORMATION else "–")
        assert told[str(one.label)] == (grade, str(UPR_LEVELS.get(one, "–")))


def test_each_version_says_something_of_each_status_and_nature():
    for by_nature in CRITERIA.values():
        assert set(by_nature) == set(Nature)
        assert all(set(texts) == set(Status) and all(texts.values()) for texts in by_nature.values())


def test_no_version_is_reworded():
    for number, by_nature in CRITERIA.items():
        said = {
            nature: {key: str(text) for key, text in texts.items()} for nature, texts in by_nature.items()
        }
        found = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
        assert found == FIXED[number], f"version {number} was reworded: add a version instead"


def test_the_first_version_knew_no_natures():
    assert criterion("no_action", "", 1) == criterion("no_action", Nature.END, 1)
    assert criterion("no_action", "", 1) != criterion("no_action", "")
    assert max(CRITERIA) == CURRENT_CRITERIA
