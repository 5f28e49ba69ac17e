"""What a reviewer sees of two texts: whole phrases, and never another text than the one proposed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.text import diff
from recommendations.text.diff import word_runs


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("", "", []),
        ("One.", "One.", [("same", "One.")]),
        ("One.", "", [("old", "One.")]),
        (
            "The state keeps sending workers.",
            "The state now sends workers.",
            [("same", "The state "), ("old", "keeps sending "), ("new", "now sends "), ("same", "workers.")],
        ),
        ("One two", "One  two three", [("same", "One  two "), ("new", "three")]),
        ("Open the camps.", "Nothing was heard.", [("new", "Nothing was heard.")]),
    ],
)
def test_phrases_are_marked_whole(before, after, runs):
    assert word_runs(before, after) == runs


@given(st.text("ab .\n한", max_size=60), st.text("ab .\n한", max_size=60))
def test_the_proposed_text_can_always_be_read_off(before, after):
    runs = word_runs(before, after)
    assert "".join(text for kind, text in runs if kind != "old") == after


def test_texts_too_long_to_compare_count_as_new(monkeypatch):
    before, after = "One two three.", "One two four."
    pairs = 4 * 4  # three words and the full stop, on both sides
    monkeypatch.setattr(diff, "MOST_PAIRS", pairs)
    assert len(word_runs(before, after)) == 4
    monkeypatch.setattr(diff, "MOST_PAIRS", pairs - 1)
    monkeypatch.delattr(diff, "difflib")  # nothing is compared at all
    assert word_runs(before, after) == [("new", after)]


def test_texts_of_one_word_over_and_over_count_as_new(monkeypatch):
    monkeypatch.delattr(diff, "difflib")
    after = "word other " * 500
    assert word_runs("word " * 1000, after) == [("new", after)]
