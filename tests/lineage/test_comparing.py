"""What holds of every proposal, whatever is in the lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.choices import LineageKind
from recommendations.lineage import compare
from recommendations.lineage.assignment import best
from recommendations.lineage.comparing import MOST
from recommendations.lineage.matching import Lists, match
from recommendations.lineage.terms import Weights, read_item, stem
from tests.support.lineages import steps

REAL = sorted(
    {text for use in ("tuned", "held_out") for step in steps(use).values() for text in step["old"]["items"]}
)
WORDS = st.sampled_from(
    [
        "end",
        "cease",
        "train",
        "police",
        "prosecutors",
        "victims",
        "shelters",
        "fund",
        "and",
        "provide,",
        "NGOs",
        "trafficking",
        "law.",
        "for",
    ]
)
TEXTS = st.one_of(
    st.sampled_from(REAL),
    st.lists(WORDS, min_size=1, max_size=8).map(" ".join),
    st.text(max_size=30),
)
LISTS = st.lists(TEXTS, max_size=9)
# Two texts that are equal but for punctuation can stand for each other.
UNLIKE = st.lists(TEXTS, max_size=9, unique_by=lambda text: read_item(text).key)
SWAPPED = {
    LineageKind.NEW: LineageKind.DROPPED,
    LineageKind.SPLIT: LineageKind.MERGED,
    LineageKind.WIDENED: LineageKind.NARROWED,
}
SWAPPED |= {after: before for before, after in SWAPPED.items()}


def whole(old, new):
    return compare(old, new, old_complete=True, new_complete=True)


def by_text(old, new, found):
    """Return the pairs of a proposal as texts, so that they can be compared whatever the order."""
    return {
        (
            frozenset(old[at - 1] for at in pair.old),
            frozenset(new[at - 1] for at in pair.new),
            pair.kind,
            pair.score,
        )
        for pair in found.pairs
    }


@given(LISTS, LISTS, st.booleans(), st.booleans())
def test_every_position_is_in_exactly_one_pair(old, new, old_complete, new_complete):
    found = compare(old, new, old_complete=old_complete, new_complete=new_complete)
    assert sorted(at for pair in found.pairs for at in pair.old) == list(range(1, len(old) + 1))
    assert sorted(at for pair in found.pairs for at in pair.new) == list(range(1, len(new) + 1))
    for pair in found.pairs:
        assert 0 <= pair.score <= 1
        assert min(len(pair.old), len(pair.new)) <= 1
        assert (pair.kind is LineageKind.SPLIT) == (len(pair.new) > 1)
        assert (pair.kind is LineageKind.MERGED) == (len(pair.old) > 1)


@given(LISTS)
def test_a_list_and_itself_are_the_same(texts):
    changed = [text.upper().replace(",", " ,") for text in texts]
    for new in (texts, changed) if all(text.isascii() for text in texts) else (texts,):
        found = whole(texts, new)
        assert {pair.kind for pair in found.pairs} <= {LineageKind.SAME}
        assert found.warnings == () or not texts


@given(UNLIKE, UNLIKE, st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(old, new, random):
    other_old, other_new = random.sample(old, len(old)), random.sample(new, len(new))
    assert by_text(old, new, whole(old, new)) == by_text(other_old, other_new, whole(other_old, other_new))


@given(UNLIKE, UNLIKE)
def test_the_other_way_round_is_the_same_step_backwards(old, new):
    backwards = {
        (after, before, SWAPPED.get(kind, kind), score)
        for before, after, kind, score in by_text(new, old, whole(new, old))
    }
    assert by_text(old, new, whole(old, new)) == backwards


@given(LISTS, LISTS)
def test_a_list_that_is_not_whole_drops_nothing_and_makes_nothing_new(old, new):
    cut = compare(old, new, old_complete=True, new_complete=False)
    assert LineageKind.DROPPED not in {pair.kind for pair in cut.pairs}
    cut = compare(old, new, old_complete=False, new_complete=True)
    assert LineageKind.NEW not in {pair.kind for pair in cut.pairs}


@given(st.lists(st.lists(st.integers(0, 9), min_size=4, max_size=4), max_size=4))
def test_the_assignment_is_the_best_one(gains):
    def most(row, taken):
        if row == len(gains):
            return 0
        return max(
            most(row + 1, taken),
            *(gains[row][at] + most(row + 1, taken | {at}) for at in range(4) if at not in taken),
        )

    found = best(gains)
    assert sum(gains[row][at] for row, at in found) == most(0, frozenset())
    assert len({row for row, _at in found}) == len({at for _row, at in found}) == len(found)


def test_what_is_settled_gets_no_pair_and_the_last_of_a_cut_list_stays_the_last():
    old, new = ["Close the camps", "Train poli"], ["Train police.", "Close all camps.", "Pay all wages."]
    found = compare(old, new, old_complete=False, new_complete=True, settled=([2], [1]))
    assert [(pair.old, pair.new, pair.kind) for pair in found.pairs] == [
        ((1,), (2,), LineageKind.REWORDED),
        ((), (3,), LineageKind.NOT_KNOWN),
    ]


def test_years_between_the_reports_are_named():
    def warned(old, new):
        found = compare(
            ["End it."], ["End it."], old_complete=True, new_complete=True, old_year=old, new_year=new
        )
        return " ".join(found.warnings)

    assert warned(2017, 2018) == ""
    assert warned(2017, 2019).startswith("The year 2018 lies between")
    assert warned(2018, 2024).startswith("The years 2019 to 2023 lie between")
    assert "give the earlier one first" in warned(2024, 2018)
    assert "give the earlier one first" in warned(2018, 2018)


def test_a_report_without_a_list_leaves_everything_unknown():
    for old, new in ((["End it."], []), ([], ["End it."])):
        found = compare(old, new, old_complete=bool(old), new_complete=bool(new))
        assert [pair.kind for pair in found.pairs] == [LineageKind.NOT_KNOWN]
        assert "has no recommendations" in " ".join(found.warnings)


def test_a_letter_or_two_at_the_cut_are_paired_with_nothing():
    found = compare(
        ["Train the police.", "In"], ["Train the police.", "In"], old_complete=False, new_complete=False
    )
    assert [(pair.old, pair.new) for pair in found.pairs] == [((1,), (1,)), ((2,), ()), ((), (2,))]


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("Train police.", "train police;", LineageKind.SAME),
        ("Finalize the SOPs.", "Finalize the SOPs, and train officials on their use.", LineageKind.WIDENED),
        ("Investigate cases and punish recruiters.", "Investigate cases.", LineageKind.NARROWED),
        (
            "Cease the beating of workers overseas.",
            "End the beating of workers abroad.",
            LineageKind.REWORDED,
        ),
        ("Investigate cases.", "Investigate cases, especially those of children.", LineageKind.REWORDED),
    ],
)
def test_kinds(old, new, kind):
    assert [pair.kind for pair in whole([old], [new]).pairs] == [kind]


def test_words_of_one_family_and_synonyms_are_one_term():
    assert len({stem(word) for word in ("trafficker", "traffickers", "trafficking", "perpetrators")}) == 1
    assert len({stem(word) for word in ("end", "cease", "stop", "eliminate")}) == 1
    assert stem("commit") == stem("committed")
    assert len({stem(word) for word in ("police", "prosecutor", "judge", "shelter", "wage")}) == 5
    assert (
        read_item("accede to the 2000 UN TIP Protocol").terms
        == read_item("become a party to the 2000 Palermo Protocol").terms
    )


def test_a_list_of_hundreds_is_refused():
    with pytest.raises(ValueError, match="more than 200"):
        whole(["End it."] * (MOST + 1), [])


def test_rare_words_tie_more_than_common_ones():
    """Both share one word with the old text: the rare one decides."""
    texts = ["Register domestic workers.", "Fund victims.", "Train police on victims.", "Help victims."]
    items = [read_item(text) for text in texts]
    lists = Lists(([read_item("Register victims.")], items), Weights(items))
    assert [group.sides for group in match(lists)] == [([0], [0])]
