"""Fixtures that every test may use."""

import pytest
from django.contrib.auth.models import Group

from recommendations.choices import Role
from tests import cast
from tests.pages import browser_of
from tests.world import World

EMPTIES_THE_DATABASE = {"transactional_db", "live_server"}
WITH_WHAT_MIGRATIONS_WROTE = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Keep what the migrations wrote (the roles) there for every test, in whatever order they run.

    A test that commits empties all tables at its end: such tests run last (pytest-django sorts so too,
    but pytest then moves tests that share a browser together), and each is given the rows of the
    migrations anew, since one that is not would leave nothing for the next.
    """

    def empties(item):
        marks = [mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")]
        return any(marks) or bool(EMPTIES_THE_DATABASE & set(getattr(item, "fixturenames", ())))

    items.sort(key=empties)
    for item in filter(empties, items):
        item.add_marker(WITH_WHAT_MIGRATIONS_WROTE, append=False)


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
    settings.MAIL_DIR = folder / "mail"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture(autouse=True)
def roles(request):
    """Make the roles again where a test really commits: the emptying after such a test takes them away.

    Not by ``serialized_rollback``: its copy and the emptying without it do not go together in one run.
    """
    mark = request.node.get_closest_marker("django_db")
    commits = bool(mark and mark.kwargs.get("transaction")) or "transactional_db" in request.fixturenames
    if commits:
        request.getfixturevalue("transactional_db")
        for role in Role:
            Group.objects.get_or_create(name=role)


@pytest.fixture
def team(db):
    """One person of each role."""
    return cast.team()


@pytest.fixture
def report(db):
    """A report with three recommendations."""
    return cast.report()


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
