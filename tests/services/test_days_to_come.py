"""Days that have not come: judged by the author's day, whoever decides and wherever; and days in order."""

import uuid
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from recommendations.choices import Decision, Sensitivity, UpdateKind, UpdateState
from recommendations.models import Evidence, StatusUpdate, User
from recommendations.services import reviews, updates
from recommendations.services.evidence import details, items
from tests.support import factories, forms
from tests.support.pages import browser_of

# In Seoul it is Tuesday the 3rd by now, in New York Monday the 2nd.
EVENING = datetime(2024, 9, 2, 22, 0, tzinfo=UTC)
IN_SEOUL = date(2024, 9, 3)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(EVENING, tick=False):
        yield


@pytest.fixture
def apart(team):
    """The author works in Seoul, everybody else in New York."""
    User.objects.update(time_zone="America/New_York")
    User.objects.filter(pk=team["author"].pk).update(time_zone="Asia/Seoul")
    return {name: User.objects.get(pk=person.pk) for name, person in team.items()}


# --- Updates -----------------------------------------------------------------------------------
def test_a_reviewer_west_of_the_author_approves_today_s_update_on_the_page(apart, recommendation):
    update = factories.submit(apart["author"], recommendation, EVENING, as_of=IN_SEOUL)
    given = {"decision": "approve", "seen_version": 1, "comment": ""}
    browser_of(apart["reviewer"]).post(reverse("review", args=[update.key]), given)
    update.refresh_from_db()
    assert update.state == UpdateState.APPROVED


def test_the_same_after_a_return_and_with_the_places_of_a_check(apart, recommendation):
    author, reviewer = apart["author"], apart["reviewer"]
    factories.approve(author, recommendation, reviewer=reviewer)
    about = {"recommendation": recommendation, "key": uuid.uuid4(), "as_of": IN_SEOUL, "internal_note": ""}
    check = updates.record_check(author=author, places=[("KCNA", IN_SEOUL)], now=EVENING, **about)
    reviews.decide(update=check, reviewer=reviewer, decision=Decision.RETURN, comment="More?", now=EVENING)
    again = updates.record_check(author=author, places=[("KCNA", IN_SEOUL)], now=EVENING, **about)
    reviews.decide(update=again, reviewer=reviewer, decision=Decision.APPROVE, now=EVENING)
    recommendation.refresh_from_db()
    assert recommendation.last_verified_on == IN_SEOUL


def test_an_author_west_of_the_reviewer_cannot_hand_in_the_reviewer_s_day(apart, recommendation):
    with pytest.raises(ValidationError, match="in the future"):
        factories.submit(apart["other"], recommendation, EVENING, as_of=IN_SEOUL)


def test_a_reviewer_to_the_east_does_not_bring_the_author_s_tomorrow_about(apart, recommendation):
    """A row that came in without the rule is judged by the author's day at the approval too."""
    update = factories.submit(apart["other"], recommendation, EVENING, as_of=date(2024, 9, 2))
    StatusUpdate.objects.filter(pk=update.pk).update(as_of=IN_SEOUL)
    User.objects.filter(pk=apart["reviewer"].pk).update(time_zone="Asia/Seoul")
    reviewer = User.objects.get(pk=apart["reviewer"].pk)
    with pytest.raises(ValidationError, match="in the future"):
        reviews.decide(update=update, reviewer=reviewer, decision=Decision.APPROVE, now=EVENING)


# --- Evidence ----------------------------------------------------------------------------------
def link(**said):
    return {
        "form_key": uuid.uuid4(),
        "url": "https://example.org/a",
        "title": "A page",
        "kind": "other",
        "sensitivity": Sensitivity.INTERNAL,
        "reliability": "F",
        "credibility": 6,
        **said,
    }


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"published_on": "2031-05-01"}, "This day is in the future. Correct it, or leave it empty."),
        ({"event_on": "2031-05-01"}, "This day is in the future. Enter the day on which it happened."),
        (
            {"published_on": "2024-05-01", "event_on": "2024-05-03"},
            "It cannot show something that happened after it was published.",
        ),
    ],
)
def test_a_day_that_has_not_come_is_refused_when_evidence_is_added_and_when_it_is_changed(team, said, words):
    browser = browser_of(team["author"])
    response = browser.post(reverse("evidence-add") + "?shape=link", link(**said))
    assert words in str(response.context["form"].errors) and not Evidence.objects.exists()
    item = factories.link(team["author"])
    change = reverse("evidence-change", args=[item.key])
    page = browser.post(change, link(title=item.title, **said)).content.decode()
    item.refresh_from_db()
    assert words in page and (item.published_on, item.event_on) == (None, None)


def test_an_item_from_before_with_such_a_day_can_still_be_restricted(team):
    item = factories.link(team["author"])
    Evidence.objects.filter(pk=item.pk).update(published_on=date(2031, 5, 1))
    said = {"sensitivity": Sensitivity.RESTRICTED, "published_on": date(2031, 5, 1)}
    details.change(item=item, actor=team["author"], details=said, now=EVENING)
    item.refresh_from_db()
    assert item.sensitivity == Sensitivity.RESTRICTED


def test_a_day_of_evidence_is_judged_by_who_adds_it(apart):
    about = {"url": "https://example.org/a", "now": EVENING}
    said = {"title": "A page", "sensitivity": Sensitivity.INTERNAL, "published_on": IN_SEOUL}
    item = items.add_link(key=uuid.uuid4(), uploader=apart["author"], details=said, **about)
    assert item.published_on == IN_SEOUL
    with pytest.raises(ValidationError, match="is in the future"):
        items.add_link(key=uuid.uuid4(), uploader=apart["other"], details=said, **about)
    # A reviewer in the west may put another date of it right.
    said = {"event_on": IN_SEOUL}
    details.change(item=item, actor=apart["reviewer"], details=said, now=EVENING)


# --- The form of an update ---------------------------------------------------------------------
def test_the_form_says_which_words_are_optional(team, recommendation):
    page = browser_of(team["author"]).get(reverse("update-add", args=[recommendation.reference]))
    labels = {str(field.label) for field in page.context["forms"].form}
    assert "What was found (optional)" in labels
    factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    page = browser_of(team["author"]).get(reverse("check-add", args=[recommendation.reference]))
    assert "Note for the team (optional)" in {str(field.label) for field in page.context["forms"].form}


def test_an_update_without_these_words_is_whole(team, recommendation):
    address = reverse("update-add", args=[recommendation.reference])
    browser_of(team["author"]).post(address, forms.update_form(public_text=""))
    assert StatusUpdate.objects.get(kind=UpdateKind.ASSESSMENT).state == UpdateState.SUBMITTED
