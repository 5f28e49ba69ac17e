"""What the database itself refuses, whoever asks: changing what happened, or what an item is.

Seven tables have triggers, on SQLite and PostgreSQL alike. An edition never changes, nor does a copy of a
page once it is stored, nor a source version of a report with its wordings, nor a decision on what may be
said outside, which goes with the demonstration alone.
Events are only appended; the only change of an event is ``log.redact``. Of an evidence item, the hash,
size, type and place of its bytes, its address, who added it and when, and whether and to whom it is sealed
never change, until it is removed lawfully; then the decision never changes. Somebody who administers the
database can remove the triggers; the hash chain reveals what they changed (``check_data``).

``manage.py migrate`` puts the triggers in place when it ends, every time, since SQLite drops the triggers of
a table when a migration remakes it. A migration would not do, because the next one would undo it. If the
triggers are as they should be, nothing is touched. All of them change in one transaction or none does: other
processes never find some of them missing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection as default_connection
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from recommendations.models import SEALING_FIELDS

EVENTS, EVIDENCE = "recommendations_event", "recommendations_evidence"
EDITIONS, CAPTURES = "recommendations_edition", "recommendations_capture"
PUBLICATIONS = "recommendations_publication"
VERSIONS, WORDINGS = "recommendations_sourceversion", "recommendations_wording"
POINTERS = ("actor_id", "report_id", "recommendation_id", "update_id", "evidence_id")
EVENT_FOREVER = ("seq", "kind", "at", "digest", "previous_hash", "hash")
ITEM_FOREVER = (
    "key",
    "form",
    "sha256",
    "size",
    "content_type",
    "uploaded_by_id",
    "uploaded_at",
    *SEALING_FIELDS,
)
ITEM_CONTENT = ("object_name", "original_name", "url")
DECISION = (
    "retention",
    "removal_reason",
    "removal_basis",
    "removal_proposed_by_id",
    "removal_approved_by_id",
    "removed_at",
)

CAPTURE_FOREVER = (
    "evidence_id",
    "number",
    "asked_by_id",
    "asked_at",
    "state",
    "received_at",
    "status",
    "final_url",
    "size",
    "sha256",
    "object_name",
)

EVENTS_ARE_APPENDED = (
    "An entry of the record of events cannot be changed or deleted; only its words can be redacted."
)
EDITIONS_STAY = "An edition cannot be changed or deleted once it is frozen."
COPIES_STAY = "A copy of a page cannot be changed once it is stored."
PUBLICATIONS_STAY = (
    "A decision on what may be said outside cannot be changed or deleted; another one can follow it."
)
VERSIONS_STAY = "A source version of a report cannot be changed: it stays as it was brought."
ITEMS_STAY = "The content of an evidence item cannot be changed: it stays as it was received."

# One function for all tables; the code of an integrity error, so that Django says what it is.
PG_BODY = "BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END"
PG_FUNCTION = (
    "CREATE OR REPLACE FUNCTION recommendations_refuse() RETURNS trigger LANGUAGE plpgsql"
    f" AS $refuse${PG_BODY}$refuse$"
)
PG_HAS_FUNCTION = (
    "SELECT 1 FROM pg_proc WHERE oid = to_regprocedure('recommendations_refuse()') AND prosrc = %s"
)
PG_TRIGGERS = """
SELECT tgname, pg_get_triggerdef(oid), obj_description(oid, 'pg_trigger') FROM pg_trigger
    WHERE tgrelid = to_regclass(%s) AND tgenabled = 'O' AND NOT tgisinternal
"""


@dataclass(frozen=True)
class Safeguard:
    """A trigger: its table, the act before which it runs, the condition that exempts, and its message."""

    name: str
    table: str
    act: str
    unless: str
    says: str

    def sql(self, vendor: str) -> str:
        """Return the statement that creates the trigger."""
        unless = self.unless.format(**DIALECTS[vendor])
        when = f" WHEN (NOT ({unless}))" if unless else ""
        head = f"TRIGGER {self.name} BEFORE {self.act} ON {self.table}"
        if vendor == "sqlite":
            return f"CREATE {head} FOR EACH ROW{when} BEGIN SELECT RAISE(ABORT, '{self.says}'); END"
        each = "STATEMENT" if self.act == "TRUNCATE" else "ROW"
        # Replaced, not dropped: readers such as pg_dump need not be waited for.
        return (
            f"CREATE OR REPLACE {head} FOR EACH {each}{when}"
            f" EXECUTE FUNCTION recommendations_refuse('{self.says}')"
        )


# What the two databases write differently.
DIALECTS = {
    "sqlite": {"same": "IS", "nothing": "'{}'"},
    "postgresql": {"same": "IS NOT DISTINCT FROM", "nothing": "'{}'::jsonb"},
}


def _unchanged(names: Iterable[str]) -> str:
    return " AND ".join(f"NEW.{name} {{same}} OLD.{name}" for name in names)


def _unchanged_or_gone(names: Iterable[str]) -> str:
    return " AND ".join(f"(NEW.{name} IS NULL OR NEW.{name} {{same}} OLD.{name})" for name in names)


def _unchanged_where_removed(names: Iterable[str]) -> str:
    return f"(OLD.retention <> 'tombstoned' OR ({_unchanged(names)}))"


REDACTION = (
    "NEW.payload = {nothing} AND NEW.salt = '' AND NEW.redacted_at IS NOT NULL"
    " AND (OLD.redacted_at IS NULL OR NEW.redacted_at = OLD.redacted_at)"
    f" AND {_unchanged(EVENT_FOREVER)} AND {_unchanged_or_gone(POINTERS)}"
)
# What is removed lawfully loses its content and keeps its record; it does not come back.
STAYS = f"({_unchanged((*ITEM_FOREVER, *ITEM_CONTENT))} AND {_unchanged_where_removed(DECISION)})"
REMOVAL = (
    f"({_unchanged(ITEM_FOREVER)} AND OLD.retention = 'scheduled' AND NEW.retention = 'tombstoned' AND "
    + " AND ".join(f"NEW.{name} = ''" for name in ITEM_CONTENT)
    + ")"
)
SAFEGUARDS = (
    Safeguard("event_is_not_changed", EVENTS, "UPDATE", REDACTION, EVENTS_ARE_APPENDED),
    Safeguard("event_is_not_deleted", EVENTS, "DELETE", "", EVENTS_ARE_APPENDED),
    Safeguard("event_is_not_emptied", EVENTS, "TRUNCATE", "", EVENTS_ARE_APPENDED),
    Safeguard("edition_is_not_changed", EDITIONS, "UPDATE", "", EDITIONS_STAY),
    Safeguard("edition_is_not_deleted", EDITIONS, "DELETE", "", EDITIONS_STAY),
    Safeguard("edition_is_not_emptied", EDITIONS, "TRUNCATE", "", EDITIONS_STAY),
    Safeguard("publication_is_not_changed", PUBLICATIONS, "UPDATE", "", PUBLICATIONS_STAY),
    Safeguard("publication_is_not_deleted", PUBLICATIONS, "DELETE", "OLD.is_example", PUBLICATIONS_STAY),
    Safeguard("publication_is_not_emptied", PUBLICATIONS, "TRUNCATE", "", PUBLICATIONS_STAY),
    Safeguard(
        "capture_stays",
        CAPTURES,
        "UPDATE",
        f"(OLD.object_name = '' OR ({_unchanged(CAPTURE_FOREVER)}))",
        COPIES_STAY,
    ),
    Safeguard("source_version_stays", VERSIONS, "UPDATE", "", VERSIONS_STAY),
    Safeguard("wording_stays", WORDINGS, "UPDATE", "", VERSIONS_STAY),
    Safeguard("evidence_stays", EVIDENCE, "UPDATE", f"{STAYS} OR {REMOVAL}", ITEMS_STAY),
)


def _wanted(connection: BaseDatabaseWrapper) -> list[Safeguard]:
    """Return the safeguards that fit the database; SQLite empties a table by DELETE."""
    return [one for one in SAFEGUARDS if connection.vendor != "sqlite" or one.act != "TRUNCATE"]


def install(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Put missing or wrong triggers in place, all at once or none.

    Tables that a migration has not made yet are skipped.
    """
    with connection.cursor() as cursor:
        lacks_function = connection.vendor == "postgresql" and not _has_function(cursor)
        wanted = _not_in_place(connection, cursor)
    if not (lacks_function or wanted):
        return
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if lacks_function:
            cursor.execute(PG_FUNCTION)
        for one in wanted:
            if one.table in tables:
                _put(one, connection, cursor)


def _put(one: Safeguard, connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> None:
    if connection.vendor == "sqlite":
        cursor.execute(f"DROP TRIGGER IF EXISTS {one.name}")
    cursor.execute(one.sql(connection.vendor))
    if connection.vendor == "postgresql":
        # What the server made of our words, sealed with them: it spells a trigger in its own way.
        cursor.execute(PG_TRIGGERS, [one.table])
        made = {name: definition for name, definition, _mark in cursor.fetchall()}
        mark = _mark(one, made[one.name])
        cursor.execute(f"COMMENT ON TRIGGER {one.name} ON {one.table} IS '{mark}'")


def _mark(one: Safeguard, definition: str) -> str:
    return hashlib.sha256(f"{one.sql('postgresql')}|{definition}".encode()).hexdigest()


def remove(connection: BaseDatabaseWrapper = default_connection) -> None:
    """Remove the safeguards, all at once: for migrations, which remake tables, and for nothing else."""
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        for one in _wanted(connection):
            on = f" ON {one.table}" if connection.vendor == "postgresql" else ""
            if one.table in tables:
                cursor.execute(f"DROP TRIGGER IF EXISTS {one.name}{on}")


def missing(connection: BaseDatabaseWrapper = default_connection) -> Iterator[str]:
    """Yield a sentence for each safeguard that is not in place as it should be, or is switched off."""
    with connection.cursor() as cursor:
        gone = _not_in_place(connection, cursor)
        if connection.vendor == "postgresql" and not _has_function(cursor):
            gone = _wanted(connection)  # they call it
    for one in gone:
        yield f"The trigger {one.name} is not in place: run “manage.py migrate”."


def _has_function(cursor: CursorWrapper) -> bool:
    cursor.execute(PG_HAS_FUNCTION, [PG_BODY])
    return cursor.fetchone() is not None


def _not_in_place(connection: BaseDatabaseWrapper, cursor: CursorWrapper) -> list[Safeguard]:
    """Return the safeguards that the database does not have as they should be."""
    if connection.vendor == "sqlite":
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        there = dict(cursor.fetchall())
        return [one for one in _wanted(connection) if there.get(one.name) != one.sql("sqlite")]
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for table in {one.table for one in SAFEGUARDS}:
        cursor.execute(PG_TRIGGERS, [table])
        found |= {(table, name): (definition, mark) for name, definition, mark in cursor.fetchall()}
    return [one for one in SAFEGUARDS if not _is_as_made(one, found.get((one.table, one.name)))]


def _is_as_made(one: Safeguard, found: tuple[str, str] | None) -> bool:
    return found is not None and found[1] == _mark(one, found[0])
