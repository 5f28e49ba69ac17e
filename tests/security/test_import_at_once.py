"""An import with lines at the same moment as something else: once, and whole or not at all."""

from functools import partial

import pycountry
import pytest

from recommendations.choices import LineageKind, Role
from recommendations.documents import read
from recommendations.errors import Gone, Refused
from recommendations.models import Ask, Event, Lineage, Recommendation, Report
from recommendations.rules.lineage import ChosenLine
from recommendations.services import asks, following, lineage
from recommendations.services.reports import import_report
from recommendations.succession.handing_over import Succession
from tests.support import factories
from tests.support.factories import DAY, NOW
from tests.support.importing import NARRATIVE, year_before
from tests.support.threads import TRIES, at_once

# Threads see each other only through a database of their own connections: committed for real.
pytestmark = pytest.mark.django_db(transaction=True)
# By names that are one plain word in every list of countries.
COUNTRIES = sorted(one.name for one in pycountry.countries if one.name.isalpha() and one.name.isascii())


@pytest.fixture
def team(transactional_db):
    return factories.team()


def of_country(data, number):
    """Return the narrative as that of the `number`-th country: each try has reports of its own."""
    country = COUNTRIES[number].encode()
    for named, instead in (
        ("KOREA, DEMOCRATIC PEOPLE’S REPUBLIC OF", country.upper()),
        ("North Korea", country),
    ):
        assert named.encode() in data
        data = data.replace(named.encode(), instead)
    return data


def earlier_of(team, number):
    """Return a report with an ask, which the next one takes over."""
    data = of_country(year_before(), number)
    report, _made = import_report(document=read(data), now=NOW, actor=team["manager"])
    first = report.recommendations.get(position=1)
    words = "performed in prison camps"
    asks.add(recommendation=first, title="Prison camps", words=words, actor=team["reviewer"], now=NOW)
    return report


def importing(team, earlier, number):
    """Return the act that imports the next report, with a line and what that carries over."""
    data = of_country(NARRATIVE, number)
    lines = [ChosenLine((f"{earlier.slug}-01",), (1,), LineageKind.SAME)]
    return partial(
        import_report,
        document=read(data),
        succession=Succession(earlier, lines),
        actor=team["manager"],
        now=NOW,
    )


def test_two_presses_import_once(team):
    for number in range(TRIES):
        earlier = earlier_of(team, number)
        press = importing(team, earlier, number)
        results = at_once(press, press)
        assert sorted(made for _report, made in results) == [False, True], results
        later = Recommendation.objects.filter(report__year=2024, report__country_code=earlier.country_code)
        assert Lineage.objects.filter(later__in=later).count() == 1
        assert Ask.objects.filter(recommendation__in=later).count() == 1


@pytest.mark.parametrize("other", [b"", b" "])
def test_two_managers_who_import_one_report_at_once_make_one(team, other):
    """Nobody waits for the other before the commit; the second is told, and nothing of theirs is stored."""
    team["second_manager"] = factories.person("Max", Role.MANAGER)
    for number in range(TRIES):
        data = of_country(NARRATIVE, number)
        acts = [
            partial(import_report, document=read(text), actor=team[who], now=NOW)
            for text, who in ((data, "manager"), (data + other, "second_manager"))
        ]
        results = at_once(*acts)
        assert sum(1 for one in results if isinstance(one, tuple) and one[1]) == 1, results
        assert all(isinstance(one, (tuple, Refused)) for one in results), results
        assert Report.objects.count() == number + 1


def test_an_import_and_the_undoing_of_the_report_before_it_leave_one_of_both(team):
    for number in range(TRIES):
        data = of_country(year_before(), number)
        earlier, _made = import_report(document=read(data), now=NOW, actor=team["manager"])
        undo = partial(following.undo_import, report=earlier, actor=team["manager"], now=NOW)
        imported, undone = at_once(importing(team, earlier, number), undo)
        there = Report.objects.filter(country_code=earlier.country_code).count()
        if isinstance(imported, Gone):
            assert undone is None and there == 0
        else:
            assert isinstance(undone, Refused) and there == 2, (imported, undone)


def test_an_import_is_undone_or_a_line_to_it_confirmed(team):
    for number in range(TRIES):
        earlier = earlier_of(team, number)
        later, _made = importing(team, earlier, number)()
        about = {"actor": team["reviewer"], "now": NOW + DAY, "earlier": earlier, "later": later}
        confirm = partial(lineage.confirm, old=[2], new=[2], kind=LineageKind.SAME, **about)
        undo = partial(following.undo_import, report=later, actor=team["manager"], now=NOW + DAY)
        confirmed, undone = at_once(confirm, undo)
        if isinstance(confirmed, Gone):
            assert undone is None
            assert not Recommendation.objects.filter(report_id=later.pk).exists()
            assert not Lineage.objects.filter(earlier__report=earlier).exists()
        else:
            assert isinstance(undone, Refused)
            assert Event.objects.filter(report=later).exists()
