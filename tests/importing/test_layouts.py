"""One list in every layout that was ever used gives the same recommendations."""

import pytest

from recommendations.choices import SectionKind, Tier
from recommendations.importing import fold
from tests.support.importing import parse
from tests.support.narratives import IN_ORDER, ORDERS, bulleted, by_semicolons, narrative, wrapped

SENTENCE, SENTENCE_TEXTS = by_semicolons()
STYLES = {
    "bullets between sentences": bulleted(),
    "bullets without spaces": bulleted("•"),
    "bullets, one a line": "\n".join(f"  • {order}" for order in ORDERS),
    "bullets, none before the first": "\n\n".join([ORDERS[0], *(f"• {order}" for order in ORDERS[1:])]),
    "asterisks between sentences": bulleted(" * "),
    "asterisks, one a line": "\n".join(f"* {order}" for order in ORDERS),
    "asterisks at lines without a space": "\n".join(f"*{order}" for order in ORDERS),
    "dashes, one a line": "\n".join(f"- {order}" for order in ORDERS),
    "numbers, one a line": "\n".join(f"{n}. {order}" for n, order in enumerate(ORDERS, 1)),
    "bare lines": "\n".join(ORDERS),
    "bare paragraphs": "\n\n".join(ORDERS),
    "sentences": " ".join(ORDERS),
    "sentences without spaces": "".join(ORDERS),
    "sentences without spaces, one bullet": "".join(ORDERS[:4]) + " • " + "".join(ORDERS[4:]),
    "semicolons": SENTENCE,
}
LIST_HEADINGS = (
    "PRIORITIZED RECOMMENDATIONS:",
    "PRIORITIZED RECOMMENDATIONS",
    "Prioritized Recommendations",
    "RECOMMENDATIONS FOR {NAME}",
    "RECOMMENDATIONS FOR THE {NAME} ISLANDS:",
    "Recommendations for {name}:",
    "The Government of {name} should :",
    "",
)
DISGUISES = {
    "as it is": lambda text: text,
    "wrapped at 60": lambda text: wrapped(text, 60),
    "wrapped at 115": lambda text: wrapped(text, 115),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "wrapped, CRLF": lambda text: wrapped(text, 90).replace("\n", "\r\n"),
    "old Mac line ends": lambda text: text.replace("\n", "\r"),
    "no-break spaces": lambda text: (
        text.replace(". ", ".\u00a0").replace("D R", "D\u00a0R").replace(" •", "\u00a0•")
    ),
    "two spaces": lambda text: text.replace(". ", ".  "),
    "no blank lines": lambda text: text.replace("\n\n", "\n"),
    "one line": lambda text: " ".join(text.split()),
}


def expected(style):
    return SENTENCE_TEXTS if style == "semicolons" else list(ORDERS)


def texts(report):
    for item in report.recommendations:
        assert fold(report.text[item.start : item.end]) == item.text
    return [item.text for item in report.recommendations]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("headings", [True, False], ids=["headings", "no headings"])
def test_every_heading_of_a_list(style, headings):
    for list_heading in LIST_HEADINGS:
        text = narrative(STYLES[style], list_heading=list_heading, headings=headings)
        report = parse(text.encode())
        assert texts(report) == expected(style), list_heading
        assert report.complete, list_heading
        assert (report.country_code, report.year, report.tier) == ("FJ", 2023, Tier.TIER_2)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("list_heading", ["PRIORITIZED RECOMMENDATIONS:", ""], ids=["headed", "headless"])
def test_every_disguise_of_white_space(style, disguise, list_heading):
    data = DISGUISES[disguise](narrative(STYLES[style], list_heading=list_heading)).encode()
    report = parse(data)
    assert report.text.encode() == data
    assert texts(report) == [fold(text) for text in expected(style)]
    assert report.complete


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("list_heading", ["PRIORITIZED RECOMMENDATIONS:", ""], ids=["headed", "headless"])
@pytest.mark.parametrize("headings", [True, False], ids=["headings", "no headings"])
def test_a_list_that_is_cut_is_never_called_whole(style, list_heading, headings):
    text = narrative(STYLES[style], list_heading=list_heading, headings=headings)
    whole = parse(text.encode())
    begin, end = whole.recommendations[0].start, whole.recommendations[-1].end
    for cut in range(begin + 1, end, 11):
        report = parse(text[:cut].encode())
        assert not report.complete, text[cut - 40 : cut]
        assert report.warnings
    assert parse(text[: end + 60].encode()).complete, (
        "the next part's first words show that the list is whole"
    )


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("list_heading", ["PRIORITIZED RECOMMENDATIONS:", ""], ids=["headed", "headless"])
def test_a_heading_that_the_end_of_the_text_cuts_short_is_no_item(style, list_heading):
    text = narrative(STYLES[style], list_heading=list_heading)
    begin = text.index("\nPROSECUTION\n") + 1
    for length in range(1, len("PROSECUTION")):
        report = parse(text[: begin + length].encode())
        assert texts(report) == expected(style), text[begin : begin + length]
        assert any("the beginning of a heading" in warning for warning in report.warnings)


def test_the_beginning_of_an_item_is_no_heading():
    for begun in ("Pro", "Prosec", "GO"):
        report = parse(narrative("\n".join([*ORDERS, f"• {begun}"]), after=False).encode())
        assert texts(report)[-1] == begun
    report = parse(narrative("\n".join([*ORDERS, "Prosec"]), after=False).encode())
    assert texts(report)[-1] == "Prosec", "in a list without marks it may be an item"


@pytest.mark.parametrize("style", STYLES)
def test_a_list_whose_last_item_breaks_off_before_the_next_heading_is_not_whole(style):
    broken = STYLES[style].removesuffix("on migrant workers.")
    report = parse(narrative(broken).encode())
    assert not report.complete
    assert any("breaks off" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    ("heading", "list_heading"),
    [
        ("{NAME} (Tier 2)", "Recommendations for {name}:"),
        ("{name}: Tier 2", "RECOMMENDATIONS FOR {NAME}:"),
        ("Tier 2", "Recommendations for {name}:"),
    ],
)
@pytest.mark.parametrize("inline", [True, False], ids=["inline", "own line"])
def test_a_narrative_that_begins_with_its_profile(heading, list_heading, inline):
    text = narrative(SENTENCE, heading=heading, list_heading=list_heading, profile_first=True)
    if inline:
        text = text.replace(":\n\nIncrease", ": Increase")
    report = parse(text.encode())
    assert texts(report) == SENTENCE_TEXTS
    assert report.complete
    profile, assessment, listed = report.sections[:3]
    assert (profile.kind, assessment.kind) == (SectionKind.PROFILE, SectionKind.ASSESSMENT)
    assert listed.kind is SectionKind.RECOMMENDATIONS
    assert report.text[profile.start :].startswith("Fiji is a source")
    assert report.text[assessment.start :].startswith("The Government of Fiji does not")
    assert report.text[: listed.end].endswith("migrant workers.")


def test_sections_cover_their_bodies_without_headings_and_footers():
    text = narrative(bulleted()) + "\n\nTAGS\n\n[Human Trafficking](#)\n\nWhite House\nUSA.gov\n"
    report = parse(text.encode())
    assert [section.kind for section in report.sections] == IN_ORDER
    headings = [section.heading for section in report.sections]
    assert headings == [
        "",
        "PRIORITIZED RECOMMENDATIONS:",
        "PROSECUTION",
        "PROTECTION",
        "PREVENTION",
        "TRAFFICKING PROFILE:",
    ]
    bodies = [report.text[section.start : section.end] for section in report.sections]
    assert bodies[2].startswith("The government increased") and bodies[2].endswith("four suspects.")
    assert bodies[5].startswith("As reported") and bodies[5].endswith("foreign victims in Fiji.")


CONTENTS = ("PRIORITIZED RECOMMENDATIONS:", "PROSECUTION", "PROTECTION", "PREVENTION", "TRAFFICKING PROFILE:")


@pytest.mark.parametrize("disguise", ["as it is", "one line", "CRLF"])
@pytest.mark.parametrize("entry", ["{}", "* [{}](#part)", "- {}"])
def test_a_table_of_contents_is_not_the_narrative(disguise, entry):
    contents = "In this section /\nFIJI (Tier 2)\n" + "\n".join(entry.format(line) for line in CONTENTS)
    report = parse(DISGUISES[disguise](f"{contents}\n\n{narrative(bulleted())}").encode())
    assert texts(report) == list(ORDERS)
    assert len(report.sections) == 6
    assert report.complete


def test_marked_up_headings():
    text = narrative(bulleted(), heading="# {NAME} (Tier 2)", list_heading="**PRIORITIZED RECOMMENDATIONS:**")
    report = parse(text.replace("PROSECUTION", "## PROSECUTION").encode())
    assert texts(report) == list(ORDERS)
    assert report.complete


SPECIAL = (
    "{title}\n\n{heading}\n\nYemen remains a Special Case for the fifth consecutive year. The conflict "
    "went on, and human trafficking could not be studied. Overall, the government made minimal efforts on "
    "prosecution and "
    "protection.\n\n{run_in}The government did not prosecute traffickers. Traffickers exploit migrants.\n"
)


@pytest.mark.parametrize(
    "heading",
    [
        "SPECIAL CASE: YEMEN",
        "Yemen (Special Case)",
        "Special Case",
        "Special Case (Yemen)",
        "YEMEN (not rated)",
    ],
)
@pytest.mark.parametrize(
    "run_in", ["GOVERNMENT EFFORTS\n\n", "GOVERNMENT EFFORTS:\n", "Government Efforts. "]
)
def test_a_special_case_has_a_tier_and_no_list(heading, run_in):
    title = "2020 Trafficking in Persons Report"
    report = parse(SPECIAL.format(title=title, heading=heading, run_in=run_in).encode())
    assert (report.country_code, report.tier) == ("YE", Tier.SPECIAL_CASE)
    assert report.heading == (heading if "Y" in heading else "")
    assert not report.complete and not report.recommendations
    assert any("Special Case" in warning for warning in report.warnings)
    assert [section.kind for section in report.sections] == [
        SectionKind.ASSESSMENT,
        SectionKind.GOVERNMENT_EFFORTS,
    ]
    assert report.text[report.sections[0].start : report.sections[0].end].endswith("protection.")


@pytest.mark.parametrize("list_heading", ["PRIORITIZED RECOMMENDATIONS:", ""])
def test_a_missing_list_is_said_to_be_missing(list_heading):
    report = parse(narrative("", list_heading=list_heading).encode())
    assert not report.recommendations and not report.complete
    assert any("No list of recommendations was found" in warning for warning in report.warnings)


def test_recommendations_in_the_prose_of_early_years_are_no_list():
    """Until 2008 the assessment says what "the government should" do; nobody numbered that."""
    text = narrative("", list_heading="", heading="{NAME} (Tier 2)", title="TIP Report, June 2008")
    text = text.replace(
        "in line with Art. 5 of the law.",
        "at all. The government should enact a law; it should train police.",
    )
    report = parse(text.encode())
    assert not report.recommendations and not report.complete
    assert (report.year, report.tier) == (2008, Tier.TIER_2)
