"""The index for full-text search: a table that triggers keep in step on SQLite, a generated column and its GIN index on PostgreSQL."""

from django.db import migrations

PASSAGES = "recommendations_passage"
INDEX = "recommendations_passage_index"

# The external-content table and its triggers are those of SQLite's own documentation of FTS5, section 4.4.3.
SQLITE = [
    f"CREATE VIRTUAL TABLE {INDEX} USING fts5(tokens, content='{PASSAGES}', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0', prefix='3')",
    f"CREATE TRIGGER {INDEX}_added AFTER INSERT ON {PASSAGES} BEGIN "
    f"INSERT INTO {INDEX} (rowid, tokens) VALUES (new.id, new.tokens); END",
    f"CREATE TRIGGER {INDEX}_gone AFTER DELETE ON {PASSAGES} BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, tokens) VALUES ('delete', old.id, old.tokens); END",
    f"CREATE TRIGGER {INDEX}_changed AFTER UPDATE ON {PASSAGES} BEGIN "
    f"INSERT INTO {INDEX} ({INDEX}, rowid, tokens) VALUES ('delete', old.id, old.tokens); "
    f"INSERT INTO {INDEX} (rowid, tokens) VALUES (new.id, new.tokens); END",
    # Rows of before the index: none when it is made with the table, all when it is made again.
    f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')",
]
SQLITE_BACK = [f"DROP TRIGGER {INDEX}_{name}" for name in ("added", "gone", "changed")] + [f"DROP TABLE {INDEX}"]
# Kept beside the tokens, since a search for a frequent word would work it out anew for every row.
POSTGRESQL = [
    f"ALTER TABLE {PASSAGES} ADD COLUMN search_vector tsvector "
    "GENERATED ALWAYS AS (to_tsvector('simple', tokens)) STORED",
    f"CREATE INDEX {INDEX} ON {PASSAGES} USING gin (search_vector)",
]
POSTGRESQL_BACK = [f"DROP INDEX {INDEX}", f"ALTER TABLE {PASSAGES} DROP COLUMN search_vector"]


def run(editor, statements):
    for statement in statements[editor.connection.vendor]:
        editor.execute(statement)


def make(_apps, editor):
    run(editor, {"sqlite": SQLITE, "postgresql": POSTGRESQL})


def unmake(_apps, editor):
    run(editor, {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0016_passages")]

    operations = [migrations.RunPython(make, unmake)]
