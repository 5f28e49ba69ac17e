"""Two reviewers who decide at the same moment: one decision and one clear refusal, every time.

Each story is tried five times, ``.ci/run`` tries it 25 times over PostgreSQL, and ``make races`` 200 times
(``RACE_TRIES`` says how often).
"""

from collections import Counter
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from recommendations.choices import Decision, EventKind, LineageKind, Status, UpdateState
from recommendations.errors import Gone, Refused
from recommendations.management.demo.play import play
from recommendations.models import Event, Lineage, Mail, Review, StatusUpdate, User
from recommendations.services import asks, lineage, open_work, people, reviews, still_so, updates
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


def test_two_who_confirm_one_line_at_once_leave_one():
    team = factories.team()
    reports = {"earlier": factories.report(year=2023), "later": factories.report(year=2024)}
    line = reports | {"old": [3], "new": [2], "kind": LineageKind.NOT_KNOWN, "now": NOW}
    for _ in range(TRIES):
        results = at_once(
            *(partial(lineage.confirm, actor=team[who], **line) for who in ("reviewer", "second"))
        )
        refused = [result for result in results if isinstance(result, ValidationError)]
        assert len(refused) == 1 and "confirmed line already" in str(refused[0]), results
        row = Lineage.objects.get()
        undone = at_once(
            *(
                partial(lineage.undo, row=row.pk, actor=team[who], now=NOW, **reports)
                for who in ("reviewer", "second")
            )
        )
        assert sum(isinstance(result, Gone) for result in undone) == 1, undone
        assert not Lineage.objects.exists()
    assert Event.objects.filter(kind=EventKind.LINE_UNDONE).count() == TRIES


@pytest.fixture
def to_2025():
    """The team, a recommendation, and the one of the next report to which a confirmed line leads."""
    people_of, old = factories.team(), factories.report().recommendations.first()
    new = factories.report(year=2025).recommendations.first()
    ends = {"earlier": old, "later": new, "kind": LineageKind.SAME}
    Lineage.objects.create(confirmed_by=people_of["reviewer"], confirmed_at=NOW, **ends)
    return people_of, old, new


def test_a_move_while_a_reviewer_approves_leaves_one_of_both(to_2025):
    team, old, new = to_2025
    for _ in range(TRIES):
        update = factories.submit(team["author"], old)
        results = at_once(
            decider(update, team["reviewer"], Decision.APPROVE),
            partial(open_work.move, updates=[update], actor=team["manager"], now=NOW),
        )
        approved = isinstance(results[0], Review)
        assert approved or isinstance(results[0], Refused | Gone), results
        assert bool(results[1].done) is not approved, results
        update.refresh_from_db()
        assert (update.state, update.recommendation) == (
            (UpdateState.APPROVED, old) if approved else (UpdateState.DRAFT, new)
        )
        assert Event.objects.filter(update=update, kind=EventKind.MOVED).exists() is not approved


def test_a_move_while_its_author_saves_and_submits_loses_no_word(to_2025):
    team, old, new = to_2025
    for number in range(TRIES):
        update = factories.write(team["author"], old)
        about = {"author": team["author"], "key": update.key, "now": NOW, "recommendation": old}
        results = at_once(
            partial(updates.save_draft, fields={"reason": f"Typed {number}"}, **about),
            partial(open_work.move, updates=[update], actor=team["author"], now=NOW),
        )
        update.refresh_from_db()
        assert update.recommendation == new and results[1].done, results
        saved = isinstance(results[0], StatusUpdate)
        # Who was too late gets their words back, with the reason why they were not saved.
        assert saved or isinstance(results[0], Refused), results
        assert update.reason == (f"Typed {number}" if saved else "Nothing was published.")
        late = factories.write(team["author"], old)
        results = at_once(
            partial(updates.submit, update=late, actor=team["author"], now=NOW),
            partial(open_work.move, updates=[late], actor=team["author"], now=NOW),
        )
        late.refresh_from_db()
        assert (late.recommendation, late.state) == (new, UpdateState.DRAFT), results


def test_of_two_moves_at_once_one_is_done_and_its_author_told_once(to_2025):
    team, old, _new = to_2025
    for _ in range(TRIES):
        update = factories.submit(team["author"], old)
        act = partial(open_work.move, updates=[update], actor=team["manager"], now=NOW)
        results = at_once(act, act)
        assert sum(len(result.done) for result in results) == 1, results
        assert Event.objects.filter(update=update, kind=EventKind.MOVED).count() == 1
    assert Mail.objects.filter(recipient=team["author"], key__startswith="moved:").count() == TRIES


def test_a_move_while_the_line_is_undone_goes_where_it_led_or_nowhere(to_2025):
    team, old, new = to_2025
    reports = {"earlier": old.report, "later": new.report, "now": NOW}
    for _ in range(TRIES):
        update, row = factories.write(team["author"], old), Lineage.objects.get()
        at_once(
            partial(lineage.undo, row=row.pk, actor=team["reviewer"], **reports),
            partial(open_work.move, updates=[update], actor=team["author"], now=NOW),
        )
        update.refresh_from_db()
        moved = Event.objects.filter(update=update, kind=EventKind.MOVED).exists()
        assert update.recommendation == (new if moved else old)
        about = {"old": [1], "new": [1], "kind": LineageKind.SAME, "actor": team["reviewer"]}
        lineage.confirm(**about, **reports)


def test_two_who_ask_whether_it_is_still_so_while_the_owner_writes_begin_one_draft_at_most():
    team = factories.team()
    old, new = (factories.report(year=year, count=min(TRIES, 60)) for year in (2023, 2024))
    new.recommendations.update(owner=team["other"])
    for one, other in zip(old.recommendations.all(), new.recommendations.all(), strict=True):
        finding = factories.approve(team["author"], one, reviewer=team["second"])
        ends = {"earlier": one, "later": other, "kind": LineageKind.SAME}
        Lineage.objects.create(confirmed_by=team["second"], confirmed_at=NOW, **ends)
        about = {"earlier": old, "later": new, "now": NOW}
        results = at_once(
            *(partial(still_so.ask, actor=team[who], **about) for who in ("reviewer", "manager")),
            partial(factories.write, team["other"], other, as_of=finding.as_of),
        )
        assert sum(len(asked.ready) for asked in results[:2]) == 1, results
        written = StatusUpdate.objects.filter(recommendation=other)
        assert written.filter(repeats=None).count() == 1 >= written.filter(repeats=finding).count()
        assert Event.objects.filter(kind=EventKind.STILL_SO, recommendation=other).count() == 1
