"""Restores and backups killed with -9: nothing starts over half of one, and no key is lost."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from recommendations.backups import workplace
from tests.support import backups
from tests.support.backups import back_up
from tests.support.processes import ROOT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]

# Runs each command that it reads in a process of its own, which dies at a point; the points are laid around
# the functions, which know nothing of it.
STRUCK = """
import json, os, signal, sys
import django
django.setup()
from django.core.management import call_command
from recommendations.backups import dumps, unfinished, unpacking, workplace
from recommendations.services.backups import restore as restoring
def die(*_arguments, **_named):
    os.kill(os.getpid(), signal.SIGKILL)
def after(module, name):
    real = getattr(module, name)
    setattr(module, name, lambda *given, **named: (real(*given, **named), die()))
points = {
    "while it is unpacked": lambda: after(unpacking, "_take"),
    "keys in their places": lambda: after(restoring, "_place_keys"),
    "one file in its place": lambda: after(restoring, "_place"),
    "loaded": lambda: after(dumps, "load"),
    "on the way back": lambda: after(dumps, "empty"),
    "upgraded": lambda: setattr(restoring, "_check_chain", die),
    "settled": lambda: after(restoring, "_settle"),
    "nothing left but the mark": lambda: setattr(unfinished, "finish", die),
    "dumped": lambda: after(dumps, "dump"),
}
for line in sys.stdin:
    point, command, *arguments = json.loads(line)
    pid = os.fork()
    if not pid:
        os.dup2(2, 1)
        points[point]()
        call_command(command, *arguments)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


@pytest.fixture
def kill(elsewhere):
    """Run a command elsewhere in a process that is killed at a point."""
    program = subprocess.Popen(
        [sys.executable, "-c", STRUCK],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tracker.settings", **elsewhere.environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def struck(point, *command):
        print(json.dumps([point, *map(str, command)]), file=program.stdin, flush=True)
        assert program.stdout.readline() == f"{-signal.SIGKILL}\n"

    yield struck
    program.communicate()


def lying_open(where):
    """Return the folders in which a dump lies that anybody can read who gets at the disk."""
    return [folder for kind in ("backup", "restore") for folder in where.folder.glob(f".{kind}-*")]


def refuses(where, *command):
    done = where.python(*command)
    assert done.returncode == 1, done.stdout
    assert "A restore is not finished here" in done.stderr and "restore --abandon" in done.stderr
    return True


def test_a_restore_killed_at_any_point_is_recognised_and_done_again(
    place, offline, elsewhere, kill, tmp_path
):
    archive, mark = tmp_path / "one.backup", elsewhere.folder / "restore-unfinished"
    back_up(archive)
    restore = ("restore", str(archive), "--identity", str(offline))
    kill("while it is unpacked", *restore)
    assert len(list(lying_open(elsewhere)[0].glob("database.*"))) == 1, "the strike came too early to tell"
    assert refuses(elsewhere, "manage.py", "prepare") and refuses(elsewhere, "-c", "import tracker.wsgi")
    assert refuses(elsewhere, "manage.py", "watched", "--", "true") and refuses(
        elsewhere, "manage.py", "tick"
    )

    kill("keys in their places", *restore)
    key = (elsewhere.folder / "keys" / "evidence_key").read_bytes()
    for point in ("one file in its place", "loaded", "on the way back", "upgraded", "settled"):
        kill(point, *restore)
        assert mark.exists() and len(lying_open(elsewhere)) == (point != "on the way back")
    assert refuses(elsewhere, "manage.py", "prepare")
    kill("nothing left but the mark", *restore)
    assert mark.exists() and lying_open(elsewhere) == []

    done = elsewhere.manage(*restore)
    assert done.returncode == 0, done.stderr
    assert elsewhere.ask()["verified"] == [] and len(elsewhere.ask()["objects"]) == 4
    assert not mark.exists() and lying_open(elsewhere) == []
    assert (elsewhere.folder / "keys" / "evidence_key").read_bytes() == key

    # What is left open by a backup and by the trial of one goes at the next start.
    kill("dumped", "backup", str(tmp_path / "two.backup"))
    kill("while it is unpacked", *restore, "--verify")
    assert len(lying_open(elsewhere)) == 2 and not mark.exists()
    assert elsewhere.manage("prepare").returncode == 0
    assert lying_open(elsewhere) == [] and elsewhere.ask()["verified"] == []


def test_an_abandoned_restore_leaves_an_empty_place_and_its_key(place, offline, elsewhere, kill, tmp_path):
    archive = tmp_path / "one.backup"
    back_up(archive)
    kill("settled", "restore", str(archive), "--identity", str(offline))
    done = elsewhere.manage("restore", "--abandon")
    assert done.returncode == 0 and "Removed." in done.stdout
    assert lying_open(elsewhere) == [] and not (elsewhere.folder / "restore-unfinished").exists()
    assert sorted(path.name for path in (elsewhere.folder / "keys").iterdir()) == [
        "evidence_key",
        "lock",
        "probe.age",
    ]
    assert "There was nothing left" in elsewhere.manage("restore", "--abandon").stdout


EMPTIED = """
from recommendations.backups import dumps
from recommendations.vault import objects
dumps.empty()
for name in list(objects.object_names()):
    objects.take_away(name)
"""


def test_a_later_restore_that_fails_takes_no_key_away(place, offline, elsewhere, tmp_path):
    archive = tmp_path / "one.backup"
    back_up(archive)
    assert elsewhere.manage("restore", archive, "--identity", offline).returncode == 0
    keys = {path: path.read_bytes() for path in (elsewhere.folder / "keys").iterdir() if path.name != "lock"}
    assert len(keys) >= 3
    elsewhere.shell(EMPTIED)
    wrong = backups.rewritten(archive, offline, tmp_path, backups.with_a_row_too_many)
    done = elsewhere.manage("restore", wrong, "--identity", offline)
    assert done.returncode == 1 and "number of rows" in done.stderr
    assert {path: path.read_bytes() for path in keys if path.exists()} == keys


def test_another_database_than_that_of_the_killed_restore_is_left_alone(
    place, offline, elsewhere, kill, tmp_path
):
    archive, other = tmp_path / "one.backup", tmp_path / "other.sqlite3"
    back_up(archive)
    kill("loaded", "restore", str(archive), "--identity", str(offline))
    with closing(sqlite3.connect(other)) as database:
        database.execute("CREATE TABLE work (id INTEGER)")
    elsewhere.environment["DATABASE_URL"] = f"sqlite:///{other}"
    for again in (("restore", archive, "--identity", offline), ("restore", "--abandon")):
        done = elsewhere.manage(*again)
        assert done.returncode == 1 and "into another place was not finished" in done.stderr
    with closing(sqlite3.connect(other)) as database:
        assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_a_folder_in_use_is_not_swept(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    with workplace.private_folder(workplace.RESTORE) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        assert workplace.sweep() == 0 and folder.exists()
    left = Path(tmp_path / ".backup-of-an-older-version")
    left.mkdir()
    (left / "database.sqlite3").write_bytes(b"words")
    assert workplace.sweep() == 1 and not left.exists() and not folder.exists()
