"""What is no narrative is refused in one plain sentence or two, whatever it is."""

import textwrap

import pytest

from recommendations.importing import NotANarrative
from tests.support.importing import parse
from tests.support.narratives import ASSESSMENT, PROSECUTION, bulleted, narrative


def refusal(data, **given):
    with pytest.raises(NotANarrative) as caught:
        parse(data if isinstance(data, bytes) else data.encode(), **given)
    message = str(caught.value)
    assert message[0].isupper() or message[0] == "“"
    assert message.endswith(".") and "\n" not in message
    return message


@pytest.mark.parametrize("data", [b"", b"\n \t\r\n", "\ufeff".encode(), "\u00a0\u200b\n".encode()])
def test_nothing(data):
    assert "empty" in refusal(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"%PDF-1.7 \xe2\xe3", "PDF"),
        (b"PK\x03\x04 word", "Word"),
        (b"\xd0\xcf\x11\xe0old", "Word"),
        (b"{\\rtf1 text}", "RTF"),
        (b"GIF89a\x00\x01\x00", "not a text file"),
        (narrative(bulleted()).encode() + b"\x00", "not a text file"),
        (bytes(range(1, 32)) * 20, "not a text file"),
        (narrative(bulleted()).encode("utf-16-le"), "not a text file"),
        (b"<!DOCTYPE html><html><script>load()</script></html>", "web page"),
        (b'[{"recommendations": []}]', "JSON"),
    ],
)
def test_a_file_of_another_sort(data, says):
    assert says in refusal(data, country="FJ", year=2023)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_in_another_encoding_is_read(encoding):
    text = narrative(bulleted(), name="Curaçao").replace("'", "’")
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    report = parse(mark + text.encode(encoding))
    assert report.text.removeprefix("\ufeff") == text
    assert (report.country_code, len(report.recommendations)) == ("CW", 9)


def test_text_that_is_not_utf8_names_the_line():
    assert "line 3" in refusal("one\ntwo\nΕλλάδα\n".encode("iso-8859-7"))


@pytest.mark.parametrize(
    "text",
    [
        "Lorem ipsum dolor sit amet. " * 40,
        "Recommendations\n\n• Buy milk.\n• Buy bread.\n",
        "PROSECUTION\n\nThe court heard the case.\n\nPREVENTION\n\nNothing.\n",
        "Fiji\n\nHuman trafficking is a crime. The government has a law.\n",
        "name,tier\nFiji,Tier 2\nTonga,Tier 1\n",
        "def parse(data):\n    return data\n",
        "Request for information\n\nThe Department asks for information on the degree to which the United "
        "States and foreign governments comply with the minimum standards for the elimination of trafficking "
        "in persons. The reporting period ends in March.",
        "Minimum standards\n\nThe government of the country should not punish trafficking victims and should "
        "prescribe penalties for sex trafficking and human trafficking that are sufficiently stringent and "
        "commensurate with those for grave crimes.",
        "The ministry said it would judge whether the Government of Fiji meets the minimum standards for the "
        "elimination of trafficking.",
    ],
)
def test_some_other_document(text):
    assert "does not read like a country narrative" in refusal(text, country="FJ", year=2023)


def test_a_list_of_tiers_is_no_narrative():
    text = "Tiers of trafficking\n" + "".join(
        f"{name} (Tier 2)\n" for name in ("Fiji", "Tonga", "Palau", "Samoa")
    )
    assert "several countries" in refusal(text + "trafficking " * 5, country="FJ", year=2023)


def test_a_page_of_the_factbook_without_a_rating():
    text = (
        "Field Listing :: Trafficking in persons\n\nFiji current situation: Fiji is a source of trafficking."
    )
    assert "World Factbook" in refusal(text, country="FJ", year=2016)


def test_the_factbook_and_interim_assessments_are_named():
    factbook = (
        "Fiji\n\nTrafficking in persons:\ncurrent situation: Fiji is a source country for children.\n"
        "tier rating: Tier 2 Watch List - Fiji does not fully comply with the minimum standards for the "
        "elimination "
        "of trafficking."
    )
    assert "World Factbook" in refusal(factbook, year=2012)
    interim = "Trafficking in Persons Interim Assessment\n\n" + narrative("")
    assert "Interim Assessment" in refusal(interim, year=2012)


SEVERAL = narrative(bulleted()) + "\n" + narrative(bulleted(" * "), name="Tonga", title="")


def test_a_page_of_several_countries_asks_which():
    message = refusal(SEVERAL)
    assert "Fiji, Tonga" in message
    assert "giving its country" in message
    assert "several countries" in refusal(SEVERAL, country="Palau")


@pytest.mark.parametrize(("country", "code"), [("Tonga", "TO"), ("FJ", "FJ")])
def test_a_page_of_several_countries_is_read_for_the_one_given(country, code):
    report = parse(SEVERAL.encode(), country=country)
    assert report.country_code == code
    assert len(report.recommendations) == 9 and report.complete
    own = report.sections[0]
    assert countries_named(report.text[own.start : own.end]) == {report.country_name}
    assert any("only that of" in warning for warning in report.warnings)


def countries_named(text):
    return {name for name in ("Fiji", "Tonga") if name in text}


def test_a_page_of_special_cases_by_bare_names():
    page = "".join(
        f"{name.upper()}\n\n{name} remains a special case for a second year. Human trafficking is "
        "little known, and the police should be trained to see it. More than 200 characters are said of it "
        "here, so that it is a text.\n\n"
        for name in ("The Bahamas", "Haiti")
    )
    page = f"Special Cases\n\n2007 Trafficking in Persons Report\n\n{page}"
    assert "The Bahamas, Haiti" in refusal(page)
    assert parse(page.encode(), country="Haiti").country_code == "HT"


def columns(width, mode):
    left = textwrap.wrap(
        ASSESSMENT.format(name="Fiji", the="") + " " + ASSESSMENT.format(name="Fiji", the=""), width
    )
    right = textwrap.wrap(f"PROSECUTION {PROSECUTION} " * 4, width)
    rows = zip(left, right, strict=False)
    return "FIJI (Tier 2)\n" + "\n".join(mode.format(one.ljust(width), two) for one, two in rows)


@pytest.mark.parametrize("width", [38, 46, 54])
@pytest.mark.parametrize("mode", ["{}\n{}", "{}    {}", "{}\t\t{}"], ids=["in turn", "side by side", "tabs"])
def test_two_columns_mixed(width, mode):
    assert "two columns" in refusal(columns(width, mode), country="FJ", year=2023)
