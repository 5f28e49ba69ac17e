"""What holds of every text, made up or hostile."""

import dataclasses
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations.importing import NotANarrative, fold
from tests.support.importing import check_promises, parse
from tests.support.narratives import HOSTILE, ORDERS, bulleted, flooded, narrative

CALM = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


MARKS = [
    "•",
    " * ",
    "; ",
    ";",
    ".",
    "\n\n",
    "\r\n",
    "\u00a0",
    " ",
    "“",
    "”",
    '"',
    "(",
    ")",
    "and ",
    "…",
    "1. ",
    "- ",
]
WORDS = [
    "PROSECUTION",
    "PRIORITIZED RECOMMENDATIONS:",
    "The government did not.",
    "FIJI (Tier 2)",
    "U.S. ",
    "é",
]
PIECES = st.sampled_from([*ORDERS, *MARKS, *WORDS, "\u200b"])


@CALM
@given(st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join))
def test_the_promises_hold_for_any_list(listed):
    data = narrative(listed).encode("utf-8", "replace")
    try:
        report = parse(data, country="FJ", year=2023)
    except NotANarrative:
        return
    check_promises(report, data)


@CALM
@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_are_read_or_refused(data):
    try:
        report = parse(data, country="FJ", year=2023)
    except NotANarrative as refusal:
        assert str(refusal).endswith(".")
        return
    check_promises(report, data)


@CALM
@given(st.integers(min_value=0, max_value=4000))
def test_the_promises_hold_wherever_a_narrative_is_cut(length):
    data = narrative(bulleted()).encode()[:length]
    try:
        report = parse(data, country="FJ", year=2023)
    except NotANarrative:
        return
    check_promises(report, data)


@given(st.text(alphabet=st.characters(codec="utf-8")))
@CALM
def test_folding_twice_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once == once.strip()
    assert "  " not in once and "\u00a0" not in once and "\n" not in once


@pytest.mark.parametrize(
    "space", ["\u00a0", "\u202f", "\u2009", "\u3000", "\t", "\r\n", "\u2028", "\x85", "\x0c"]
)
def test_every_white_space_is_folded(space):
    assert fold(f"{space}one{space}{space}two{space}") == "one two"


def test_a_byte_order_mark_stays_in_the_text_and_counts():
    plain, marked = (parse(start.encode() + narrative(bulleted()).encode()) for start in ("", "\ufeff"))
    assert marked.text[0] == "\ufeff"
    assert marked.recommendations[0].start == plain.recommendations[0].start + 1
    assert [item.text for item in marked.recommendations] == [item.text for item in plain.recommendations]
    assert marked.sha256 != plain.sha256


def test_a_report_cannot_be_changed():
    report = parse(narrative(bulleted()).encode())
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.year = 1999


def test_the_shape_for_json():
    shape = parse(narrative(bulleted()).encode()).as_dict()
    assert (shape["country"], shape["country_code"], shape["year"]) == ("Fiji", "FJ", 2023)
    assert shape["tier"] == "Tier 2"
    unstated = narrative(bulleted(), heading="").replace("remained on Tier 2", "made efforts")
    assert parse(unstated.encode()).as_dict()["tier"] is None
    assert shape["complete"] is True and shape["warnings"] == []
    assert set(shape["recommendations"][0]) == {"position", "text", "start", "end"}
    assert shape["sections"][1]["kind"] == "recommendations"
    assert json.loads(json.dumps(shape)) == shape


@pytest.mark.parametrize("piece", HOSTILE)
def test_much_of_anything_is_read_or_refused_with_a_sentence(piece):
    """How long it takes is printed by ``bench/hostile.py``, for megabytes."""
    data = flooded(piece, 100_000)
    try:
        report = parse(data, country="FJ", year=2023)
    except NotANarrative as refusal:
        assert str(refusal)
    else:
        check_promises(report, data)
