"""Briefs: what they hold at which door, that they leak nothing, and that programs find them well made."""

import io
from itertools import pairwise

import pikepdf
import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations.choices import EventKind
from recommendations.exports.briefs import FORMATS, brief_of
from recommendations.files.logos import redrawn
from recommendations.models import Event
from recommendations.selectors import outside
from recommendations.services import organisation
from tests.support import factories
from tests.support.briefs import all_of_pdf, made, named_canary, parts_of_docx, tags, text_of_pdf
from tests.support.canary import (
    PUBLIC_WORDS,
    SOURCE,
    assert_silent,
    assert_told,
)
from tests.support.factories import NOW
from tests.support.pages import browser_of, words
from tests.support.pictures import png

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture
def told():
    return named_canary()


def test_a_pdf_tells_what_is_published_and_no_word_beside(told):
    answer = made(told, "pdf")
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(text_of_pdf(answer.content).split())
    assert not [said for said in PUBLIC_WORDS if " ".join(said.split()) not in text]
    for said in (text, all_of_pdf(answer.content), str(answer.headers)):
        assert_silent(said)
        assert "Vera" not in str(said), "nor who made it"


def test_a_docx_tells_what_is_published_and_no_word_beside(told):
    answer = made(told, "docx")
    assert_told(parts_of_docx(answer.content))
    for said in (parts_of_docx(answer.content), str(answer.headers)):
        assert_silent(said)
        assert "Vera" not in str(said)


def test_a_pdf_can_be_read_by_a_screen_reader(told):
    with pikepdf.open(io.BytesIO(made(told, "pdf").content)) as pdf:
        assert str(pdf.Root.Lang).startswith("en") and pdf.Root.MarkInfo.Marked
        assert pdf.docinfo["/Title"] == f"{told.report}: what is published"
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        found = tags(pdf)
    heads = [int(tag[2:]) for tag in found if tag[:2] == "/H" and tag[2:].isdigit()]
    assert heads[0] == 1 and heads.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(heads)), heads
    assert {"/Table", "/TH", "/TD", "/Link", "/P"} <= {*found}


def test_a_docx_has_headings_a_table_header_and_sources_linked_both_ways(told):
    data = made(told, "docx").content
    document = Document(io.BytesIO(data))
    styles = [one.style.name for one in document.paragraphs]
    assert styles.count("Title") == 1 and "Heading 1" in styles and "Heading 3" in styles
    (table,) = document.tables
    assert [cell.text for cell in table.rows[0].cells][2:] == ["Status", "Since"]
    assert "w:tblHeader" in table.rows[0]._tr.xml and len(table.rows) == 4
    body = document.element.body
    anchors = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))} - {None}
    names = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    assert anchors == names and {name.split("_")[0] for name in names} == {"part", "source", "cited"}
    assert SOURCE in " ".join(one.text for one in document.paragraphs)
    core = document.core_properties
    assert (core.author, core.last_modified_by, core.comments) == ("Korea Watch", "", "")
    assert core.title == f"{told.report}: what is published"


def test_a_brief_on_one_says_where_it_stands_and_by_which_criterion(told):
    page = reverse("recommendation-brief", args=[told.first.reference])
    browser = browser_of(told.team["viewer"])
    assert "2 published updates." in words(browser.get(page))
    answer = browser.post(page, {"made_for": "public", "made_as": "pdf"})
    assert f"{told.first.reference}-brief-" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].endswith('-published.pdf"')
    text = " ".join(text_of_pdf(answer.content).split())
    assert (
        told.first.text in text and "Korea Watch" in text and "office@example.org · Example Street 1" in text
    )
    assert "Partly implemented As of" in text
    assert "The criterion: “A part is in effect and a part is missing. Say which.”" in text
    assert "grade F6 (reliability cannot be judged; truth cannot be judged)" in text
    assert "Where they stand" not in text


def test_of_several_only_the_chosen_ones_are_in_it(told):
    text = text_of_pdf(made(told, "pdf", [told.second.reference, told.third.reference]).content)
    assert told.first.reference not in text and told.second.reference in text


def test_bad_choices_are_said_and_nothing_is_made(told):
    answer = made(told, "pdf", which=["TIP-1999-XX-01"])
    assert answer.status_code == 200 and "is not one of the available choices" in words(answer)
    page = reverse("report-brief", args=[told.report.slug])
    said = words(browser_of(told.team["viewer"]).post(page, {"made_for": "public", "made_as": "odt"}))
    assert "Choose at least one recommendation." in said and "odt is not one of the available choices" in said
    assert not Event.objects.filter(kind=EventKind.EXPORTED).exists()


def test_that_it_was_taken_out_is_recorded(told):
    made(told, "docx", [told.second.reference])
    event = Event.objects.get(kind=EventKind.EXPORTED)
    assert (event.actor, event.recommendation) == (told.team["viewer"], None)
    assert event.payload == {
        "list": "brief",
        "format": "docx",
        "level": "public",
        "rows": 1,
        "references": [told.second.reference],
    }


def test_where_nothing_is_published_the_page_says_so(team, recommendation):
    page = reverse("recommendation-brief", args=[recommendation.reference])
    said = words(browser_of(team["manager"]).get(page))
    assert "Nothing is published yet" in said and "Give the name and the logo of the organisation" in said
    text = text_of_pdf(
        browser_of(team["viewer"]).post(page, {"made_for": "public", "made_as": "pdf"}).content
    )
    assert "No status is published." in text and "Nothing about it is published." in text


def test_the_logo_has_the_name_as_its_words(told):
    for name, said in (("Korea Watch", b'descr="Korea Watch"'), ("", b'descr="Logo"')):
        logo = redrawn(png())
        organisation.keep(actor=told.team["manager"], name=name, contact="", logo=logo, now=NOW)
        with pikepdf.open(io.BytesIO(made(told, "pdf").content)) as pdf:
            assert "/Figure" in tags(pdf)
        assert said in parts_of_docx(made(told, "docx").content)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.text(max_size=60))
def test_any_words_become_a_brief_in_both_kinds(team, recommendation, said):
    """Also those that the font does not have, that XML cannot hold, or that look like instructions."""
    recommendation.text = f'“{said}” #let x = "\\" *a* $ <b> 漢字 조선'
    brief = brief_of(outside.public_today([recommendation]), recommendation.report, TODAY)
    for kind in FORMATS.values():
        assert kind.make(brief)


def test_what_the_font_has_not_is_written_by_its_number(team, recommendation):
    recommendation.text = "See 漢 and 조선중앙통신."
    brief = brief_of(outside.public_today([recommendation]), recommendation.report, TODAY)
    assert "See [U+6F22] and 조선중앙통신." in text_of_pdf(FORMATS["pdf"].make(brief))
    assert "See 漢 and 조선중앙통신." in parts_of_docx(FORMATS["docx"].make(brief)).decode("utf-8", "replace")


def test_its_sources_are_numbered_through_each_recommendation(told):
    factories.link(told.author, title="Not cited")
    brief = brief_of(outside.public_of(told.report), told.report, TODAY)
    for part in brief.parts:
        asks = [one for ask in part.asks for one in ask.findings]
        cited = {mark.number for one in (*part.findings, *asks) for mark in one.marks}
        assert cited == {source.number for source in part.sources} == set(range(1, len(cited) + 1))
