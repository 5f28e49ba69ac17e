"""Fixtures that every test may use: people and rows, browsers, servers, places."""

import pytest

from recommendations.choices import Role
from recommendations.models import Report
from tests.support import backups, capturing, digests, factories
from tests.support.canary import Canary
from tests.support.pages import browser_of
from tests.support.past import IMPORTED
from tests.support.places import Elsewhere
from tests.support.processes import fresh_database
from tests.support.remembered import remembered
from tests.support.sealed import name_officers
from tests.support.servers import mail_server
from tests.support.sites import OURS, SITE, Counted, raw, serving
from tests.support.world import World


@pytest.fixture
def at_the_time_of_the_story(time_machine):
    """The clock stands where the stories of the cast are told."""
    time_machine.move_to(factories.NOW, tick=False)


@pytest.fixture
def team(db):
    """One person of each role."""
    return factories.team()


@pytest.fixture
def kay(team):
    """A second manager."""
    return factories.person("Kay", Role.MANAGER)


@pytest.fixture
def report(db):
    """A report with three recommendations."""
    return factories.report()


@pytest.fixture
def readers(team, report):
    """Of the cast, only the viewer reads digests, unless a test says otherwise."""
    digests.only_the_viewer_reads(team, report)


@pytest.fixture
def tracked(report):
    """The report as the stories of the past have it: imported in May."""
    Report.objects.update(imported_at=IMPORTED)
    report.refresh_from_db()
    return report


@pytest.fixture
def recommendation(report):
    """The first recommendation of the report."""
    return report.recommendations.first()


@pytest.fixture
def world(db, settings, tmp_path):
    """One of everything, open and restricted."""
    settings.EVIDENCE_DIR = tmp_path
    return remembered(World)


@pytest.fixture
def canary(db, settings, tmp_path):
    """A report of which much is public, and a word of its own in all that is not."""
    settings.EVIDENCE_DIR = tmp_path
    return remembered(Canary)


@pytest.fixture
def rita(world):
    """The reviewer's browser."""
    return browser_of(world.reviewer)


@pytest.fixture
def mina(world):
    """The manager's browser."""
    return browser_of(world.people["manager"])


@pytest.fixture
def site():
    """A server that tests take for a public site."""
    with serving(Counted((SITE, 0))) as server:
        yield server


@pytest.fixture
def ours(site):
    """A server in our own network, at the site's port."""
    with serving(Counted((OURS, site.server_port))) as server:
        yield server


@pytest.fixture
def captures_on(settings):
    """Copies of pages may be asked for."""
    settings.LINK_CAPTURE = True


@pytest.fixture
def linked(site, team, captures_on):
    """A link of Ana's to a page of the site."""
    site.paths["/page"] = raw(capturing.WHOLE)
    return capturing.link(site, team["author"])


@pytest.fixture
def kims(settings):
    """Two officers, named, where the level "sealed" is switched on: their identities."""
    settings.SEALED_LEVEL = True
    return name_officers("Kim Ha-neul", "Lee Seo-jun")


@pytest.fixture
def ana(team):
    """The author's browser."""
    return browser_of(team["author"])


@pytest.fixture
def server(settings):
    """A mail server on loopback to which mails are sent."""
    with mail_server(settings) as sink:
        yield sink


@pytest.fixture
def offline(tmp_path):
    """A recovery key: the path of its file."""
    return backups.offline_key(tmp_path)


@pytest.fixture
def place(settings, tmp_path, offline):
    """A world with everything that a backup holds, in a folder of its own."""
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    settings.CHAIN_HEADS = settings.DATA_DIR / "chain-heads.txt"
    return backups.place_to_back_up(offline)


@pytest.fixture
def elsewhere(tmp_path):
    """An empty place to restore on."""
    with fresh_database("restored") as database:
        yield Elsewhere(tmp_path / "elsewhere", database)
