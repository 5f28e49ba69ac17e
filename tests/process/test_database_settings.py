"""How long each process waits for PostgreSQL, and what SQLite is told to promise."""

import contextlib

import pytest
from django.db.utils import ConnectionHandler

from tracker import environment

ADDRESS = "postgres://user:password@host:5432/name"
FULL = 2  # of PRAGMA synchronous


def options(monkeypatch, address=ADDRESS, **said):
    monkeypatch.setenv("DATABASE_URL", address)
    return environment.database("DATABASE_URL", "unused", **said)


def test_who_serves_pages_waits_for_nothing_for_long(monkeypatch):
    config = options(monkeypatch, serves_pages=True)
    said = config["OPTIONS"]["options"]
    assert said == "-c lock_timeout=20s -c statement_timeout=25s -c idle_in_transaction_session_timeout=60s"
    assert (config["OPTIONS"]["connect_timeout"], config["ANSWERS_WITHIN"]) == (3, 30)


def test_a_migration_a_backup_or_a_job_takes_as_long_as_it_takes(monkeypatch):
    config = options(monkeypatch)
    assert config["OPTIONS"]["options"] == "-c lock_timeout=20s"
    assert "ANSWERS_WITHIN" not in config and config["OPTIONS"]["connect_timeout"] == 10


@pytest.mark.parametrize("serves_pages", [True, False])
def test_what_the_address_says_is_kept(monkeypatch, serves_pages):
    address = f"{ADDRESS}?connect_timeout=7&options=-c%20lock_timeout%3D9s&sslmode=require"
    said = options(monkeypatch, address, serves_pages=serves_pages)["OPTIONS"]
    assert said["sslmode"] == "require" and int(said["connect_timeout"]) == 7
    assert said["options"].startswith("-c lock_timeout=9s") and "lock_timeout=20s" not in said["options"]


@pytest.mark.parametrize(
    ("pragma", "told"), [("journal_mode", "wal"), ("synchronous", FULL), ("secure_delete", 1)]
)
def test_sqlite_keeps_commits_through_a_power_cut_and_overwrites_what_was_deleted(
    monkeypatch, tmp_path, django_db_blocker, pragma, told
):
    address = f"sqlite:///{tmp_path / 'database.sqlite3'}"
    connections = ConnectionHandler({"default": options(monkeypatch, address)})
    with django_db_blocker.unblock(), contextlib.closing(connections["default"]) as connection:
        assert connection.cursor().execute(f"PRAGMA {pragma}").fetchone()[0] == told
