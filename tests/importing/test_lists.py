"""What parts a list and what does not: each pitfall with a text of its own."""

import pytest

from tests.support.importing import parse
from tests.support.narratives import ORDERS, bulleted, by_semicolons, narrative


def read(listed, **around):
    report = parse(narrative(listed, **around).encode())
    return [item.text for item in report.recommendations], report


def test_semicolons_inside_bulleted_items_part_nothing():
    items = [
        "Enact a law; sentence traffickers.",
        "Protect victims; and ensure they may stay.",
        "Train police.",
    ]
    assert read(bulleted(orders=items))[0] == items
    assert read(bulleted(" * ", orders=items))[0] == items


def test_semicolons_inside_bare_lines_part_nothing():
    items = [*ORDERS[:4], "Enact a law; sentence traffickers; and pay victims."]
    assert read("\n".join(items))[0] == items


def test_a_semicolon_before_a_closing_quotation_mark_parts():
    found, _ = read("Replace “any illegal purpose;” formalize procedures; and define “force” in law.")
    assert found == ["Replace “any illegal purpose;”", "formalize procedures", "define “force” in law."]


@pytest.mark.parametrize(
    "quote", ["“force; fraud; or coercion”", '"force; fraud; or coercion"', "(force; fraud; coercion)"]
)
def test_semicolons_in_quotations_and_parentheses_part_nothing(quote):
    found, report = read(f"Define {quote} in law; train police; and accede to the convention.")
    assert found == [f"Define {quote} in law", "train police", "accede to the convention."]
    assert report.complete


def test_a_semicolon_of_an_entity_parts_nothing():
    assert read("Train judges &amp; police; fund shelters; and enact a law.")[0] == [
        "Train judges &amp; police",
        "fund shelters",
        "enact a law.",
    ]


def test_a_semicolon_before_a_noun_stays_inside_and_is_reported():
    found, report = read(
        "Identify victims, such as children; individuals in prisons; train police; and enact a law."
    )
    assert found == [
        "Identify victims, such as children; individuals in prisons",
        "train police",
        "enact a law.",
    ]
    assert any("individuals in prisons" in warning for warning in report.warnings)


def test_and_joins_two_actions_that_count_as_one():
    found, _ = read("Publicly condemn it; develop a definition, and train officials on it; and enact a law.")
    assert found == ["Publicly condemn it", "develop a definition, and train officials on it", "enact a law."]


def test_a_closing_and_proves_that_a_sentence_of_semicolons_is_whole():
    _, report = read(by_semicolons()[0], after=False)
    assert report.complete


def test_a_bulleted_list_at_the_end_of_the_text_may_be_cut():
    found, report = read(bulleted(), after=False)
    assert found == list(ORDERS)
    assert not report.complete
    assert any("Nothing follows the list" in warning for warning in report.warnings)


def test_abbreviations_and_figures_end_no_sentence():
    items = [
        "Amend Art. 5 and Arts. 7 and 8 of the law in line with the 2000 UN TIP Protocol.",
        "Work with the U.S. Department of Labor and the D.P.R.K. desk.",
        "Implement Law No. 11/199.",
        "Report on the 2022-2023 NAP.",
        "Train staff in St. Lucia, e.g. Dr. Brown's.",
        "Amend article 382-1.",
    ]
    for mark in (" ", "", " • ", "\n"):
        found, report = read(mark.join(items))
        assert found == items, repr(mark)
        assert report.complete


def test_a_sentence_that_ends_in_an_acronym_ends():
    items = ["Extradite suspects to the U.S.", "Develop a plan.", "Enact a law."]
    assert read(" ".join(items))[0] == items


def test_a_missing_bullet_is_reported_and_not_parted():
    items = ["Convict traffickers.", "Screen for trafficking. Disseminate the procedures.", "Train police."]
    found, report = read(bulleted(orders=items))
    assert found == items
    assert report.complete
    (told,) = [words for words in report.warnings if "Recommendation 2 may be two" in words]
    assert "Disseminate" in told and told.endswith("if it is one, a reviewer can later split it into asks.")


def test_a_second_sentence_that_is_no_order_is_not_reported():
    items = ["Convict traffickers. This should include officials.", "Train police."]
    found, report = read(bulleted(orders=items))
    assert found == items
    assert report.warnings == ()
    assert read(" ".join([*items, "Enact a law."]))[0] == [*items, "Enact a law."]


def test_a_list_with_one_bullet_left_is_parted_at_full_stops_and_not_called_whole():
    found, report = read(" ".join(ORDERS[:5]) + " • " + " ".join(ORDERS[5:]))
    assert found == list(ORDERS)
    assert not report.complete
    assert any("bullets of the list are missing" in warning for warning in report.warnings)


def test_a_list_without_bullets_says_how_it_was_parted():
    _, report = read(" ".join(ORDERS))
    assert any("split at every full stop" in warning for warning in report.warnings)


@pytest.mark.parametrize("mark", ["•", "*"])
def test_an_empty_bullet_may_be_a_lost_recommendation(mark):
    found, report = read(bulleted(f" {mark} ") + f" {mark}")
    assert found == list(ORDERS)
    assert not report.complete
    assert any("no text after it" in warning for warning in report.warnings)


@pytest.mark.parametrize("ending", ["…", "[…]", "...", "Read more"])
def test_dots_at_the_end_mark_a_list_that_somebody_shortened(ending):
    found, report = read(bulleted() + f" • {ending}")
    assert found == list(ORDERS)
    assert not report.complete


def test_dashes_inside_items_part_nothing():
    items = ["Identify victims – separate from adoptions – early.", "Train police - and judges - on the law."]
    assert read(bulleted(orders=[*items, "Enact a law."]))[0] == [*items, "Enact a law."]
    assert read("\n".join([*items, "Enact a law."]))[0] == [*items, "Enact a law."]


def test_a_dash_that_opens_a_line_in_mid_sentence_parts_nothing():
    found, _ = read(
        "Identify victims\n– separate from adoptions –\nearly on.\n"
        "Train police\n- and judges - too.\nEnact a law."
    )
    assert found == [
        "Identify victims – separate from adoptions – early on.",
        "Train police - and judges - too.",
        "Enact a law.",
    ]


def test_a_list_broken_by_a_blank_line_goes_on():
    listed = bulleted().replace("victim-centered", "\n\nDPRK victim-centered")
    found, report = read(listed)
    assert len(found) == len(ORDERS)
    assert found[3] == "Train police, prosecutors, and judges on the DPRK victim-centered approach."
    assert report.complete


def test_words_pasted_twice_are_reported():
    twice = (
        "Enforce limits on the length of service to 18 Enforce limits on the length of service to 18 months."
    )
    found, report = read(bulleted(orders=[twice, "Train police.", "Train police."]))
    assert found[0] == twice
    assert any("Recommendation 1 has the same words twice" in warning for warning in report.warnings)
    assert any("2 and 3 have the same text" in warning for warning in report.warnings)


FOOTNOTE = "Fiji is a semi-autonomous entity. For the purpose of this report, Fiji is not a “country”."


@pytest.mark.parametrize("mark", ["1", "* ", "*", "1. "])
@pytest.mark.parametrize("list_heading", ["PRIORITIZED RECOMMENDATIONS:", ""])
def test_a_footnote_is_no_recommendation(mark, list_heading):
    note = mark + FOOTNOTE
    before = narrative(bulleted(" * "), list_heading=f"______\n{note}\n\n{list_heading}".rstrip())
    after = narrative(bulleted(" * ") + f"\n\n{note}", list_heading=list_heading)
    for text in (before, after):
        report = parse(text.encode())
        assert [item.text for item in report.recommendations] == list(ORDERS)
        assert report.complete


@pytest.mark.parametrize("list_heading", ["PRIORITIZED RECOMMENDATIONS:", ""])
def test_the_flattened_chart_of_past_tiers_is_no_recommendation(list_heading):
    chart = "FIJI TIER RANKING BY YEAR 2014 2015 2016 3 2WL 2 1 2017 2018"
    found, report = read(bulleted(), list_heading=f"{chart}\n{list_heading}".rstrip())
    assert found == list(ORDERS)
    assert report.complete
    assert report.tier == "2"


def test_items_without_full_stops_are_whole_where_none_has_one():
    items = [order.rstrip(".") for order in ORDERS]
    found, report = read("\n".join(f"• {item}" for item in items))
    assert found == items
    assert report.complete


def test_bulleted_items_that_end_with_semicolons():
    found, report = read("• Convict traffickers;\n• Train police; and\n• Enact a law.")
    assert found == ["Convict traffickers", "Train police", "Enact a law."]
    assert report.complete


def test_a_mix_of_semicolons_and_full_stops_is_not_called_whole():
    _, report = read(
        "Convict traffickers; train police; fund shelters. Enact a law. Open an office. Amend the code."
    )
    assert not report.complete
    assert any("mixes semicolons and full stops" in warning for warning in report.warnings)
