"""Carrying over at the same moment as something else: once, and never over what somebody just said."""

from functools import partial

import pytest

from recommendations.choices import LineageKind
from recommendations.errors import Gone, Refused
from recommendations.models import Event, Lineage
from recommendations.selectors.carrying_over import offer_between
from recommendations.services import carrying_over, lineage
from recommendations.services import recommendations as service
from tests.support import factories
from tests.support.factories import NOW
from tests.support.threads import TRIES, at_once

# Threads see each other only through a database of their own connections: committed for real.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def team(transactional_db):
    return factories.team()


def tied(team, year):
    """Return two reports with one confirmed line, whose earlier recommendation Ana owns."""
    made = {
        "earlier": factories.report(year=year, count=2),
        "later": factories.report(year=year + 1, count=2),
    }
    made["earlier"].recommendations.update(owner=team["author"])
    lineage.confirm(old=[1], new=[1], kind=LineageKind.SAME, actor=team["reviewer"], now=NOW, **made)
    return made


def carrying(team, reports, who="reviewer"):
    seen = offer_between(**reports).mark
    return partial(carrying_over.carry_over, seen=seen, actor=team[who], now=NOW, **reports)


def carried(reports):
    return Event.objects.filter(report=reports["later"], payload__has_key="carried_from").count()


def test_two_presses_carry_over_once(team):
    for number in range(TRIES):
        reports = tied(team, 1990 + 2 * number)
        results = at_once(carrying(team, reports), carrying(team, reports, "second"))
        assert sorted(len(one) for one in results) == [0, 1], results
        assert carried(reports) == 1


def test_whom_somebody_names_at_that_moment_is_the_owner(team):
    for number in range(TRIES):
        reports = tied(team, 1990 + 2 * number)
        new = reports["later"].recommendations.get(position=1)
        results = at_once(
            carrying(team, reports),
            partial(service.assign, recommendation=new, owner=team["other"], actor=team["second"], now=NOW),
        )
        new.refresh_from_db()
        assert new.owner == team["other"], results
        # Named before: nothing was left, or what was shown had changed.
        assert carried(reports) == (0 if results[0] == [] or isinstance(results[0], Refused) else 1)


def test_a_line_that_is_undone_at_that_moment_carries_over_before_or_not_at_all(team):
    for number in range(TRIES):
        reports = tied(team, 1990 + 2 * number)
        row = Lineage.objects.between(**reports).get().pk
        results = at_once(
            partial(carrying(team, reports), row=row),
            partial(lineage.undo, row=row, actor=team["second"], now=NOW, **reports),
        )
        assert not isinstance(results[1], Exception), results
        assert carried(reports) == (0 if isinstance(results[0], Gone) else 1)
