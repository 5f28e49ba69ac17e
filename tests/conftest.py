"""How tests are collected and in which order, and the database and folders that each of them gets.

What they share of people, rows and servers is in ``tests/support/fixtures.py``.
"""

import gc
import os
import tempfile
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import override_settings
from pytest_django.plugin import blocking_manager_key

from recommendations import vault
from recommendations.audit import triggers
from tests.support import remembered, template

pytest_plugins = ["tests.support.fixtures"]

# Tests run side by side, so each side's child processes have a number of Redis to themselves.
if os.environ.get("REDIS_URL") and (side := os.environ.get("PYTEST_XDIST_WORKER")):
    server, _slash, number = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{int(number) + 1 + int(side.removeprefix('gw'))}"

EMPTIES_THE_DATABASE = {"transactional_db", "live_server"}
LONG = {"browser", "processes"}
# What a test leaves for those after it: that it emptied all tables, and the rows that were in them at first.
EMPTIED, MIGRATED = pytest.StashKey(), pytest.StashKey()


def commits(item):
    """Say whether a test really commits; pytest-django empties all tables after such a one."""
    marks = [mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")]
    return any(marks) or bool(EMPTIES_THE_DATABASE & set(getattr(item, "fixturenames", ())))


def needs_the_database(item):
    """Say whether a test asks for the database in any way."""
    return "db" in getattr(item, "fixturenames", ()) or any(item.iter_markers("django_db"))


def pytest_configure(config):
    """Let Hypothesis try the same examples each time, and others only where the order is random too.

    It measures no time: on a loaded machine an example may take as long as it takes.
    """
    untimed = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
    hypothesis.settings.register_profile("others", **untimed)
    hypothesis.settings.register_profile("the same", derandomize=True, **untimed)
    random = config.pluginmanager.hasplugin("randomly")
    hypothesis.settings.load_profile("others" if random else "the same")


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


def pytest_collection_finish(session):
    """Look for garbage among what tests make, and seldom: what was read so far stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """Keep the test database away from that of another run in the same folder; PostgreSQL has one for all."""
    if connection.vendor == "sqlite":
        path = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(path)
        connection.settings_dict["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
        template.copy_to(path)


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """Take what was copied for the test database as it is; each run has a file of its own."""
    return django_db_keepdb or connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pytestconfig):
    """Keep what the migrations wrote, and the first migrated database for the runs after this one."""
    with django_db_blocker.unblock():
        pytestconfig.stash[MIGRATED] = remembered.rows_of(remembered.OF_THE_MIGRATIONS)
        if connection.vendor == "sqlite":
            template.keep(connection)


@pytest.fixture(scope="session", autouse=True)
def nothing_waits_for_the_disk():
    """Write as if the disk was quick: only a power cut could tell. Processes that tests start wait for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_settings():
    """Serve static files under their own names, and hash passwords fast: both are Django's to test."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**django_settings.STORAGES, "staticfiles": plain},
    ):
        yield


@pytest.fixture(scope="session")
def all_folders(tmp_path_factory):
    """The folder in which each test has its own; pytest would look through all of them to number the next."""
    return tmp_path_factory.mktemp("folders")


@pytest.fixture(autouse=True)
def own_folders(settings, all_folders):
    """Keep what a test writes away from the tracker that runs on this computer.

    Where static files were collected, each of Django's test clients would read all of them anew.
    """
    folder = Path(tempfile.mkdtemp(dir=all_folders))
    settings.EVIDENCE_DIR = folder / "evidence"
    settings.EVIDENCE_DIR.mkdir()
    settings.KEYS_DIR = folder / "keys"
    settings.EVIDENCE_KEY_FILE = settings.KEYS_DIR / "evidence_key"
    vault.keys.make_first(anything_encrypted=False)
    settings.STATIC_ROOT = folder / "static"
    settings.MAIL_DIR = folder / "mail"
    settings.CHAIN_HEADS = folder / "chain-heads.txt"
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


@pytest.fixture(autouse=True)
def safeguards_step_aside(request):
    """Take the safeguards away before all tables are emptied, which is what they are there to refuse."""
    if commits(request.node):
        request.getfixturevalue("transactional_db")
        request.node.stash[EMPTIED] = True
    yield
    if commits(request.node):
        triggers.remove()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Put the migrations' rows and the safeguards back once a test that commits has emptied all tables.

    Not by ``serialized_rollback``: its copy and the emptying without it do not go together in one run. Once
    for all tests that follow: before each of them it would have to be done, and undone with it, again.
    """
    yield
    # After the last one the database is gone.
    if item.stash.get(EMPTIED, False) and nextitem:
        with item.config.stash[blocking_manager_key].unblock():
            _leave_it_as_the_migrations_did(item.config.stash[MIGRATED])


def _leave_it_as_the_migrations_did(rows):
    with transaction.atomic():
        for model in remembered.OF_THE_MIGRATIONS:
            model._base_manager.all()._raw_delete("default")
        remembered.put_rows(rows)
    ContentType.objects.clear_cache()
    triggers.install()
