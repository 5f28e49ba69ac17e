"""Two reviewers who decide at the same moment: one decision and one clear refusal, every time.

Each story is tried five times, ``.ci/run`` tries it 25 times over PostgreSQL, and ``make races`` 200 times
(``RACE_TRIES`` says how often).
"""

from collections import Counter
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from recommendations.choices import Decision, EventKind, Status, UpdateState
from recommendations.errors import Refused
from recommendations.management.demo.play import play
from recommendations.models import Event, Review, StatusUpdate, User
from recommendations.services import asks, people, reviews, updates
from recommendations.services.own_account import keep_settings
from tests.support import factories
from tests.support.factories import NOW
from tests.support.threads import TRIES, at_once

# Threads see each other only through a database of their own connections: committed for real.
pytestmark = pytest.mark.django_db(transaction=True)


def decider(update, reviewer, decision):
    """Return the act of one reviewer."""
    return partial(
        reviews.decide, update=update, reviewer=reviewer, decision=decision, comment="Why?", now=NOW
    )


@pytest.mark.parametrize("second", [Decision.APPROVE, Decision.RETURN])
def test_one_decision_and_one_refusal(second):
    team = factories.team()
    recommendation = factories.report().recommendations.first()
    firsts = Counter()
    for _ in range(TRIES):
        update = factories.submit(team["author"], recommendation)
        results = at_once(
            decider(update, team["reviewer"], Decision.APPROVE), decider(update, team["second"], second)
        )
        done = [result for result in results if isinstance(result, Review)]
        refused = [str(result) for result in results if isinstance(result, Refused)]
        assert (len(done), len(refused)) == (1, 1), results
        assert "already" in refused[0] and "Nothing was changed." in refused[0]
        update.refresh_from_db()
        assert (
            update.state
            == {
                Decision.APPROVE: UpdateState.APPROVED,
                Decision.RETURN: UpdateState.RETURNED,
            }[done[0].decision]
        )
        assert Review.objects.filter(update=update).count() == 1
        assert (
            Event.objects.filter(update=update, kind__in=[EventKind.APPROVED, EventKind.RETURNED]).count()
            == 1
        )
        firsts[done[0].reviewer.name] += 1
    assert sum(firsts.values()) == TRIES
    print(f"{connection.vendor}: {TRIES} tries, {dict(firsts)} were first")


def test_two_takers_at_once_leave_it_with_one():
    team = factories.team()
    recommendation = factories.report().recommendations.first()
    for _ in range(TRIES):
        update = factories.submit(team["author"], recommendation)
        pair = (team["reviewer"], team["second"])
        results = at_once(*[partial(reviews.take, update=update, reviewer=who, now=NOW) for who in pair])
        refused = [str(result) for result in results if isinstance(result, Refused)]
        assert len(refused) == 1, results
        assert "is reviewing this update" in refused[0]
        update.refresh_from_db()
        assert isinstance(results[pair.index(update.taken_by)], StatusUpdate)
        assert Event.objects.filter(update=update, kind=EventKind.TAKEN).count() == 1


def test_a_split_and_an_approval_at_once_leave_what_follows_from_both():
    team = factories.team()
    for recommendation in factories.report(count=min(TRIES, 60)).recommendations.all():
        update = factories.submit(team["author"], recommendation)
        about = {"recommendation": recommendation, "actor": team["second"], "now": NOW}
        results = at_once(
            decider(update, team["reviewer"], Decision.APPROVE),
            partial(asks.add, title="It", words="Do the thing", **about),
        )
        assert isinstance(results[0], Review), results
        recommendation.refresh_from_db()
        assert recommendation.status == Status.NO_ACTION
        assert recommendation.split == {Status.NOT_ASSESSED: 1}


def test_an_author_who_withdraws_while_a_reviewer_approves():
    team = factories.team()
    recommendation = factories.report().recommendations.first()
    for _ in range(TRIES):
        update = factories.submit(team["author"], recommendation)
        withdrawal = partial(updates.withdraw, update=update, actor=team["author"], now=NOW)
        results = at_once(decider(update, team["reviewer"], Decision.APPROVE), withdrawal)
        assert sum(isinstance(result, Refused) for result in results) == 1, results
        update.refresh_from_db()
        approved = update.state == UpdateState.APPROVED
        assert approved or update.state == UpdateState.WITHDRAWN
        assert Review.objects.filter(update=update).exists() is approved


def test_two_approvals_of_two_updates_both_stand_and_the_later_date_counts():
    team = factories.team()
    recommendation = factories.report().recommendations.first()
    for _ in range(TRIES):
        pair = [
            factories.submit(team["author"], recommendation),
            factories.submit(team["other"], recommendation, NOW, as_of=NOW.date()),
        ]
        results = at_once(
            decider(pair[0], team["reviewer"], Decision.APPROVE),
            decider(pair[1], team["second"], Decision.APPROVE),
        )
        assert all(isinstance(result, Review) for result in results), results
        recommendation.refresh_from_db()
        assert recommendation.current_update == StatusUpdate.objects.approved().newest_first().first()
        assert recommendation.last_verified_on == NOW.date()


def test_two_managers_who_demote_each_other_leave_one():
    team = factories.team()
    other = factories.person("Noor", "Manager")
    for _ in range(TRIES):
        pair = (team["manager"], other)
        for person in pair:
            person.groups.set([person.groups.model.objects.get(name="Manager")])
            person.__dict__.pop("rank", None)
        results = at_once(
            partial(people.change_role, actor=pair[0], person=pair[1], role="Viewer", now=NOW),
            partial(people.change_role, actor=pair[1], person=pair[0], role="Viewer", now=NOW),
        )
        assert sum(isinstance(result, Refused) for result in results) == 1, results
        assert sorted(people.role_of(person=person) for person in pair) == ["Manager", "Viewer"]


def test_two_who_take_one_name_at_once_are_told_apart():
    team = factories.team()
    for number in range(TRIES):
        pair = (team["author"], team["other"])
        results = at_once(
            *[
                partial(keep_settings, person=person, fields={"name": f"Jo {number}x"}, now=NOW)
                for person in pair
            ]
        )
        assert sum(isinstance(result, ValidationError) for result in results) == 1, results
        assert User.objects.filter(name=f"Jo {number}x").count() == 1


def test_two_first_starts_make_one_administrator():
    for _ in range(TRIES):
        User.objects.all().delete()
        results = at_once(
            *[partial(people.first_administrator, email=f"{name}@example.org") for name in ("one", "two")]
        )
        assert sum(result is None for result in results) == 1, results
        assert User.objects.count() == 1


def test_two_demonstrations_at_once_are_one():
    made = factories.report(count=11)
    results = at_once(*[partial(play, report=made, now=NOW)] * 2)
    assert [len(found) for found, _password in results] == [7, 7]
    assert sum(password is None for _found, password in results) == 1
    assert User.objects.filter(is_example=True).count() == 7
