"""PDF as programs typeset it: hyphens at line ends, running heads, paragraphs without space between them."""

import pytest
from reportlab.lib.pagesizes import A4, LETTER

from recommendations.documents import read
from recommendations.files.sandbox.narratives.hyphens import Words
from recommendations.importing import fold, parse
from tests.support.documents import as_pdf
from tests.support.narratives import ORDERS, narrative

TEXT = narrative("\n".join(f"• {order}" for order in ORDERS))
SETTINGS = {
    "narrow pages": {"size": (300, 420), "fontSize": 9, "leading": 10.5},
    "large letters": {"size": LETTER, "fontSize": 14, "leading": 21},
    "no space between paragraphs": {"size": A4, "spaceAfter": 0},
    "first lines that are indented": {"size": A4, "spaceAfter": 0, "firstLineIndent": 18},
    "ragged lines": {"alignment": 0},
}


@pytest.mark.parametrize("how", SETTINGS)
def test_the_words_are_those_of_the_text(how):
    document = read(as_pdf(TEXT, **SETTINGS[how]))
    assert fold(document.text) == fold(TEXT)
    report = parse(document.text, sha256="")
    assert [item.text for item in report.recommendations] == list(ORDERS)
    assert (report.country_code, report.year, report.tier) == ("FJ", 2023, "2")


def test_a_head_that_names_the_report_is_kept_once_since_it_may_be_all_that_says_the_year():
    text = narrative(" • ".join(ORDERS), title="")
    document = read(as_pdf(text, head="2021 Trafficking in Persons Report", size=(300, 420)))
    assert document.text.count("2021 Trafficking in Persons Report") == 1
    assert parse(document.text, sha256="").year == 2021


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("traf-", "ficking", "trafficking"),
        ("investi-", "gate traffickers", "investigate traffickers"),
        ("non-", "governmental", "non-governmental"),
        ("North-", "South", "North-South"),
        ("state-", "sponsored", "state-sponsored"),
        ("victim-", "centered", "victim-centered"),
        ("anti-traf-", "ficking", "anti-trafficking"),
        ("2022-", "2023", "2022-2023"),
        ("271-", "A of the code", "271-A of the code"),
        ("UN-", "SCR 2397", "UNSCR 2397"),
        ("re-", "education", "re-education"),
        ("co-", "operation", "cooperation"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_stays_where_it_is_of_the_word(before, after, joined):
    words = Words("The camps for re-education. Cooperation with states.")
    assert words.joined(f"of the {before}", after) == f"of the {joined}"
