"""What was read from a document is checked and corrected before it is imported; nothing is stored before."""

from datetime import timedelta

import pytest
from django.urls import reverse

from recommendations.models import Event, Recommendation, Report, StagedReport
from recommendations.services import staged_reports
from tests.support import factories
from tests.support.factories import NOW
from tests.support.importing import IMPORT, NARRATIVE, confirm, last_step, press_import, upload
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

THIRD = "Eliminate coercive tactics"


@pytest.fixture
def browser(team):
    """The browser of a manager who brings documents."""
    return browser_of(team["manager"])


def act(browser, page, name, number=None, words=None, **given):
    """Press a button of the list. Returns: the page after it."""
    sent = {"act": name, "seen": page.context["seen"], "number": number, "passage": words, **given}
    sent = {name: value for name, value in sent.items() if value is not None}
    return browser.post(page.context["staged"].get_absolute_url(), sent, follow=True)


def texts(page):
    """Return the words of each item of the list on a page."""
    return [item.text for item in page.context["parsed"].recommendations]


def test_the_list_is_corrected_and_imported_as_corrected(browser):
    page = upload(browser, NARRATIVE)
    before = texts(page)
    page = act(browser, page, "split", 3, "to monitor and limit")
    assert texts(page)[2:4] == [THIRD, before[2].removeprefix(f"{THIRD} ")]
    page = act(browser, page, "join", 3)
    assert texts(page) == before
    page = act(browser, page, "remove", 11)
    page = act(browser, page, "down", 1)
    assert texts(page) == [before[1], before[0], *before[2:10]]
    page = act(browser, page, "add", words=before[10])
    assert "You corrected this list." in text_of(page)
    assert not Report.objects.exists() and not Event.objects.exists()
    confirm(browser, page)
    report = Report.objects.get()
    rows = list(report.recommendations.order_by("position"))
    assert [row.text for row in rows] == [before[1], before[0], *before[2:]]
    assert [row.reference for row in rows][:2] == ["TIP-2024-KP-01", "TIP-2024-KP-02"]
    assert report.warnings[-1].startswith("The list was corrected by hand: 11 were read")
    assert not StagedReport.objects.exists()
    text = text_of(browser.get(report.get_absolute_url()))
    assert "The list was corrected by hand" in text


def test_what_can_be_done_with_an_item_is_called_a_change(browser):
    """“Correct” under an item would read as if it were right."""
    page = upload(browser, NARRATIVE)
    said = text_of(page)
    assert said.count("Change ") >= len(texts(page)) and "Correct " not in said


def test_all_corrections_can_be_undone(browser):
    page = upload(browser, NARRATIVE)
    before = texts(page)
    page = act(browser, act(browser, page, "remove", 1), "again")
    assert texts(page) == before
    assert "You corrected this list." not in text_of(page)


def test_the_number_expected_is_compared_with_the_list(browser):
    page = act(browser, upload(browser, NARRATIVE), "expect", expected="12")
    assert "12 expected, 11 found." in text_of(page)
    assert "The list of recommendations is not complete." in text_of(page)
    assert "The list is complete:" not in text_of(page)
    confirm(browser, page)
    assert Report.objects.get().complete is False


def test_the_right_number_says_that_the_list_is_complete(browser):
    page = act(browser, upload(browser, NARRATIVE), "expect", expected="11")
    assert page.redirect_chain[-1][0].endswith("#expect"), "where it is said"
    assert "The list is complete: 11 expected, 11 found." in text_of(page)


def test_going_on_keeps_the_number_that_was_typed(browser):
    page = act(browser, upload(browser, NARRATIVE), "expect", expected="12", then="next")
    assert "Step 4 of 4" in text_of(page), "there is no earlier report"
    assert StagedReport.objects.get().expected == 12
    page = act(browser, upload(browser, NARRATIVE), "expect", expected="none", then="next")
    assert "Step 2 of 4" in text_of(page) and "Enter a whole number" in text_of(page)


def test_a_list_that_was_cut_is_complete_when_a_person_has_counted_it(browser):
    cut = NARRATIVE[: NARRATIVE.index(b"Allow all North Koreans")]
    page = upload(browser, cut)
    number = len(texts(page))
    assert "The list of recommendations is not complete." in text_of(page)
    confirm(browser, act(browser, page, "expect", expected=str(number)))
    assert Report.objects.get().complete is True


@pytest.mark.parametrize(
    ("name", "number", "words", "said"),
    [
        ("split", 1, "no such words", "“no such words” was not found in the text here."),
        ("split", 1, "", "Enter the words"),
        ("join", 11, None, "There is no recommendation after this one."),
        ("remove", 99, None, "There is no such recommendation in the list."),
        ("add", None, "Accede to the 2000 UN TIP Protocol.", "Remove it first."),
        ("bogus", 1, None, "This is no act on the list."),
    ],
)
def test_an_act_that_cannot_be_done_says_why_and_changes_nothing(browser, name, number, words, said):
    page = upload(browser, NARRATIVE)
    answer = act(browser, page, name, number, words)
    assert said in text_of(answer)
    assert texts(answer) == texts(page)
    if words:
        assert words in answer.content.decode(), "what was typed is still there"


def test_a_list_that_changed_in_another_window_is_shown_again_and_not_imported(browser):
    page = upload(browser, NARRATIVE)
    last = last_step(browser, page)
    act(browser, page, "remove", 11)
    answer = act(browser, page, "remove", 1)
    assert "You changed the list in another window." in text_of(answer)
    assert len(texts(answer)) == 10
    answer = press_import(browser, last)
    assert "Something was changed after you opened this page." in text_of(answer)
    assert "Import 10 recommendations" in text_of(answer)
    assert not Report.objects.exists()


@pytest.mark.parametrize("then", [{"name": "again"}, {"name": "expect", "expected": "9"}])
def test_an_act_on_the_whole_list_is_refused_where_it_changed_in_another_window(browser, then):
    page = upload(browser, NARRATIVE)
    corrected = act(browser, page, "remove", 11)
    answer = act(browser, page, **then)
    assert "You changed the list in another window." in text_of(answer)
    assert texts(answer) == texts(corrected) and StagedReport.objects.get().expected is None
    if "expected" in then:
        assert answer.context["expected"]["expected"].value() == "9", "what was typed is still there"
    again = act(browser, answer, **then)
    assert "You changed the list" not in text_of(again), "the page that was shown then can be sent"


def test_what_was_brought_is_found_again_by_its_person_alone(browser, team):
    page = upload(browser, NARRATIVE)
    address = page.context["staged"].get_absolute_url()
    assert address in browser.get(IMPORT).content.decode()
    other = browser_of(factories.person("Mark", "Manager"))
    assert other.get(address).status_code == 404
    assert other.post(address, {"act": "remove", "number": 1}).status_code == 404
    assert address not in other.get(IMPORT).content.decode()
    assert browser_of(team["reviewer"]).get(address).status_code == 403


def test_what_nobody_imports_within_a_day_is_swept(browser):
    page = upload(browser, NARRATIVE)
    assert staged_reports.sweep(now=NOW + timedelta(hours=23)) == 0
    assert staged_reports.sweep(now=NOW + timedelta(hours=25)) == 1
    assert browser.get(page.context["staged"].get_absolute_url()).status_code == 404


def test_two_lists_of_one_document_are_one_report(browser):
    pages = [last_step(browser, upload(browser, NARRATIVE)) for _number in range(2)]
    press_import(browser, pages[0])
    assert "was already imported" in text_of(browser.get(press_import(browser, pages[1]).url))
    assert Report.objects.count() == 1 and Recommendation.objects.count() == 11


def test_the_address_of_nothing_is_not_found(browser):
    address = reverse("report-check", args=["00000000-0000-4000-8000-000000000000"])
    assert browser.get(address).status_code == 404
