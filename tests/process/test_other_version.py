"""A database of another version: nothing of this version starts over it, at any door."""

import sys

import pytest

from tests.support.places import Elsewhere
from tests.support.processes import free_port, fresh_database

pytestmark = pytest.mark.processes

NEWER = """
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_applied("recommendations", "9999_of_tomorrow")
"""
DOORS = {
    "run": ("manage.py", "run"),
    "prepare": ("manage.py", "prepare"),
    "worker and beat": ("manage.py", "watched", "--", sys.executable, "-c", "print('it runs')"),
    "web": ("-c", "import tracker.wsgi"),
    "a job by hand": ("manage.py", "tick"),
}


@pytest.fixture(scope="module")
def newer(tmp_path_factory):
    """A place whose database holds a migration that this version does not know."""
    with fresh_database("newer") as database:
        place = Elsewhere(tmp_path_factory.mktemp("newer") / "data", database, PORT=str(free_port()))
        place.lay_tables()
        assert place.python(*DOORS["web"]).returncode == 0, "an equal one is no reason to refuse"
        place.shell(NEWER)
        yield place


@pytest.mark.parametrize("door", DOORS)
def test_a_newer_database_is_refused_with_what_to_do(newer, door):
    done = newer.python(*DOORS[door])
    assert done.returncode == 1 and "it runs" not in done.stdout
    assert "recommendations.9999_of_tomorrow, which this version does not know" in done.stderr
    assert "start the newer version again" in done.stderr


OLDER = """
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
"""


@pytest.mark.parametrize("door", ["worker and beat", "web", "a job by hand"])
def test_a_database_that_was_not_brought_up_to_this_version_is_refused(older, door):
    done = older.python(*DOORS[door])
    assert done.returncode == 1 and "it runs" not in done.stdout
    assert "First run: manage.py prepare" in done.stderr


@pytest.fixture(scope="module")
def older(tmp_path_factory):
    """A place whose database lacks a migration of this version."""
    with fresh_database("older") as database:
        place = Elsewhere(tmp_path_factory.mktemp("older") / "data", database)
        place.lay_tables()
        place.shell(OLDER)
        yield place
