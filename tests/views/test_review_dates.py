"""The review dates of a recommendation: added, changed and removed on their page, and what answers them."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse

from recommendations.choices import EventKind, Sensitivity
from recommendations.errors import Gone
from recommendations.models import DatedReason, Event
from recommendations.services import integrity, review_dates
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.pages import browser_of, text_of

pytestmark = pytest.mark.usefixtures("at_the_time_of_the_story")

TODAY = NOW.date()
SOON = TODAY + timedelta(days=20)
FOLLOWS = integrity.CHECKS["Statuses follow from approved updates"]


@pytest.fixture
def rita(team):
    return browser_of(team["reviewer"])


@pytest.fixture
def address(recommendation):
    return reverse("review-dates", args=[recommendation.reference])


@pytest.fixture
def hearing(team, recommendation):
    """A date for a hearing, in twenty days."""
    return review_dates.add_date(
        recommendation=recommendation, actor=team["reviewer"], on=SOON, what_for="The hearing", now=NOW
    )


def of(reason):
    return reverse("review-date", args=[reason.recommendation.reference, reason.pk])


def due(recommendation):
    recommendation.refresh_from_db()
    return recommendation.next_review_on


def test_a_reviewer_adds_a_promise_and_everybody_reads_whose_date_it_is(team, rita, recommendation, address):
    given = {"source": "promise", "on": SOON.isoformat(), "what_for": "A law on camps"}
    said = text_of(rita.post(address, given, follow=True))
    assert "Review on 22 Sep 2024 is added." in said
    assert due(recommendation) == SOON
    for page in (address, recommendation.get_absolute_url()):
        assert "romised by the government: “A law on camps”" in text_of(browser_of(team["viewer"]).get(page))
    page = text_of(browser_of(team["viewer"]).get(address))
    assert "set by Rita on 2 Sep 2024" in page and "90 days after the import" in page
    assert "Add a review date" not in page
    event = Event.objects.get(kind=EventKind.RESCHEDULED)
    assert (event.actor, event.payload["added"]) == (team["reviewer"], SOON.isoformat())


def test_the_same_form_sent_twice_adds_one(rita, recommendation, address):
    for _ in range(2):
        rita.post(address, {"source": "one_off", "on": SOON.isoformat(), "what_for": "The hearing"})
    assert DatedReason.objects.count() == 1


@pytest.mark.parametrize("role", ["viewer", "author"])
def test_others_add_nothing(team, role, address):
    browser_of(team[role]).post(address, {"source": "one_off", "on": SOON.isoformat()})
    assert not DatedReason.objects.exists()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"source": "one_off", "on": ""}, "Enter the day of the review."),
        ({"source": "", "on": "2024-12-01"}, "Choose where the date comes from."),
        ({"source": "moment", "on": "2024-12-01"}, "Select a valid choice."),
        ({"source": "one_off", "on": "2024-01-01"}, "This date is in the past. Enter today or a later date."),
        ({"source": "promise", "on": "2024-12-01", "what_for": " "}, "Say what the government promised."),
        ({"source": "one_off", "on": "2024-12-01", "what_for": "x" * 201}, "at most 200 characters"),
    ],
)
def test_what_makes_no_sense_is_told_and_kept(rita, address, given, message):
    page = rita.post(address, {"what_for": "The hearing", **given})
    assert message in text_of(page)
    assert given.get("what_for", "The hearing") in page.content.decode()
    assert not DatedReason.objects.exists()


def test_one_is_changed_and_the_next_review_follows(team, recommendation, hearing):
    later = SOON + timedelta(days=7)
    given = {"source": "one_off", "on": later.isoformat(), "what_for": "The hearing"}
    browser_of(team["second"]).post(of(hearing), given)
    hearing.refresh_from_db()
    assert (due(recommendation), hearing.set_by) == (later, team["second"])
    assert Event.objects.latest("seq").payload["changed"] == SOON.isoformat()


def test_the_words_of_one_that_is_overdue_can_still_be_put_right(rita, recommendation, hearing):
    DatedReason.objects.update(on=TODAY - timedelta(days=3))
    given = {"source": "one_off", "on": (TODAY - timedelta(days=3)).isoformat(), "what_for": "The session"}
    rita.post(of(hearing), given)
    hearing.refresh_from_db()
    assert hearing.what_for == "The session"
    refused = rita.post(of(hearing), {**given, "on": (TODAY - timedelta(days=1)).isoformat()})
    assert "This date is in the past." in text_of(refused)


def test_the_full_history_says_which_date_was_set_and_what_follows(team, rita, recommendation, hearing):
    rita.post(of(hearing), {"act": "remove", "confirmed": "yes"})
    history = reverse("recommendation-history", args=[recommendation.reference])
    page = text_of(browser_of(team["viewer"]).get(history))
    assert "Review on 22 Sep 2024 added. Next review 22 Sep 2024, every 90 days (Rita)" in page
    assert "Review on 22 Sep 2024 removed. Next review 1 Dec 2024, every 90 days (Rita)" in page


def test_one_before_a_moment_changes_by_weeks(team, rita, recommendation):
    upr = factories.moment(team["manager"])
    about = {"recommendation": recommendation, "actor": team["reviewer"], "now": NOW}
    reason = review_dates.add_before_moment(moment=upr, weeks=3, **about)
    rita.post(of(reason), {"weeks_before": 5})
    assert due(recommendation) == upr.on - timedelta(weeks=5)


def test_one_is_removed_once_that_is_confirmed(rita, recommendation, hearing):
    assert "Remove the review on 22 Sep 2024?" in text_of(rita.post(of(hearing), {"act": "remove"}))
    assert due(recommendation) == SOON
    rita.post(of(hearing), {"act": "remove", "confirmed": "yes"})
    assert due(recommendation) == TODAY + timedelta(days=90)
    assert Event.objects.latest("seq").payload["removed"] == SOON.isoformat()
    assert rita.post(of(hearing), {"act": "remove", "confirmed": "yes"}).status_code == 404


def test_what_another_reviewer_removed_meanwhile_is_gone(team, hearing):
    """Both have found the page; the lock finds the date removed."""
    about = {"actor": team["reviewer"], "now": NOW}
    review_dates.remove_date(reason=DatedReason.objects.get(), **about)
    for act in (review_dates.remove_date, partial(review_dates.change_date, on=SOON + DAY)):
        with pytest.raises(Gone):
            act(reason=hearing, **about)


def test_a_check_answers_it_and_stays_with_it_as_history(team, rita, recommendation, hearing, address):
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=SOON - 60 * DAY)
    given = {"reviewer": team["reviewer"], "as_of": SOON - 14 * DAY}
    update = factories.check(team["author"], recommendation, **given)
    hearing.refresh_from_db()
    assert hearing.answered_by == update and due(recommendation) == SOON + 76 * DAY
    said = "22 Sep 2024, set for once: “The hearing”: answered by the check of 8 Sep 2024"
    assert said in text_of(browser_of(team["viewer"]).get(address))
    answer = text_of(rita.get(of(hearing), follow=True))
    assert "This review was done as of 8 Sep 2024. Add another date instead." in answer
    rita.post(of(hearing), {"act": "remove", "confirmed": "yes"})
    assert DatedReason.objects.exists()
    assert list(FOLLOWS()) == []


def test_a_correction_of_the_answer_opens_it_again(team, recommendation, hearing):
    wrong = factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=SOON)
    hearing.refresh_from_db()
    assert hearing.answered_by == wrong
    right = factories.submit(team["author"], recommendation, as_of=SOON - 60 * DAY, corrects=wrong)
    factories.decide(right, team["reviewer"], now=NOW + 21 * DAY)
    hearing.refresh_from_db()
    assert hearing.answered_by is None and due(recommendation) == SOON
    assert list(FOLLOWS()) == []


def test_a_restricted_update_answers_nothing(team, recommendation, hearing):
    factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"], as_of=SOON)
    hearing.refresh_from_db()
    assert hearing.answered_by is None and due(recommendation) == SOON


def test_an_answer_that_does_not_follow_is_named(team, recommendation, hearing):
    update = factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], as_of=SOON - 60 * DAY
    )
    DatedReason.objects.update(answered_by=update)
    [said] = FOLLOWS()
    assert said.startswith(f"{recommendation.reference}, review date 2024-09-22: answered_by_id is")


def test_who_answered_it_is_not_told_to_those_who_cannot_see_the_update(
    team, recommendation, hearing, address
):
    update = factories.approve(team["author"], recommendation, reviewer=team["reviewer"], as_of=SOON)
    type(update).objects.filter(pk=update.pk).update(sensitivity=Sensitivity.RESTRICTED)
    page = browser_of(team["viewer"]).get(address)
    assert "answered as of 22 Sep 2024" in text_of(page)
    assert str(update.key) not in page.content.decode()


def test_of_a_closed_report_nothing_is_next(team, rita, recommendation, hearing, address):
    type(recommendation.report).objects.update(closed_at=NOW)
    page = text_of(rita.get(address))
    assert "The report is closed: no review is due." in page and "Next review" not in page
