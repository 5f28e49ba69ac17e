"""Full-text search behind one lookup, ``tokens__words=term``: FTS5 on SQLite, tsvector on PostgreSQL."""

from django.db.models import Lookup


class Words(Lookup):
    """Whether a row's tokens hold an ``indexing.Term``. Tokens are words alone: nothing in one is syntax."""

    lookup_name = "words"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        """Ask the index which rows match; triggers keep it in step (see the migration that makes it)."""
        column, parameters = self.process_lhs(compiler, connection)
        table = column.rpartition(".")[0]
        phrase = f'"{" ".join(self.rhs.tokens)}"' + ("*" if self.rhs.open_ended else "")
        found = "SELECT rowid FROM recommendations_passage_index WHERE recommendations_passage_index MATCH %s"
        return f'{table}."id" IN ({found})', [*parameters, phrase]

    def as_postgresql(self, compiler, connection):
        """Ask the column that the database keeps of the tokens."""
        column, parameters = self.process_lhs(compiler, connection)
        words = [f"'{token}'" for token in self.rhs.tokens]
        if self.rhs.open_ended:
            words[-1] += ":*"
        table = column.rpartition(".")[0]
        return f"{table}.\"search_vector\" @@ to_tsquery('simple', %s)", [*parameters, " <-> ".join(words)]
