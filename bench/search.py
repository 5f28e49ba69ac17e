"""Search in 20,000 documents: the tracker's own search beside bare SQL for the same rows, in one run.

    .venv/bin/python bench/search.py [DOCUMENTS]

Uses a database of its own, made and removed here: SQLite, or on the server that DATABASE_URL names. Prints
the ratio for each search, and exits with 1 when one is above ``MOST``.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

MOST = 3.0
ROUNDS = 15
SHOWN = 50

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
FOLDER = tempfile.TemporaryDirectory(prefix="bench-search-")
os.environ["DATA_DIR"] = FOLDER.name

import django

django.setup()

from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from recommendations.choices import Role, Sensitivity
from recommendations.filters.evidence import EvidenceFilter
from recommendations.models import Evidence, Passage, User
from recommendations.text import tokens

SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호"
SEARCHES = ("camp", "zebra", "수용소", "minis labour", "w12 w345", "nowhere")

# What each word has to stand in, and the same conditions on the rows that the list of evidence makes.
BARE = {
    "sqlite": "SELECT rowid FROM recommendations_passage_index WHERE recommendations_passage_index MATCH %s",
    "postgresql": "SELECT id FROM recommendations_passage WHERE search_vector @@ to_tsquery('simple', %s)",
}
LIKE = {"sqlite": "LIKE %s ESCAPE '\\'", "postgresql": "ILIKE %s"}


def fill(count):
    """Make the documents: some 150 words each, half of them Korean, with rare and common words."""
    dice = random.Random(1)
    words = [f"w{number}" for number in range(4_000)]
    korean = ["".join(dice.choices(SYLLABLES, k=dice.randint(2, 5))) for _ in range(4_000)]
    weights = [1 / (rank + 2) for rank in range(4_000)]
    author = User.objects.create_user("bench@example.org", None, name="Bench", role=Role.VIEWER)
    now = timezone.now()
    items = Evidence.objects.bulk_create(
        Evidence(
            form="link",
            url=f"https://example.org/{number}",
            title=f"Document {number}",
            source="Bench",
            sensitivity=Sensitivity.RESTRICTED if number % 10 == 0 else Sensitivity.INTERNAL,
            uploaded_by=author,
            uploaded_at=now,
        )
        for number in range(count)
    )
    rows = []
    for number, item in enumerate(items):
        if number % 10 == 0:
            continue
        text = dice.choices(words, weights, k=75) + dice.choices(korean, weights, k=75)
        text += ["camp"] * (number % 7 == 0) + ["정치범수용소에서"] * (number % 11 == 0)
        text += ["ministry", "labour"] * (number % 50 == 1) + ["zebra"] * (number % 2_000 == 3)
        said = " ".join(text)
        rows.append(Passage(evidence=item, page=1, part=1, text=said, tokens=tokens.tokens_of(said)))
    Passage.objects.bulk_create(rows, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return User.objects.create_user("reader@example.org", None, name="Reader", role=Role.VIEWER)


def bare(reader, words):
    """Count the matches and read the newest, by hand-written SQL."""
    columns = ("title", "source", "original_name", "url", "language")
    like = LIKE[connection.vendor]
    conditions, values = [], []
    for word in words.split():
        parts = [f"e.{column} {like}" for column in columns]
        values += [f"%{word}%"] * len(columns)
        inner = []
        for term in tokens.terms_of(word):
            inner.append(
                "e.id IN (SELECT evidence_id FROM recommendations_passage "
                f"WHERE id IN ({BARE[connection.vendor]}))"
            )
            values.append(spelled(term))
        conditions.append(
            f"({' OR '.join(parts)} OR (e.sensitivity <> 'restricted' AND {' AND '.join(inner)}))"
        )
    seen = (
        "(e.sensitivity <> 'restricted' OR e.uploaded_by_id = %s OR EXISTS (SELECT 1 FROM "
        "recommendations_grant g WHERE g.evidence_id = e.id AND g.person_id = %s))"
    )
    where = f"FROM recommendations_evidence e WHERE {seen} AND {' AND '.join(conditions)}"
    given = [reader.pk, reader.pk, *values]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {where}", given)
        number = cursor.fetchone()[0]
        cursor.execute(f"SELECT e.* {where} ORDER BY e.uploaded_at DESC, e.id DESC LIMIT {SHOWN}", given)
        return number, len(cursor.fetchall())


def spelled(term):
    """Return a term as the database's own search language has it."""
    if connection.vendor == "sqlite":
        return f'"{" ".join(term.tokens)}"' + ("*" if term.open_ended else "")
    return " <-> ".join(f"'{token}'" for token in term.tokens) + (":*" if term.open_ended else "")


def own(reader, words):
    """Count the matches and read the newest, as the page does."""
    rows = EvidenceFilter({"q": words}, reader=reader).qs
    return rows.count(), len(rows[:SHOWN])


def medians(*works):
    """Return the median seconds of each work; they take turns, so that a busy moment meets them all."""
    taken = [[] for _work in works]
    for _round in range(ROUNDS):
        for times, work in zip(taken, works, strict=True):
            began = time.perf_counter()
            work()
            times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in taken]


def main(count):
    """Measure, print and judge."""
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        reader = fill(count)
        worst = 0.0
        print(f"{count} documents on {connection.vendor}, median of {ROUNDS}")
        for words in SEARCHES:
            found = bare(reader, words)
            if found != own(reader, words):
                print(f"{words}: bare SQL finds {found}, the tracker {own(reader, words)}")
                return 1
            floor, ours = medians(partial(bare, reader, words), partial(own, reader, words))
            worst = max(worst, ours / floor)
            print(
                f"{words:<16} {found[0]:>6} found   bare SQL {floor * 1e3:7.1f} ms   "
                f"tracker {ours * 1e3:7.1f} ms   ratio {ours / floor:.2f}"
            )
        print(f"worst ratio {worst:.2f}, at most {MOST} allowed")
        return int(worst > MOST)
    finally:
        teardown_databases(databases, verbosity=0)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
