"""Upgrades to the migration that stands for all before it, by real commands, from where databases may be."""

import json
import shutil
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from recommendations.management.commands.prepare import SHIPPED_REPORT
from tests.support.places import Elsewhere
from tests.support.processes import ROOT, fresh_database
from tests.support.schemas import REPLAY, content, schema
from tracker.process import preflight

pytestmark = pytest.mark.processes

MIGRATIONS = ROOT / "recommendations" / "migrations"
SQUASHED = "0039_version_0_1"
# Reports as they were before 0030, when an import ended that of the year before.
ENDED = """
from django.db import connection
rows = [
    (2017, "2024-08-01", "2022-06-24", None),  # came in after 2018, 2019: never followed
    (2018, "2022-07-01", "2023-06-24", None),  # ended by the import of 2019
    (2019, "2023-07-01", "2024-06-24", "2024-07-02"),  # archived by a manager
    (2020, "2024-07-01", None, None),
]
with connection.cursor() as cursor:
    for year, imported, until, archived in rows:
        cursor.execute(
            "INSERT INTO recommendations_report (country_code, country_name, year, heading, tier, "
            "source_name, source_url, source_bytes, sha256, text, complete, warnings, period_start, "
            "period_end, tracked_from, tracked_until, imported_at, archived_at) VALUES ('KP', "
            "'North Korea', %s, '', '3', '', '', %s, %s, '', %s, '[]', '2021-04-01', '2022-03-31', "
            "'2022-06-24', %s, %s, %s)",
            [year, b"", str(year), True, until, imported, archived],
        )
"""
FOLLOWED = """
import json
from recommendations.models import Report
print(json.dumps([report.year for report in Report.objects.order_by("year") if report.is_followed]))
"""
FORGET = f"""
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
MigrationRecorder(connection).record_unapplied("recommendations", "{SQUASHED}")
"""
RECORDED = """
import json
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
recorded = MigrationRecorder(connection).applied_migrations()
print(json.dumps(sorted(name for app, name in recorded if app == "recommendations")))
"""


def replaced():
    """Return the names that the squashed migration replaces."""
    squashed = MigrationLoader(None).disk_migrations["recommendations", SQUASHED]
    return sorted(name for _app, name in squashed.replaces)


def in_shell(place, code):
    said = place.shell(code)
    return json.loads(said) if said else None


def run(place, *command):
    done = place.manage(*command)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def fresh(tmp_path_factory):
    """A place whose database began with this version."""
    with fresh_database("fresh") as database:
        place = Elsewhere(tmp_path_factory.mktemp("fresh") / "data", database)
        run(place, "migrate")
        yield place


@pytest.fixture(scope="module")
def half_way(tmp_path_factory):
    """A place whose database was of a version in between, and what was seen as it went on."""
    with fresh_database("half_way") as database:
        place = Elsewhere(tmp_path_factory.mktemp("half-way") / "data", database)
        in_shell(place, REPLAY.format(name="0020_partners"))
        in_shell(place, ENDED)
        said = run(place, "migrate")
        followed, recorded = in_shell(place, FOLLOWED), in_shell(place, RECORDED)
        yield place, SimpleNamespace(said=said, followed=followed, recorded=recorded, schema=schema(place))


@pytest.fixture(scope="module")
def older(half_way):
    """A place with work in a database of before: all that is replaced is on record, the new name is not."""
    place, _seen = half_way
    for command in (("import_report", SHIPPED_REPORT), ("prepare",), ("demo",)):
        run(place, *command)
    in_shell(place, FORGET)
    return place


def test_an_empty_database_runs_one_migration_and_has_all_names_on_record(fresh):
    recorded = in_shell(fresh, RECORDED)
    assert [name for name in recorded if name <= SQUASHED] == [*replaced(), SQUASHED]
    names = sorted(path.stem for path in MIGRATIONS.glob("0*.py") if path.stem <= SQUASHED)
    assert names == [*replaced(), SQUASHED], "what is replaced is all that was there before"


def test_a_database_half_way_goes_on_and_ends_as_one_that_began_with_this_version(half_way, fresh):
    _place, seen = half_way
    assert "Applying recommendations.0021_captures" in seen.said and SQUASHED not in seen.said
    assert seen.recorded == in_shell(fresh, RECORDED)
    assert seen.followed == [2018, 2020], "what an import ended is followed again"
    assert seen.schema == schema(fresh)


def test_a_database_with_all_that_is_replaced_stays_as_it_is(older, fresh):
    before = content(older)
    assert older.python("-c", "import tracker.wsgi").returncode == 0, "it is of this version"
    assert "No migrations to apply" in run(older, "migrate")
    assert content(older) == before
    assert in_shell(older, RECORDED) == in_shell(fresh, RECORDED)


def test_what_is_replaced_can_go_a_release_later(db, settings, monkeypatch, tmp_path):
    later = tmp_path / "migrations_of_later"
    later.mkdir()
    for path in MIGRATIONS.glob("*.py"):
        if path.stem not in replaced():
            shutil.copy(path, later)
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"recommendations": later.name}
    preflight.check_data(tmp_path / "no-restore", connection)
    assert ("recommendations", "0001_initial") not in MigrationLoader(None).disk_migrations
