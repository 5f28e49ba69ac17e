"""Two presses at one moment, of one person or of two: what may be there once is there once."""

import uuid
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from recommendations.choices import Decision, EventKind, Retention, Sensitivity
from recommendations.errors import Refused
from recommendations.models import Advocacy, Edition, Event, Moment, SavedFilter, StatusUpdate
from recommendations.services import advocacy, counting, editions, moments, reviews, saved_filters
from recommendations.services.evidence import retention
from tests.support import factories
from tests.support.factories import NOW
from tests.support.threads import at_once

# Threads see each other only through a database of their own connections: committed for real.
pytestmark = pytest.mark.django_db(transaction=True)
TRIES = 8
TODAY = NOW.date()
AFTER = NOW + timedelta(hours=1)  # the report was imported before it


def proposed(team, on=TODAY):
    """Return an item whose removal Ana proposed."""
    item = factories.link(team["author"])
    about = {"reason": "Consent withdrawn.", "basis": "Art. 17", "on": on}
    return retention.propose(item=item, actor=team["author"], now=NOW, **about)


def test_two_approvals_of_a_removal_are_one():
    team = factories.team()
    for _ in range(TRIES):
        item = proposed(team)
        results = at_once(
            *[
                partial(retention.approve, item=item, actor=team[who], now=NOW)
                for who in ("reviewer", "second")
            ]
        )
        assert sorted(type(one).__name__ for one in results) == ["Evidence", "Refused"], results
        assert Event.objects.filter(evidence=item, kind=EventKind.REMOVED).count() == 1


def test_an_approval_and_a_hold_leave_one_of_both():
    team = factories.team()
    for _ in range(TRIES):
        item = proposed(team)
        results = at_once(
            partial(retention.approve, item=item, actor=team["reviewer"], now=NOW),
            partial(retention.hold, item=item, actor=team["second"], reason="A court asks.", now=NOW),
        )
        assert sum(isinstance(one, Refused) for one in results) == 1, results
        item.refresh_from_db()
        removed, _held = results
        kept = Retention.HOLD if isinstance(removed, Refused) else Retention.TOMBSTONED
        assert item.retention == kept


def test_of_two_corrections_that_come_to_count_one_does():
    team = factories.team()
    recommendation = factories.report(count=1).recommendations.get()
    cites, ana, rita = [factories.link(team["author"])], team["author"], team["reviewer"]
    for _ in range(TRIES):
        wrong = factories.approve(ana, recommendation, reviewer=rita, cites=cites)
        about = {"corrects": wrong, "cites": cites}
        hidden = factories.approve_restricted(ana, recommendation, reviewer=rita, **about)
        factories.grant(team["second"], update=hidden)
        other = factories.submit(ana, recommendation, **about)
        results = at_once(
            partial(counting.count_from_now, update=hidden, actor=team["second"], now=NOW),
            partial(reviews.decide, update=other, reviewer=rita, decision=Decision.APPROVE, now=NOW),
        )
        assert sum(isinstance(one, (Refused, ValidationError)) for one in results) == 1, results
        assert StatusUpdate.objects.counting().filter(corrects=wrong).count() == 1


def test_a_form_that_is_pressed_twice_freezes_logs_and_keeps_once():
    team = factories.team()
    report, mina, ana = factories.report(), team["manager"], team["author"]
    moment = {"kind": "upr", "on": TODAY, "note": ""}
    entry = dict.fromkeys(advocacy.FIELDS, "")
    entry |= {"kind": "meeting", "held_on": TODAY, "counterpart": "A clerk", "subject": "The camps"}
    entry |= {"next_on": None, "next_owner": None, "sensitivity": Sensitivity.INTERNAL}
    about = {"recommendations": [], "readers": [], "now": NOW}
    for number in range(1, TRIES + 1):
        name = f"Number {number}"
        fields, kept = {**moment, "title": name}, {"listed": "updates", "query": "state=approved"}
        for act in (
            partial(editions.freeze, report=report, actor=mina, name=name, as_of=TODAY, now=AFTER),
            partial(moments.keep_moment, actor=mina, moment=None, fields=fields, now=NOW),
            partial(advocacy.log, author=ana, key=uuid.uuid4(), fields=entry, **about),
        ):
            first, second = at_once(act, act)
            assert first == second, act
        keep = partial(saved_filters.keep, owner=ana, name=name, is_shared=False, now=NOW, **kept)
        results = at_once(keep, keep)
        told = [one.message_dict for one in results if isinstance(one, ValidationError)]
        assert told == [{"name": ["You already have a filter with this name. Choose another name."]}], results
        for model in (Edition, Moment, Advocacy, SavedFilter):
            assert model.objects.count() == number
