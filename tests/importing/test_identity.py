"""Country, year and tier: however they are printed, and what happens where they disagree."""

import pytest

from recommendations.choices import Tier
from recommendations.importing import NotANarrative, countries
from tests.support.importing import parse
from tests.support.narratives import bulleted, narrative

PLAIN = "2023 Trafficking in Persons Report"


def read(**around):
    given = {key: around.pop(key) for key in ("country", "year") if key in around}
    return parse(narrative(bulleted(), **around).encode(), **given)


@pytest.mark.parametrize(
    ("printed", "code", "name"),
    [
        ("KOREA, DEMOCRATIC PEOPLE’S REPUBLIC OF", "KP", "North Korea"),
        ("DEMOCRATIC PEOPLE’S REPUBLIC OF KOREA", "KP", "North Korea"),
        ("Republic of Korea", "KR", "South Korea"),
        ("Micronesia, Federated States of", "FM", "Micronesia"),
        ("Congo, Democratic Republic of the", "CD", "Democratic Republic of the Congo"),
        ("Congo, Republic of the", "CG", "Republic of the Congo"),
        ("Gambia, The", "GM", "The Gambia"),
        ("The Bahamas", "BS", "The Bahamas"),
        ("Burma", "MM", "Burma"),
        ("Türkiye", "TR", "Türkiye"),
        ("Turkey", "TR", "Türkiye"),
        ("Kosovo", "XK", "Kosovo"),
        ("Macau", "MO", "Macau"),
        ("Hong Kong", "HK", "Hong Kong"),
        ("Taiwan", "TW", "Taiwan"),
        ("Cote d’Ivoire", "CI", "Côte d'Ivoire"),
        ("Cote d’ Ivoire", "CI", "Côte d'Ivoire"),
        ("Côte d'Ivoire", "CI", "Côte d'Ivoire"),
        ("Curaçao", "CW", "Curaçao"),
        ("Curacao", "CW", "Curaçao"),
        ("St. Vincent and the Grenadines", "VC", "St. Vincent and the Grenadines"),
        ("Saint Lucia", "LC", "St. Lucia"),
        ("Sint Maarten", "SX", "Sint Maarten"),
        ("Swaziland", "SZ", "Eswatini"),
        ("Timor-Leste", "TL", "Timor-Leste"),
        ("East Timor", "TL", "Timor-Leste"),
        ("Guinea", "GN", "Guinea"),
        ("Guinea-Bissau", "GW", "Guinea-Bissau"),
        ("Equatorial Guinea", "GQ", "Equatorial Guinea"),
        ("Papua New Guinea", "PG", "Papua New Guinea"),
        ("Niger", "NE", "Niger"),
        ("Nigeria", "NG", "Nigeria"),
        ("Dominica", "DM", "Dominica"),
        ("Dominican Republic", "DO", "Dominican Republic"),
        ("United States of America", "US", "United States"),
        ("Lao People’s Democratic Republic", "LA", "Laos"),
        ("Bosnia & Herzegovina", "BA", "Bosnia and Herzegovina"),
        ("Trinidad and Tobago", "TT", "Trinidad and Tobago"),
    ],
)
def test_a_countrys_name_however_it_is_printed(printed, code, name):
    report = read(name=printed, title=PLAIN)
    assert (report.country_code, report.country_name) == (code, name)
    assert not report.warnings
    assert countries.by_argument(printed) == code
    assert countries.by_argument(code.lower()) == code


def test_every_country_of_the_standard_is_found_by_each_of_its_names():
    wrong = []
    for country in countries.pycountry.countries:
        names = {getattr(country, key, None) for key in ("name", "official_name", "common_name")} - {None}
        wrong += [name for name in names if countries.lookup(name) != country.alpha_2]
    assert wrong == []


def test_a_part_of_a_longer_description_is_not_taken_for_the_country():
    text = narrative(bulleted(), name="Macau", title=PLAIN).replace(
        "Government of Macau",
        "Government of the Macau Special Administrative Region of the People's Republic of China",
    )
    assert parse(text.encode()).country_code == "MO"


def test_a_footnote_number_glued_to_the_name():
    text = narrative(bulleted(), name="Sint Maarten", title=PLAIN, heading="")
    assert parse(text.replace("of Sint Maarten does", "of Sint Maarten1 does").encode()).country_code == "SX"


def test_a_misspelt_heading_is_read_by_the_assessment_and_reported():
    text = narrative(bulleted(), name="Guinea-Bissau", title=PLAIN, heading="GUINNEA-BISSAU (Tier 2)")
    report = parse(text.encode())
    assert report.country_code == "GW"
    assert report.heading == "GUINNEA-BISSAU (Tier 2)"
    assert any("GUINNEA-BISSAU" in warning for warning in report.warnings)


@pytest.mark.parametrize("typo", ["Slovania", "Slovkia"])
def test_a_misspelling_that_may_be_two_countries_decides_nothing(typo):
    report = read(name="Slovenia", title=f"2023 Trafficking in Persons Report: {typo}")
    assert report.country_code == "SI"


def test_the_profile_names_the_country_where_nothing_else_does():
    text = narrative(bulleted(), title=PLAIN, heading="Tier 2", profile_first=True)
    text = text.replace("Government of Fiji", "government").replace("Fiji remained", "the country remained")
    assert parse(text.encode()).country_code == "FJ"


@pytest.mark.parametrize("given", ["Tonga", "TO", "ton"])
def test_another_country_than_the_one_given_is_refused(given):
    with pytest.raises(NotANarrative, match="about Fiji, but the country given is Tonga"):
        read(country=given)


def test_an_unknown_country_is_refused():
    with pytest.raises(NotANarrative, match="Narnia"):
        read(country="Narnia")


def test_a_text_that_names_no_country_needs_one_given():
    listed = narrative(bulleted(), title=PLAIN, heading="").split("\n\n")
    text = "\n\n".join(part for part in listed if "Fiji" not in part)
    with pytest.raises(NotANarrative, match="which country"):
        parse(text.encode())
    assert parse(text.encode(), country="Fiji").country_code == "FJ"


def test_headings_that_name_another_country_than_the_text_ask_the_user():
    with pytest.raises(NotANarrative, match=r"Fiji and Tonga|Tonga and Fiji"):
        read(title=PLAIN, heading="TONGA (Tier 2)", list_heading="")
    assert read(title=PLAIN, heading="TONGA (Tier 2)", list_heading="", country="Fiji").country_code == "FJ"


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2021 Trafficking in Persons Report: {name}", 2021),
        ("2017 Trafficking in Persons Report - {name}", 2017),
        ("Trafficking in Persons Report 2018 - Country Narratives - {name}", 2018),
        ("Trafficking In Persons Report 2023 (TIP)", 2023),
        ("[Extracted from U.S. State Dept Trafficking in Persons Report, June 2008]", 2008),
        ("Extracted from the U.S. State Dept 2020 TIP Report", 2020),
        ("Extracted in part from the U.S. State Dept\n2020 TIP Report", 2020),
        ("Trafficking in Persons Report\nOffice to Monitor and Combat\nJune 12, 2007", 2007),
        ("{name} TIER Ranking (TIP 2023)", 2023),
        ("https://www.state.gov/reports/2019-trafficking-in-persons-report/fiji/", 2019),
        ("Publication Date | 27 June 2017 |\nLast Updated: Monday, 17 October 2022", 2017),
        (
            "2017 Trafficking in Persons Report\nPublication Date 27 June 2017\n[accessed 2 October 2022]",
            2017,
        ),
    ],
)
def test_the_year_in_every_form_of_title(title, year):
    report = read(title=title)
    assert report.year == year
    assert report.warnings == ()


def test_a_date_of_publication_wins_over_a_loose_year_and_is_reported():
    report = read(title="Country Narratives (2009)\n\n06/14/10")
    assert report.year == 2010
    assert any("2009" in warning for warning in report.warnings)


def test_years_inside_the_narrative_are_not_the_reports():
    text = narrative(bulleted(), title="").replace("adopting a plan", "adopting the 2019 TIP Report's advice")
    with pytest.raises(NotANarrative, match="year"):
        parse(text.encode())
    assert parse(text.encode(), year=2021).year == 2021


@pytest.mark.parametrize("year", [2022, 2024])
def test_another_year_than_the_reports_own_is_refused(year):
    with pytest.raises(NotANarrative, match=f"from the 2023 report, but the year given is {year}"):
        read(year=year)


def test_a_year_that_only_a_date_contradicts_is_taken_and_reported():
    report = read(title="June 12, 2007", year=2008)
    assert report.year == 2008
    assert any("2007" in warning for warning in report.warnings)


def test_an_impossible_year_is_refused():
    with pytest.raises(NotANarrative, match="23"):
        read(title="", year=23)


@pytest.mark.parametrize(
    ("heading", "tier"),
    [
        ("{NAME} (Tier 1)", Tier.TIER_1),
        ("{NAME}: TIER 2", Tier.TIER_2),
        ("{name} (Tier 2 Watch List)", Tier.TIER_2_WATCH_LIST),
        ("{NAME}: Tier 2 WATCH LIST†", Tier.TIER_2_WATCH_LIST),
        ("{NAME} (Tier 2)*", Tier.TIER_2),
        ("{NAME} (TIER\u00a03)", Tier.TIER_3),
        ("Tier 3", Tier.TIER_3),
        ("{name} TIER Ranking: TIER 2 (TIP 2023)", Tier.TIER_2),
        ("{NAME} (not rated)", Tier.NOT_STATED),
        ("", Tier.NOT_STATED),
    ],
)
def test_the_tier_of_the_heading_where_the_prose_has_none(heading, tier):
    text = narrative(bulleted(), heading=heading).replace("remained on Tier 2", "made efforts")
    report = parse(text.encode())
    assert report.tier is tier
    assert any("tier" in warning for warning in report.warnings) is (tier is Tier.NOT_STATED)


@pytest.mark.parametrize(
    ("words", "tier"),
    [
        ("remained on Tier 3", Tier.TIER_3),
        ("was upgraded to Tier 1", Tier.TIER_1),
        ("was downgraded to Tier 2 Watch List", Tier.TIER_2_WATCH_LIST),
        ("is placed on Tier 2 Watch List", Tier.TIER_2_WATCH_LIST),
        (
            "was granted a waiver from an otherwise required downgrade to Tier 3; therefore it "
            "remained on Tier 2 Watch List",
            Tier.TIER_2_WATCH_LIST,
        ),
        ("would otherwise be downgraded to Tier 3 and remained on Tier 2", Tier.TIER_2),
    ],
)
def test_the_tier_of_the_prose(words, tier):
    text = narrative(bulleted(), heading="").replace("remained on Tier 2", words)
    assert parse(text.encode()).tier is tier


def test_a_heading_that_contradicts_the_assessment_is_reported():
    report = read(heading="{NAME} (Tier 2 Watch List)")
    assert report.tier is Tier.TIER_2
    assert any("Tier 2 Watch List" in w and "the assessment Tier 2" in w for w in report.warnings)


def test_front_matter_that_explains_the_tiers_is_not_the_countrys():
    front = (
        "Tier 3: Countries whose governments do not fully meet the minimum standards for the elimination of "
        "trafficking."
    )
    report = parse(f"{front}\n\n{narrative(bulleted())}".encode())
    assert report.tier is Tier.TIER_2
    assert report.country_code == "FJ"
