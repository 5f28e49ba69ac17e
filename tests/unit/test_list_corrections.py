"""Correcting a list before its import: whatever is done, the words stay those of the source."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.importing import fold
from recommendations.rules import list_corrections as rule
from tests.support.importing import NARRATIVE, parse

TEXT = "Intro. • End forced  labor. Cease\n garnishing wages. • Allow\nmonitors. • Accede to the Protocol."
FIRST, SECOND, THIRD = (
    (TEXT.index(begin), TEXT.index(end) + len(end))
    for begin, end in (("End", "wages."), ("Allow", "monitors."), ("Accede", "Protocol."))
)
LIST = [FIRST, SECOND, THIRD]


def said(spans):
    """Return the words of each."""
    return [fold(TEXT[start:end]) for start, end in spans]


def test_one_is_split_before_some_of_its_words_however_they_are_spaced():
    assert said(rule.split(TEXT, LIST, 0, "Cease garnishing")) == [
        "End forced labor.",
        "Cease garnishing wages.",
        "Allow monitors.",
        "Accede to the Protocol.",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", "Enter the words"),
        ("Release", "“Release” was not found in the text here"),
        ("Allow", "was not found in the text here"),
        ("End forced", "begins with these words"),
    ],
)
def test_a_split_that_cannot_be_says_why(words, why):
    with pytest.raises(rule.CannotCorrect, match=why):
        rule.split(TEXT, LIST, 0, words)


def test_two_become_one_where_nothing_but_a_mark_is_between_them():
    assert rule.join(TEXT, LIST, 1) == [FIRST, (SECOND[0], THIRD[1])]
    parts = rule.split(TEXT, LIST, 0, "Cease")
    assert rule.join(TEXT, parts, 0) == LIST


@pytest.mark.parametrize(("spans", "number"), [(LIST, 2), ([FIRST, THIRD], 0), ([THIRD, FIRST], 0)])
def test_two_that_are_not_beside_each_other_in_the_text_stay_two(spans, number):
    with pytest.raises(rule.CannotCorrect):
        rule.join(TEXT, spans, number)


def test_a_missing_one_is_added_where_it_stands_in_the_text():
    assert rule.add(TEXT, [FIRST, THIRD], " Allow   monitors. ") == LIST
    assert rule.add(TEXT, [], "Accede to the Protocol.") == [THIRD]


@pytest.mark.parametrize("words", ["forced labor. Cease", "Cease garnishing wages. • Allow monitors.", "the"])
def test_a_passage_that_is_in_the_list_already_is_not_added(words):
    with pytest.raises(rule.CannotCorrect, match="Remove it first"):
        rule.add(TEXT, LIST, words)


def test_words_that_are_there_twice_are_not_guessed():
    with pytest.raises(rule.CannotCorrect, match="more than once"):
        rule.add("End it. End it.", [], "End it.")


def test_one_is_moved_and_stops_at_the_ends():
    assert rule.move(LIST, 2, -1) == [FIRST, THIRD, SECOND]
    assert rule.move(LIST, 0, -1) == LIST
    assert rule.move(LIST, 2, 1) == LIST


ACTS = st.tuples(
    st.sampled_from(["split", "join", "remove", "add", "move"]),
    st.integers(0, 5),
    st.integers(0, 14),
    st.integers(0, 6),
    st.integers(-2, 2),
)


def done(spans, act, number, words, by):
    """Return the list after an act."""
    match act:
        case "split":
            return rule.split(TEXT, spans, number, words)
        case "join":
            return rule.join(TEXT, spans, number)
        case "remove":
            return rule.remove(spans, number)
        case "move":
            return rule.move(spans, number, by)
    return rule.add(TEXT, spans, words)


@given(st.lists(ACTS, max_size=8))
def test_whatever_is_done_no_word_is_made_up_and_no_two_share_one(acts):
    """Try to break it: any acts in any order, refused ones among them."""
    spans = LIST
    for act, number, first, length, by in acts:
        if number >= len(spans) and act != "add":
            continue
        try:
            spans = done(spans, act, number, " ".join(TEXT.split()[first:][:length]), by)
        except rule.CannotCorrect as refusal:
            assert str(refusal)
    assert all(start < end <= len(TEXT) and TEXT[start:end].strip() for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(sorted(spans)))


def test_a_report_says_that_its_list_was_corrected_and_is_complete_by_the_number_expected():
    parsed = parse(NARRATIVE)
    spans = [(item.start, item.end) for item in parsed.recommendations]
    assert rule.with_list(parsed, spans, None) == parsed
    fewer = rule.with_list(parsed, spans[:10], 11)
    assert not fewer.complete
    assert fewer.warnings[-2:] == (
        "The list was corrected by hand: 11 were read, it now has 10.",
        "11 recommendations were expected; the list has 10.",
    )
    assert rule.with_list(parsed, spans[:10], 10).complete
    assert [item.position for item in fewer.recommendations] == list(range(1, 11))


def test_what_is_said_of_a_recommendation_is_said_of_the_list_as_it_was_corrected():
    parsed = parse(NARRATIVE.replace(b"labor trafficking. * Investigate", b"labor trafficking. Investigate"))
    assert any("Recommendation 6 may be two" in words for words in parsed.warnings)
    spans = [(item.start, item.end) for item in parsed.recommendations]
    split = rule.with_list(parsed, rule.split(parsed.text, spans, 5, "Investigate"), None)
    assert not any("may be two" in words for words in split.warnings)
    joined = rule.with_list(parsed, rule.join(parsed.text, spans, 0), None)
    assert any("Recommendation 5 may be two" in words for words in joined.warnings)
