"""The third and the fourth step of an import: what it means for the report before it, and all or nothing."""

import pytest
from django.urls import reverse

from recommendations.choices import EventKind
from recommendations.models import Event, Lineage, Mail, Recommendation, Report, StagedReport
from recommendations.services import following
from recommendations.services import recommendations as service
from recommendations.services.reports import import_report
from recommendations.views import report_succession
from tests.support import factories
from tests.support.factories import NOW
from tests.support.import_steps import new, send, stood, third_step, year_with_owners
from tests.support.importing import (
    DOCUMENT,
    NARRATIVE,
    last_step,
    press_import,
    year_before,
)
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")


@pytest.fixture
def mina(team):
    """The browser of a manager who imports 2024, of whose report before somebody took care."""
    year_with_owners(team)
    return browser_of(team["manager"])


def test_the_lists_are_shown_beside_each_other_with_what_each_line_carries_over(mina):
    before = stood()
    page = third_step(mina)
    assert reverse("open-work", args=["TIP-2023-KP"]) in page.content.decode()
    said = text_of(page)
    assert "Step 3 of 4: What it means" in said
    assert "North Korea 2023 is followed until you close it" in said
    assert "Choose the 7 lines whose words are the same" in said
    assert "0 of 11 chosen" in said
    for kind in ("Same", "Reworded", "Split", "Dropped", "New"):
        assert f"{kind} proposed" in said
    for words in ("owner: Ana", "deputy: Omar", "short title: “Title 1”", "review interval: 30 days"):
        assert words in said
    assert "Publish the statistics of the harvest each spring." in said
    assert said.count("This line takes over nothing") == 1, "the one that is split"
    assert stood() == before, "nothing of the domain is stored before the last step"


def test_lines_are_confirmed_and_carried_over_with_the_import(mina, team):
    page = send(mina, third_step(mina), "same")
    assert "7 of 11 chosen" in text_of(page)
    page = send(mina, page, "next", {3: {"chosen": True}, 5: {"chosen": True}, 7: {"chosen": True}})
    said = text_of(page)
    assert "Step 4 of 4: Confirm" in said
    assert "Of 11 lines to North Korea 2023, 10 are confirmed with it." in said
    assert "These stay proposals: – → 11 New Change" in said
    assert "nothing; set owners and dates by hand after the import" in said
    assert "No line is confirmed with it" not in said
    assert "2 recommendations take over what people set on the earlier ones" in said
    assert "The lines and what was carried over are undone with it." in said
    mails = Mail.objects.count()
    said = text_of(mina.get(press_import(mina, page).url))
    assert (
        "North Korea 2024 is imported and followed from now on. North Korea 2023: followed until you" in said
    )
    assert "10 lines are confirmed. 2 recommendations take over what was shown." in said
    kinds = Lineage.objects.order_by("kind").values_list("kind", flat=True)
    assert sorted(kinds) == ["dropped", "reworded", *["same"] * 7, "split", "split"]
    assert {row.confirmed_by for row in Lineage.objects.all()} == {team["manager"]}
    for number in (1, 4):
        row = new(number)
        assert (row.owner, row.deputy, row.reviewer) == (team["author"], team["other"], team["second"])
        assert (row.short_title, row.pillar, row.interval_days) == (f"Title {number}", "prevention", 30)
        assert row.status == "not_assessed"
    assert new(6).owner is None, "what is split carries nothing over"
    assert Mail.objects.count() == mails
    assert not StagedReport.objects.exists()
    events = list(Event.objects.filter(report__year=2024).order_by("seq").values_list("kind", flat=True))
    assert events[:2] == [EventKind.IMPORTED, EventKind.LINE_CONFIRMED]
    history = text_of(mina.get(reverse("recommendation-history", args=["TIP-2024-KP-01"])))
    assert "carried over from TIP-2023-KP-01" in history


def test_a_kind_and_a_partner_are_changed_and_what_is_changed_is_chosen(mina):
    page = third_step(mina)
    page = send(mina, page, "save", {3: {"kind": "narrowed"}, 7: {"new": "11", "kind": "reworded"}})
    said = text_of(page)
    assert "2 of 10 chosen" in said
    assert "Narrowed chosen" in said
    page = send(mina, page, "next")
    press_import(mina, page)
    lines = {(row.earlier.position, row.later.position): row.kind for row in Lineage.objects.all()}
    assert lines == {(4, 4): "narrowed", (8, 11): "reworded"}


def test_a_line_is_no_longer_chosen_once_it_is_unticked(mina):
    page = send(mina, send(mina, third_step(mina), "same"), "save", {0: {"chosen": None}})
    assert "6 of 11 chosen" in text_of(page)


def test_what_somebody_does_not_want_carried_over_is_not(mina):
    page = send(mina, third_step(mina), "same")
    press_import(mina, send(mina, page, "next", {0: {"carries": None}}))
    assert new(1).owner is None
    assert Lineage.objects.filter(later=new(1)).exists()


@pytest.mark.parametrize(
    ("row", "changed", "said"),
    [
        (3, {"kind": "same"}, "The words are not the same."),
        (3, {"kind": "split"}, "“Split” ties one recommendation of the earlier report to several"),
        (3, {"new": "5", "chosen": True}, "Recommendation 5 is in two lines."),
        (3, {"new": "77"}, "There is no recommendation 77."),
        (3, {"old": "77"}, "North Korea 2023 has no recommendation 77."),
        (3, {"old": "", "new": ""}, "Write the number of at least one recommendation."),
        (3, {"new": "four"}, "“four” is no number."),
        (3, {"kind": "bogus"}, "is not one of the available choices"),
    ],
)
def test_what_cannot_be_a_line_says_why_and_nothing_typed_is_lost(mina, row, changed, said):
    page = send(mina, third_step(mina), "save", {4: {"chosen": True}})
    answer = send(mina, page, "next", {row: changed, 0: {"chosen": True}})
    text = text_of(answer)
    assert said in text
    assert "Step 3 of 4" in text
    form = answer.context["forms"][row]
    assert {name: form[name].value() for name in changed if name != "chosen"} == {
        name: value for name, value in changed.items() if name != "chosen"
    }
    assert answer.context["forms"][0]["chosen"].value()
    assert len(StagedReport.objects.get().lines) == 1


def test_choices_stay_while_the_list_is_corrected_if_their_words_are_still_there(mina):
    page = send(mina, third_step(mina), "same")
    staged = page.context["staged"]
    check = mina.get(staged.get_absolute_url())
    sent = {"act": "remove", "number": "1", "seen": check.context["seen"]}
    mina.post(staged.get_absolute_url(), sent)
    page = mina.get(reverse("report-meets", args=[staged.key]))
    assert "6 of 11 chosen" in text_of(page)
    press_import(mina, last_step(mina, page))
    assert {(row.earlier.position, row.later.position) for row in Lineage.objects.all()} == {
        (number, number - 1) for number in (2, 3, 5, 9, 10)
    } | {(7, 7)}


def test_two_windows_do_not_undo_each_other(mina):
    page = third_step(mina)
    send(mina, page, "same")
    answer = send(mina, page, "next", {0: {"kind": "widened"}})
    assert "You changed the lines or the list in another window." in text_of(answer)
    assert "7 of 11 chosen" in text_of(answer)
    last = last_step(mina, answer)
    send(mina, answer, "save", {0: {"chosen": None}})
    answer = press_import(mina, last)
    assert "Something was changed after you opened this page." in text_of(answer)
    assert "6 are confirmed with it" in text_of(answer)
    assert Report.objects.count() == 1


def test_what_somebody_changes_in_the_earlier_report_meanwhile_is_shown_first(mina, team):
    last = send(mina, send(mina, third_step(mina), "same"), "next")
    old = Recommendation.objects.get(reference="TIP-2023-KP-01")
    service.assign(recommendation=old, owner=team["manager"], actor=team["manager"], now=NOW)
    answer = press_import(mina, last)
    assert "Something was changed after you opened this page." in text_of(answer)
    assert "Owner: Mina" in text_of(answer)
    assert Report.objects.count() == 1
    press_import(mina, answer)
    assert new(1).owner == team["manager"]


def test_without_a_choice_everything_stays_a_proposal(mina):
    last = send(mina, third_step(mina), "next")
    said = text_of(last)
    warning = "No line is confirmed with it: no owner, ask or date is taken over. Go back to choose the lines"
    assert said.index(warning) < said.index("What the import will do"), "it is said first"
    assert "Of 11 lines to North Korea 2023, 0 are confirmed with it. All of them stay proposals." in said
    assert "They have no owners yet" in said
    assert (
        f'href="{reverse("report-meets", args=[last.context["staged"].key])}">Choose' in last.content.decode()
    )
    report = mina.get(press_import(mina, last).url)
    assert (
        "No line to North Korea 2023 is confirmed yet, so no owner, ask or date was taken over."
        in text_of(report)
    )
    assert "No line to North Korea 2023 is confirmed yet." in text_of(report)
    assert f'href="{reverse("report-lines", args=["TIP-2024-KP"])}">Choose' in report.content.decode()
    assert not Lineage.objects.exists()
    assert not Recommendation.objects.filter(report__year=2024).exclude(owner=None).exists()


def test_when_every_line_is_confirmed_the_last_page_says_that_none_stays(mina, team):
    page = third_step(mina)
    last = send(mina, page, "next", {number: {"chosen": True} for number in range(11)})
    assert "11 are confirmed with it. None stays a proposal." in text_of(last)
    address = press_import(mina, last).url
    for role in ("manager", "viewer"):
        said = text_of(browser_of(team[role]).get(address))
        assert "No line to North Korea 2023 is confirmed yet." not in said


def test_what_was_split_and_stays_is_named_by_its_reference_and_its_new_numbers(mina):
    said = text_of(send(mina, send(mina, third_step(mina), "same"), "next"))
    assert "TIP-2023-KP-06 → 6, 7 Split" in said


def test_a_wrong_day_of_release_stores_nothing_of_it(mina):
    before = stood()
    last = send(mina, send(mina, third_step(mina), "same"), "next")
    answer = press_import(mina, last, released_on="2031-01-01", source_url="https://example.org/tip")
    assert "This day is in the future." in text_of(answer)
    assert stood() == before
    assert answer.context["form"]["source_url"].value() == "https://example.org/tip"
    press_import(mina, answer, released_on="2024-06-24")
    assert Lineage.objects.count() == 7


def test_without_an_earlier_report_the_step_is_left_out_and_said_so(team):
    mina = browser_of(team["manager"])
    page = third_step(mina)
    said = text_of(page)
    assert "Step 4 of 4" in said
    assert "There is no earlier report of North Korea here, so step 3 is left out." in said
    press_import(mina, page)
    assert Report.objects.get().is_followed


def test_an_older_year_takes_nothing_over(team):
    import_report(document=DOCUMENT, now=NOW, actor=team["manager"])
    mina = browser_of(team["manager"])
    factories.report(year=2019)
    said = text_of(third_step(mina, year_before()))
    assert "imported as closed" in said and "Step 3 is left out." in said


def test_a_closed_report_is_met_where_none_is_followed(mina, team):
    following.close(report=Report.objects.get(), actor=team["manager"], now=NOW)
    said = text_of(third_step(mina))
    assert "North Korea 2023 is closed, and stays so." in said


def test_a_cut_list_drops_nothing_and_the_page_says_so(mina):
    cut = NARRATIVE[: NARRATIVE.index(b"Allow all North Koreans")]
    said = text_of(third_step(mina, cut))
    assert "The list of 2024 is not known to be whole" in said
    assert "Not known proposed" in said and "Dropped proposed" not in said


def test_lists_that_are_too_long_for_one_page_are_imported_without_lines(mina, monkeypatch):
    monkeypatch.setattr(report_succession, "MOST_ROWS", 10)
    page = third_step(mina)
    assert "These lists are too long for one page." in text_of(page)
    press_import(mina, last_step(mina, page))
    assert Report.objects.count() == 2
