"""The desk: the queue first, every number a link to what it counts, silence of the jobs an alarm."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from recommendations.choices import MailKind, MailState, Role, Status, UpdateState
from recommendations.models import Heartbeat, Mail, Recommendation, StatusUpdate
from recommendations.summaries.desk import MATRIX_ROWS, QUEUE_ROWS
from tests import cast
from tests.world import SECRET, write

TODAY = timezone.now().date()


def desk(person):
    """Return the desk as ``person`` opens it."""
    client = Client()
    client.force_login(person)
    answer = client.get("/desk/")
    answer.text_shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())))
    return answer


def owed(recipient, state, number):
    """Make ``number`` mails in one state."""
    now = timezone.now()
    for count in range(number):
        Mail.objects.create(
            key=f"{state}{count}",
            kind=MailKind.REMINDER,
            recipient=recipient,
            subject="…",
            text="…",
            message_id=f"<{state}{count}@example.org>",
            date_header=now,
            state=state,
            created_at=now,
            next_attempt_at=now,
            not_after=now,
        )


def test_the_queue_shows_who_what_and_how_long(world):
    StatusUpdate.objects.filter(pk=world.submitted.pk).update(submitted_at=timezone.now() - timedelta(days=4))
    answer = desk(world.reviewer)
    assert "Thing 2 TIP-2024-KP-02" in answer.text_shown
    assert "Not yet assessed → to No action" in answer.text_shown
    assert "Ana waits 4 days" in answer.text_shown
    assert reverse("review", args=[world.submitted.key]) in answer.content.decode()


def test_the_longest_wait_comes_first_and_a_long_queue_says_how_long_it_is(world):
    for days in range(QUEUE_ROWS + 1):
        update = write(world.people["other"], world.second)
        StatusUpdate.objects.filter(pk=update.pk).update(
            submitted_at=timezone.now() - timedelta(days=days + 1)
        )
    answer = desk(world.reviewer)
    waits = [int(days) for days in re.findall(r"waits (\d+) day", answer.text_shown)]
    assert waits == sorted(waits, reverse=True)
    assert len(waits) == QUEUE_ROWS
    assert f"All {QUEUE_ROWS + 2} that wait" in answer.text_shown


def test_every_number_is_what_its_list_counts(world):
    Recommendation.objects.filter(pk=world.second.pk).update(next_review_on=TODAY - timedelta(days=1))
    Recommendation.objects.filter(pk=world.third.pk).update(
        next_review_on=TODAY - timedelta(days=9), owner=world.author
    )
    Recommendation.objects.filter(pk=world.recommendation.pk).update(next_review_on=TODAY)
    archived = cast.report(code="CN", name="China", archived_at=timezone.now())
    archived.recommendations.update(next_review_on=TODAY - timedelta(days=9))
    owed(world.author, MailState.FAILED, 2)
    owed(world.author, MailState.UNKNOWN, 1)
    client = Client()
    client.force_login(world.people["manager"])
    page = client.get("/desk/").content.decode()
    links = re.findall(r'<a class="(?:number|count)" href="([^"]+)">(\d+)<', page)
    # Queue, matrix, each status, overdue with two owners, returned, failed and unknown mails.
    assert len(links) == 2 + len(Status) + 3 + 1 + 2
    for href, number in links:
        assert counted(client, unescape(href)) == int(number), href
    numbers = {unescape(href): int(number) for href, number in links}
    overdue = "/desk/recommendations/recommendation/?followed=yes&due=overdue"
    assert numbers[overdue] == 2
    assert numbers[f"{overdue}&owner__isnull=True"] == 1
    assert numbers[f"{overdue}&owner__id__exact={world.author.pk}"] == 1
    assert numbers["/desk/recommendations/mail/?state__exact=failed"] == 3


def counted(client, href):
    """Return how many rows the list behind a number has."""
    answer = client.get(href)
    assert answer.status_code == 200
    if "cl" in answer.context:
        return answer.context["cl"].result_count
    if href.endswith("#returned"):
        return len(answer.context["returned"])
    return answer.context["page"].paginator.count


def test_the_matrix_shows_all_of_one_report(world):
    answer = desk(world.reviewer)
    assert [row.position for row in answer.context["desk"].matrix] == [1, 2, 3]
    assert "Thing 1 No action Same Medium confidence" in answer.text_shown


def test_returned_updates_are_named_with_their_author(world):
    world.submitted.state = UpdateState.RETURNED
    world.submitted.returned_at = timezone.now() - timedelta(days=5)
    world.submitted.save()
    assert "Thing 2 Ana, 5 days" in desk(world.reviewer).text_shown


def test_ones_own_update_waits_for_another_reviewer(world):
    write(world.reviewer, world.second)
    shown = desk(world.reviewer).text_shown
    assert "One of them is yours: another reviewer decides on it." in shown
    assert "You are the only reviewer" not in shown


def test_with_one_reviewer_only_the_desk_says_why_their_own_wait(db):
    alone = cast.person("Rita", Role.REVIEWER)
    cast.person("Ana", Role.CONTRIBUTOR)
    cast.person("Gone", Role.MANAGER, is_active=False)
    recommendation = cast.report().recommendations.first()
    write(alone, recommendation)
    assert "You are the only reviewer, and nobody decides on their own update" in desk(alone).text_shown


@pytest.mark.parametrize(("minutes", "silent"), [(1, False), (14, False), (16, True), (None, True)])
def test_silent_jobs_are_an_alarm(team, minutes, silent):
    if minutes is not None:
        Heartbeat.objects.create(name="tick", at=timezone.now() - timedelta(minutes=minutes))
    assert ("The jobs are silent." in desk(team["reviewer"]).text_shown) is silent


def test_the_mail_log_is_a_managers(world):
    assert "Mails that failed" in desk(world.people["manager"]).text_shown
    assert "Mails that failed" not in desk(world.reviewer).text_shown


def test_a_restricted_update_is_on_no_strangers_desk(world):
    for role in ("reviewer", "second", "manager", "superuser"):
        answer = desk(world.people[role])
        assert SECRET not in answer.content.decode()
        assert [update.pk for update in answer.context["desk"].queue] == [world.submitted.pk]


def test_nothing_followed_says_what_comes_next(team):
    assert "No report is followed yet." in desk(team["manager"]).text_shown


def test_the_desk_takes_as_many_statements_with_many_rows(world, django_assert_num_queries):
    client = Client()
    client.force_login(world.reviewer)
    client.get("/desk/")
    # session, person with role, health, pulse of evidence, damages, updates, recommendations
    statements = 7
    with django_assert_num_queries(statements):
        client.get("/desk/")
    for year in range(1990, 1990 + MATRIX_ROWS):
        cast.report(count=1, year=year, code="CN", name="China")
        write(world.author, world.second)
    with django_assert_num_queries(statements):
        answer = client.get("/desk/")
    assert len(answer.context["desk"].matrix) == MATRIX_ROWS
    assert f"All {MATRIX_ROWS + 3} recommendations" in " ".join(answer.content.decode().split())
