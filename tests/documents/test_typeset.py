"""PDF as programs typeset it: hyphens at line ends, running heads, paragraphs without space between them."""

import io

import pytest
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas

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
    "two columns": {"size": A4, "columns": 2},
    "two columns of ragged lines": {"size": A4, "columns": 2, "alignment": 0},
    "three columns on low pages, the last of them empty in the end": {
        "size": (595, 240),
        "columns": 3,
        "fontSize": 9,
        "leading": 11,
        "spaceAfter": 0,
    },
}
BOX = """Tier placements
Chad (Tier 3)
Chile: Tier 1
Cuba (Tier 3)
Investigate our archive;
provide your address."""


def drawn(lines):
    """Return a PDF of one page with lines where they are told to be, written in this order."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1)
    canvas.setFont("Times-Roman", 10)
    for left, base, words in lines:
        canvas.drawString(left, base, words)
    canvas.save()
    return made.getvalue()


def lines_of(read_text):
    return [line for line in read_text.splitlines() if line]


@pytest.mark.parametrize("how", SETTINGS)
def test_the_words_are_those_of_the_text(how):
    document = read(as_pdf(TEXT, **SETTINGS[how]))
    assert fold(document.text) == fold(TEXT)
    report = parse(document.text, sha256="")
    assert [item.text for item in report.recommendations] == list(ORDERS)
    assert (report.country_code, report.year, report.tier) == ("FJ", 2023, "2")


@pytest.mark.parametrize("columns", [1, 2])
def test_a_box_beside_the_text_is_read_after_it(columns):
    document = read(as_pdf(TEXT, size=A4, box=BOX, columns=columns, fontSize=9, leading=11))
    text, boxed = fold(TEXT), fold(document.text).removeprefix(fold(TEXT))
    assert fold(document.text).startswith(text)
    assert boxed.count(fold(BOX)) == boxed.count("Chile") > 0
    report = parse(document.text, sha256="")
    assert [item.text for item in report.recommendations] == list(ORDERS)
    assert (report.country_code, report.tier) == ("FJ", "2")


def test_bullets_that_are_written_before_the_words_stand_before_them():
    marks = [(72, 700 - 20 * number, "•") for number in range(5)]
    words = [(90, 700 - 20 * number, f"Investigate the ministry of number {number}.") for number in range(5)]
    expected = [f"• {line[2]}" for line in words]
    assert lines_of(read(drawn(marks + words)).text) == expected
    assert lines_of(read(drawn(words + marks)).text) == expected


def test_lines_that_the_file_goes_back_up_to_are_read_where_they_stand():
    heads = [(72, 700, "PROTECTION"), (72, 600, "PREVENTION")]
    body = [
        (72, 670, "The government found nobody in the year."),
        (72, 570, "The government raised awareness of it."),
    ]
    expected = [heads[0][2], body[0][2], heads[1][2], body[1][2]]
    assert lines_of(read(drawn(heads + body)).text) == expected
    assert lines_of(read(drawn(body + heads)).text) == expected
    assert lines_of(read(drawn(list(reversed(body + heads)))).text) == expected


def test_columns_stay_apart_where_one_line_reaches_into_the_next():
    left = [(72, 700 - 12 * number, f"of the left column, number {number},") for number in range(12)]
    left[4] = (72, left[4][1], "https://example.org/a/long/address/that/reaches/far/into/the/other/column")
    right = [(300, 700 - 12 * number, f"of the right column, number {number},") for number in range(12)]
    text = fold(read(drawn(left + right)).text)
    assert text.index("left column, number 11") < text.index("right column, number 0")


def test_a_head_over_two_columns_that_is_written_last_stands_first():
    left = [(72, 700 - 12 * number, f"of the left column, number {number},") for number in range(6)]
    right = [(320, 700 - 12 * number, f"of the right column, number {number},") for number in range(6)]
    head = [(72, 760, "A head that reaches over both of the columns, as wide as the page is, or nearly so")]
    text = fold(read(drawn(left + right + head)).text)
    assert text.startswith("A head") and text.index("left column, number 5") < text.index("right column")


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
