"""Fixtures that every test may use."""

import os

import hypothesis
import pytest
from django.contrib.auth.models import Group
from django.db import connection

from recommendations import vault
from recommendations.audit import triggers
from recommendations.choices import Role
from recommendations.models import Report
from tests.support import backups, capturing, cast, digests, template
from tests.support.mailing import mail_server
from tests.support.pages import browser_of
from tests.support.past import IMPORTED
from tests.support.processes import fresh_database
from tests.support.sealed import name_officers
from tests.support.sites import OURS, SITE, Counted, raw, serving
from tests.support.world import World

# Tests run side by side, so each side's child processes have a number of Redis to themselves.
if os.environ.get("REDIS_URL") and (side := os.environ.get("PYTEST_XDIST_WORKER")):
    server, _slash, number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(number) + 1 + int(side.removeprefix('gw'))}"

EMPTIES_THE_DATABASE = {"transactional_db", "live_server"}
LONG = {"browser", "processes"}


def commits(item):
    """Say whether a test really commits; pytest-django empties all tables after such a one."""
    marks = [mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")]
    return any(marks) or bool(EMPTIES_THE_DATABASE & set(getattr(item, "fixturenames", ())))


def needs_the_database(item):
    """Say whether a test asks for the database in any way."""
    return "db" in getattr(item, "fixturenames", ()) or any(item.iter_markers("django_db"))


def pytest_configure(config):
    """Let Hypothesis try the same examples each time, and others only where the order is random too."""
    hypothesis.settings.register_profile("the same", derandomize=True)
    if not config.pluginmanager.hasplugin("randomly"):
        hypothesis.settings.load_profile("the same")


def pytest_addoption(parser):
    """Say how many widths and colours are looked at."""
    parser.addoption(
        "--looks", choices=["one", "all"], default="one", help="each page once, or in all its looks"
    )


FURTHER_LOOK = pytest.mark.skip(
    reason="a page in a further width or colour; to look at all of them: make looks"
)


def look_once(items):
    """Leave of each test that looks at pages one width and colour: the last by name, the narrow one."""
    looks = [item for item in items if item.get_closest_marker("looks")]
    kept = {item.nodeid.partition("[")[0]: item for item in sorted(looks, key=lambda item: item.nodeid)}
    for item in looks:
        if item not in kept.values():
            item.add_marker(FURTHER_LOOK)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Run what empties the tables at its end after all that needs what the migrations wrote (the roles).

    pytest-django sorts so too, but pytest then moves tests that share a browser together. Where files run
    side by side (pytest-xdist), those that drive a browser or whole processes begin: a long one that began
    last would keep the others waiting.
    """
    if config.getoption("--looks") == "one":
        look_once(items)
    items.sort(key=commits)
    if os.environ.get("PYTEST_XDIST_WORKER"):
        long = {item.path for item in items if LONG & {mark.name for mark in item.iter_markers()}}
        items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """Keep the test database away from that of another run in the same folder; PostgreSQL has one for all."""
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)
        template.copy_to(path)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """Take what was copied for the test database as it is; each run has a file of its own."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Keep the first database that was migrated for the runs after this one."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            template.keep(connection)


@pytest.fixture(autouse=True)
def quick_settings(settings):
    """Serve static files under their own names, and hash passwords fast: both are Django's to test."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path_factory):
    """Keep evidence and mails of a test away from those of the tracker that runs on this computer."""
    folder = tmp_path_factory.mktemp("data")
    settings.EVIDENCE_DIR = folder / "evidence"
    settings.EVIDENCE_DIR.mkdir()
    settings.KEYS_DIR = folder / "keys"
    settings.EVIDENCE_KEY_FILE = settings.KEYS_DIR / "evidence_key"
    vault.keys.make_first(anything_sealed=False)
    settings.MAIL_DIR = folder / "mail"
    settings.CHAIN_HEADS = folder / "chain-heads.txt"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture(autouse=True)
def what_the_migrations_left(request):
    """Give each test the roles and the safeguards: a test that really commits ends by emptying all tables.

    Not by ``serialized_rollback``: its copy and the emptying without it do not go together in one run.
    """
    if commits(request.node):
        request.getfixturevalue("transactional_db")
        _leave_it_as_the_migrations_did()
        yield
        # Emptying the tables is what they are there to refuse.
        triggers.remove()
        return
    if needs_the_database(request.node):
        request.getfixturevalue("db")
        if any(triggers.missing()):
            _leave_it_as_the_migrations_did()
    yield


def _leave_it_as_the_migrations_did():
    for role in Role:
        Group.objects.get_or_create(name=role)
    triggers.install()


@pytest.fixture
def at_the_time_of_the_story(time_machine):
    """The clock stands where the stories of the cast are told."""
    time_machine.move_to(cast.NOW, tick=False)


@pytest.fixture
def team(db):
    """One person of each role."""
    return cast.team()


@pytest.fixture
def kay(team):
    """A second manager."""
    return cast.person("Kay", Role.MANAGER)


@pytest.fixture
def report(db):
    """A report with three recommendations."""
    return cast.report()


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
    return World()


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
        yield backups.Elsewhere(tmp_path / "elsewhere", database)
