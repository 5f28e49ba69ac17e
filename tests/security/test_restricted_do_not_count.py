"""A restricted update moves nothing that others see, and its author alone is not reminded again for it."""

import pytest
from django.urls import reverse

from recommendations.choices import Sensitivity, Status, UpdateKind
from recommendations.models import Event, Mail, Recommendation, StatusUpdate
from recommendations.services import integrity
from recommendations.services.mail.reminders import queue_reminders
from tests.support import factories
from tests.support.factories import DAY
from tests.support.pages import browser_of, text_of
from tests.support.reminding import DUE, MORNING, bring_near

STATUSES = integrity.CHECKS["Statuses follow from approved updates"]


def test_nothing_follows_from_it(team, recommendation):
    before = Recommendation.objects.values().get(pk=recommendation.pk)
    factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"])
    assert Recommendation.objects.values().get(pk=recommendation.pk) == before
    assert not Event.objects.filter(kind="status_changed").exists() and list(STATUSES()) == []


def test_an_open_update_counts_as_if_a_restricted_one_were_not_there(team, recommendation):
    factories.approve_restricted(team["author"], recommendation, reviewer=team["reviewer"])
    factories.approve(
        team["author"], recommendation, reviewer=team["reviewer"], status=Status.NO_INFORMATION, as_of=DUE
    )
    assert recommendation.status == Status.NO_INFORMATION
    [moved] = Event.objects.filter(kind="status_changed")
    assert moved.payload["before"] == Status.NOT_ASSESSED


@pytest.mark.parametrize("kind", UpdateKind)
def test_its_pages_say_that_it_moves_nothing(team, recommendation, kind):
    """A check of what was never assessed is one from before that waits still."""
    update = factories.submit(team["author"], recommendation, sensitivity=Sensitivity.RESTRICTED)
    StatusUpdate.objects.filter(pk=update.pk).update(
        kind=kind, status="" if kind == UpdateKind.CHECK else update.status
    )
    factories.grant(team["reviewer"], update=update)
    rita = browser_of(team["reviewer"])
    said = "it counts only if its reviewer says so. Otherwise it has no effect on what others see"
    assert said in text_of(rita.get(update.get_absolute_url()))
    page = text_of(rita.get(reverse("review", args=[update.key])))
    assert said in page and "If it counts: Last verified would be" in page


def test_its_author_alone_is_not_reminded_again(team, recommendation):
    due = bring_near(team, recommendation)
    factories.approve_restricted(team["author"], due, reviewer=team["reviewer"], as_of=DUE - 14 * DAY)
    bring_near(team, recommendation)
    Mail.objects.all().delete()
    assert queue_reminders(now=MORNING) == 0, "the author owns it"
    Recommendation.objects.filter(pk=due.pk).update(owner=team["other"])
    assert queue_reminders(now=MORNING) == 1
    assert Mail.objects.get().recipient == team["other"]


def test_one_from_long_before_the_review_date_silences_nobody(team, recommendation):
    due = bring_near(team, recommendation)
    factories.approve_restricted(team["author"], due, reviewer=team["reviewer"], as_of=DUE - 15 * DAY)
    bring_near(team, recommendation)
    assert queue_reminders(now=MORNING) == 1


def test_a_restricted_correction_from_before_keeps_nobody_from_correcting_openly(team, recommendation):
    wrong = factories.approve(team["author"], recommendation, reviewer=team["reviewer"])
    about = {"corrects": wrong, "reviewer": team["reviewer"], "status": Status.NO_INFORMATION}
    hidden = factories.approve(team["author"], recommendation, **about)
    factories.hide(hidden)
    page = text_of(browser_of(team["other"]).get(wrong.get_absolute_url()))
    assert "Correct this update" in page, "a hidden correction is as if it were not there"
    right = factories.approve(team["other"], recommendation, **about)
    assert recommendation.current_update == right and list(STATUSES()) == []
    assert "Correct this update" not in text_of(browser_of(team["other"]).get(wrong.get_absolute_url()))
