"""The desk: the queue first, every number a link to what it counts, silence of the jobs an alarm."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import Role, UpdateState
from recommendations.models import Heartbeat, StatusUpdate
from recommendations.selectors.desk import LYING_ROWS
from recommendations.services import reviews
from tests.support import factories
from tests.support.world import SECRET

TODAY = timezone.now().date()


def desk(person):
    """Return the desk as ``person`` opens it."""
    client = Client()
    client.force_login(person)
    answer = client.get("/desk/")
    answer.text_shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())))
    return answer


def test_the_queue_shows_who_what_and_how_long(world):
    StatusUpdate.objects.filter(pk=world.submitted.pk).update(submitted_at=timezone.now() - timedelta(days=4))
    answer = desk(world.reviewer)
    assert "Thing 2 Ana waits 4 days" in answer.text_shown
    assert reverse("review", args=[world.submitted.key]) in answer.content.decode()


def test_the_longest_wait_comes_first_and_a_long_queue_says_how_long_it_is(world):
    for days in range(LYING_ROWS + 1):
        update = factories.submit(world.people["other"], world.second)
        StatusUpdate.objects.filter(pk=update.pk).update(
            submitted_at=timezone.now() - timedelta(days=days + 1)
        )
    answer = desk(world.reviewer)
    waits = [int(days) for days in re.findall(r"waits (\d+) day", answer.text_shown)]
    assert waits == sorted(waits, reverse=True)
    assert len(waits) == LYING_ROWS
    assert f"Waiting for review {LYING_ROWS + 2}" in answer.text_shown


def test_returned_updates_are_named_with_their_author(world):
    world.submitted.state = UpdateState.RETURNED
    world.submitted.returned_at = timezone.now() - timedelta(days=5)
    world.submitted.save()
    assert "Thing 2 Ana 5 days" in desk(world.reviewer).text_shown


def test_ones_own_update_waits_for_another_reviewer(world):
    factories.submit(world.reviewer, world.second)
    shown = desk(world.reviewer).text_shown
    assert "One of them is yours: another reviewer must decide on it." in shown
    assert "You are the only reviewer" not in shown


def test_with_one_reviewer_only_the_desk_says_why_their_own_wait(db):
    alone = factories.person("Rita", Role.REVIEWER)
    factories.person("Ana", Role.CONTRIBUTOR)
    factories.person("Gone", Role.MANAGER, is_active=False)
    recommendation = factories.report().recommendations.first()
    factories.submit(alone, recommendation)
    assert "You are the only reviewer, and nobody can decide on their own update" in desk(alone).text_shown


@pytest.mark.parametrize(("minutes", "silent"), [(1, False), (14, False), (16, True), (None, True)])
def test_silent_jobs_are_an_alarm(team, minutes, silent):
    if minutes is not None:
        Heartbeat.objects.create(name="tick", at=timezone.now() - timedelta(minutes=minutes))
    assert ("The background jobs have stopped." in desk(team["reviewer"]).text_shown) is silent


def test_the_mail_log_is_a_managers(world):
    assert "Mails that failed" in desk(world.people["manager"]).text_shown
    assert "Mails that failed" not in desk(world.reviewer).text_shown


def test_a_restricted_update_is_on_no_strangers_desk(world):
    for role in ("reviewer", "second", "manager", "superuser"):
        answer = desk(world.people[role])
        assert SECRET not in answer.content.decode()
        assert [update.pk for update in answer.context["desk"].queue.shown] == [world.submitted.pk]


def test_nothing_followed_says_what_comes_next(team):
    assert "No report is followed yet." in desk(team["manager"]).text_shown


def test_the_queue_says_who_has_an_update_in_review_until_they_give_it_back(world):
    now = timezone.now()
    assert "in review by" not in desk(world.reviewer).text_shown
    reviews.take(update=world.submitted, reviewer=world.reviewer, now=now)
    assert "in review by you" in desk(world.reviewer).text_shown
    assert f"in review by {world.reviewer}" in desk(world.people["second"]).text_shown
    StatusUpdate.objects.filter(pk=world.submitted.pk).update(taken_at=now - timedelta(days=3, minutes=1))
    assert "in review by" not in desk(world.people["second"]).text_shown
