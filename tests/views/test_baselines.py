"""The movement of a first assessment, where a confirmed line ties the recommendation to an earlier report."""

import pytest
from django.urls import reverse

from recommendations.choices import LineageKind, Sensitivity, Status
from recommendations.models import Lineage, StatusUpdate
from recommendations.services import asks, following, lineage
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.forms import update_address, update_form
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

FIELD = 'name="movement"'
SINCE = "Since last year’s finding (TIP-2023-KP-01, Partly implemented, as of 3 Aug 2024)."


def finding(team, recommendation, then=NOW - 30 * DAY, **fields):
    """Approve a finding as of its day."""
    given = {"status": Status.PARTLY, "reason": "A witness said so.", **fields}
    about = {"reviewer": team["reviewer"], "as_of": then.date(), "cites": [factories.link(team["author"])]}
    return factories.approve(team["author"], recommendation, then, **about, **given)


@pytest.fixture
def earlier(team):
    """Last year's recommendation, with a finding."""
    one = factories.report(year=2023).recommendations.first()
    finding(team, one)
    return one


@pytest.fixture
def line(team, recommendation, earlier):
    """The line between both, confirmed twenty days ago."""
    ends = {"earlier": earlier, "later": recommendation, "kind": LineageKind.REWORDED}
    return Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - 20 * DAY, **ends)


def form_of(team, recommendation, **query):
    return browser_of(team["author"]).get(update_address(recommendation), query)


def test_a_first_assessment_is_asked_for_it_against_last_year_s_finding(team, recommendation, line):
    page = form_of(team, recommendation)
    assert FIELD in page.content.decode() and SINCE in text_of(page)
    assert "A witness said so." in text_of(page), "Ana can see the update"
    ana = browser_of(team["author"])
    refused = ana.post(update_address(recommendation), update_form(movement=""))
    assert "Choose the movement, or “Unknown”." in text_of(refused)
    assert recommendation.status == Status.NOT_ASSESSED, "a status is never carried over"


def test_confirming_a_line_is_enough_and_undoing_it_takes_it_back(team, recommendation, earlier):
    ends = {"earlier": earlier.report, "later": recommendation.report, "actor": team["reviewer"], "now": NOW}
    lineage.confirm(old=[1], new=[1], kind=LineageKind.SAME, **ends)
    assert SINCE in text_of(form_of(team, recommendation))
    lineage.undo(row=Lineage.objects.get().pk, **ends)
    assert FIELD not in form_of(team, recommendation).content.decode()


def test_the_reviewer_reads_since_when_and_approves_it(team, recommendation, line):
    browser_of(team["author"]).post(update_address(recommendation), update_form(movement="worse"))
    update = StatusUpdate.objects.get(recommendation=recommendation)
    review = text_of(browser_of(team["reviewer"]).get(reverse("review", args=[update.key])))
    assert f"Worse · {SINCE}" in review and "A witness said so." not in review
    factories.decide(update, team["reviewer"])
    recommendation.refresh_from_db()
    assert recommendation.movement == "worse"
    assert "Since last year" not in text_of(form_of(team, recommendation)), "the next one has its own before"


@pytest.mark.parametrize("kind", [LineageKind.SAME, LineageKind.WIDENED, LineageKind.NARROWED])
def test_the_same_demand_gives_a_baseline(team, recommendation, line, kind):
    Lineage.objects.update(kind=kind)
    assert SINCE in text_of(form_of(team, recommendation))


@pytest.mark.parametrize("kind", [LineageKind.SPLIT, LineageKind.MERGED, LineageKind.NOT_KNOWN])
def test_another_relation_gives_none(team, recommendation, line, kind):
    Lineage.objects.update(kind=kind)
    assert FIELD not in form_of(team, recommendation).content.decode()


def test_a_line_that_nobody_confirmed_changes_nothing(team, recommendation, line):
    Lineage.objects.update(confirmed_by=None, confirmed_at=None)
    assert FIELD not in form_of(team, recommendation).content.decode()
    browser_of(team["author"]).post(update_address(recommendation), update_form(movement="worse"))
    assert StatusUpdate.objects.get(recommendation=recommendation).movement == ""


@pytest.mark.parametrize("looked", [False, True])
def test_where_last_year_found_nothing_movement_is_not_asked_for(team, recommendation, looked):
    one = factories.report(year=2023).recommendations.first()
    if looked:
        finding(team, one, status=Status.NO_INFORMATION)
    ends = {"earlier": one, "later": recommendation, "kind": LineageKind.SAME}
    Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - DAY, **ends)
    page = form_of(team, recommendation)
    assert FIELD not in page.content.decode()
    assert f"Baseline: 2023 {'No reliable information' if looked else 'Not yet assessed'}" in text_of(page)


def test_a_restricted_finding_that_does_not_count_is_no_baseline(team, recommendation):
    one = factories.report(year=2023).recommendations.first()
    given = {"status": Status.PARTLY, "cites": [factories.link(team["other"])]}
    factories.approve_restricted(team["other"], one, reviewer=team["reviewer"], **given)
    ends = {"earlier": one, "later": recommendation, "kind": LineageKind.SAME}
    Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - DAY, **ends)
    assert FIELD not in form_of(team, recommendation).content.decode()


def test_of_a_restricted_finding_that_counts_only_status_and_day_are_told(
    team, recommendation, line, earlier
):
    counted = StatusUpdate.objects.filter(recommendation=earlier)
    counted.update(sensitivity=Sensitivity.RESTRICTED, counts_by=team["reviewer"])
    page = browser_of(team["other"]).get(update_address(recommendation))
    assert SINCE in text_of(page)
    assert "A witness said so." not in page.content.decode()


def test_a_line_confirmed_after_it_was_submitted_does_not_hold_up_what_waits(team, recommendation, earlier):
    waits = factories.submit(team["author"], recommendation, NOW - 25 * DAY, as_of=NOW.date() - 25 * DAY)
    ends = {"earlier": earlier, "later": recommendation, "kind": LineageKind.SAME}
    Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - 20 * DAY, **ends)
    factories.decide(waits, team["reviewer"], now=NOW)
    assert (waits.state, waits.movement) == ("approved", "")


def test_a_finding_of_last_year_that_came_later_does_not_either(team, recommendation):
    one = factories.report(year=2023).recommendations.first()
    ends = {"earlier": one, "later": recommendation, "kind": LineageKind.SAME}
    Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - 20 * DAY, **ends)
    waits = factories.submit(team["author"], recommendation, NOW - 10 * DAY, as_of=NOW.date() - 10 * DAY)
    finding(team, one, NOW - 5 * DAY)
    factories.decide(waits, team["reviewer"], now=NOW)
    assert (waits.state, waits.movement) == ("approved", "")


def test_an_ask_has_no_baseline_and_the_form_says_of_what_it_asks(team, recommendation, line):
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW - 60 * DAY}
    ask = asks.add(title="The thing", words="the thing", **about)
    page = text_of(form_of(team, recommendation))
    finding_of = "TIP-2023-KP-01, Partly implemented, as of 3 Aug 2024"
    assert f"The whole recommendation: since last year’s finding ({finding_of})." in page
    assert "Only for what was assessed before: “The whole recommendation”." in page
    browser_of(team["author"]).post(update_address(recommendation), update_form(ask=ask.pk, movement="worse"))
    update = StatusUpdate.objects.get(ask=ask)
    assert (update.state, update.movement) == ("submitted", "")


def test_an_older_report_is_named_by_its_year_and_the_latest_decides(team, recommendation, line, earlier):
    type(earlier.report).objects.filter(pk=earlier.report_id).update(year=2021)
    assert "Since the finding of 2021 (TIP-2023-KP-01, Partly" in text_of(form_of(team, recommendation))
    newer = factories.report(year=2022).recommendations.first()
    finding(team, newer, status=Status.CONTRARY)
    ends = {"earlier": newer, "later": recommendation, "kind": LineageKind.SAME}
    Lineage.objects.create(confirmed_by=team["reviewer"], confirmed_at=NOW - DAY, **ends)
    assert "Since the finding of 2022 (TIP-2022-KP-01, Contrary" in text_of(form_of(team, recommendation))


def page_of(person, recommendation):
    return text_of(browser_of(person).get(recommendation.get_absolute_url()))


def test_the_page_shows_what_stood_last_year_with_its_reason_and_evidence(
    team, recommendation, line, earlier
):
    item = earlier.current_update.citations.get().evidence
    said = page_of(team["viewer"], recommendation)
    assert "Baseline: 2023 Partly implemented as of 3 Aug 2024 TIP-2023-KP-01" in said
    assert "As it stands now: North Korea 2023 is still followed." in said
    assert "A witness said so." in said and item.title in said
    assert "Current status Not yet assessed" in said, "it is last year's"
    assert "Baseline:" not in page_of(team["viewer"], recommendation.report.recommendations.last())


def test_without_a_confirmed_line_there_is_no_baseline(team, recommendation, line):
    Lineage.objects.update(confirmed_at=None, confirmed_by=None)
    assert "Baseline" not in page_of(team["viewer"], recommendation)
    assert "Baseline" not in text_of(form_of(team, recommendation))


def test_a_restricted_reason_and_evidence_stay_with_who_can_see_them(team, recommendation, line, earlier):
    item = earlier.current_update.citations.get().evidence
    type(item).objects.filter(pk=item.pk).update(sensitivity=Sensitivity.RESTRICTED, title="A secret item")
    said = page_of(team["other"], recommendation)
    assert "A witness said so." in said and "A secret item" not in said
    counted = StatusUpdate.objects.filter(recommendation=earlier)
    counted.update(sensitivity=Sensitivity.RESTRICTED, counts_by=team["reviewer"])
    for said in (page_of(team["manager"], recommendation), text_of(form_of(team, recommendation))):
        assert "Partly implemented as of 3 Aug 2024" in said
    said = page_of(team["manager"], recommendation)
    assert "The reason for this status is restricted." in said
    assert "A witness said so." not in said and "by Ana" not in said and "A secret item" not in said
    assert "A witness said so." in page_of(team["author"], recommendation)


def test_what_is_approved_after_closing_does_not_change_the_baseline(team, recommendation, line, earlier):
    following.close(report=earlier.report, actor=team["manager"], now=NOW - 10 * DAY)
    later = {"reason": "A new law.", "status": Status.CONTRARY}
    finding(team, earlier, NOW - 5 * DAY, **later)
    said = page_of(team["viewer"], recommendation)
    assert "Baseline: 2023 Partly implemented as of 3 Aug 2024" in said and "A new law." not in said
    assert "As it stood when North Korea 2023 was closed, on 23 Aug 2024." in said
    assert SINCE in text_of(form_of(team, recommendation)), "the movement is asked for since the same"
    following.reopen(report=earlier.report, actor=team["manager"], now=NOW)
    said = page_of(team["viewer"], recommendation)
    assert "Baseline: 2023 Contrary action as of 28 Aug 2024" in said and "A new law." in said
    assert "Since last year’s finding (TIP-2023-KP-01, Contrary action" in text_of(
        form_of(team, recommendation)
    )


def test_a_correction_of_last_year_changes_it_until_its_report_is_closed(team, recommendation, line, earlier):
    corrects = {"corrects": earlier.current_update, "reason": "Two witnesses said so."}
    finding(team, earlier, NOW - 29 * DAY, status=Status.INITIAL, **corrects)
    said = page_of(team["viewer"], recommendation)
    assert "Baseline: 2023 Initial steps" in said and "Two witnesses said so." in said
    assert "A witness said so." not in said
