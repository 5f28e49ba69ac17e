"""Measures the desk over 2,000 recommendations and 20,000 updates against its bare SQL and an empty page.

``make dashboard-scale`` runs it and prints the ratio; it fails above the target. All three are measured in
turns in one run, since a busy machine slows them alike. On PostgreSQL: set DATABASE_URL.
"""

import gc
import os
import statistics
import sys
import time
from datetime import timedelta

import django

TARGET = 2.0
RECOMMENDATIONS, PER_REPORT, UPDATES_EACH = 2000, 11, 10
ROUNDS = 25


def main():
    """Fill a database of the test runner, measure, print, and take the database away again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    from django.conf import settings  # noqa: PLC0415 (settings have to be chosen first)
    from django.test.runner import DiscoverRunner  # noqa: PLC0415
    from django.test.utils import setup_test_environment  # noqa: PLC0415

    setup_test_environment(debug=False)
    backend = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        sys.exit(0 if measure() <= TARGET else 1)
    finally:
        runner.teardown_databases(databases)


def fill():
    """Make the people, the reports, and the updates with their rounds of review. Returns: a manager."""
    from recommendations.choices import Decision, Status  # noqa: PLC0415
    from recommendations.models import (  # noqa: PLC0415
        Citation,
        Recommendation,
        Review,
        StatusUpdate,
        UpdateVersion,
    )
    from tests.support import factories  # noqa: PLC0415

    team = factories.team()
    owners = [factories.person(f"Owner{n}", "Contributor") for n in range(20)]
    for number in range(RECOMMENDATIONS // PER_REPORT + 1):
        factories.report(
            count=PER_REPORT, code=f"{chr(65 + number // 26)}{chr(65 + number % 26)}", name=f"C{number}"
        )
    rows = list(Recommendation.objects.all()[:RECOMMENDATIONS])
    for number, row in enumerate(rows):
        row.owner, row.status = owners[number % 20], list(Status)[number % 7]
        row.next_review_on = factories.NOW.date() + timedelta(days=number % 200 - 60)
        row.last_verified_on = factories.NOW.date() - timedelta(days=number % 150)
    Recommendation.objects.bulk_update(rows, ["owner", "status", "next_review_on", "last_verified_on"])
    made = [
        factories.unsaved_assessment(row.pk, team, 75 * back + row.pk % 70)
        for row in rows
        for back in range(UPDATES_EACH)
    ]
    made = StatusUpdate.objects.bulk_create(made, batch_size=1000)
    items = [factories.link(team["author"], f"Item {number}") for number in range(50)]
    cited = [Citation(update=one, evidence=items[one.pk % 50]) for one in made if one.pk % 3]
    Citation.objects.bulk_create(cited, batch_size=1000)
    versions = UpdateVersion.objects.bulk_create(
        [UpdateVersion(update=one, number=1, content={}, submitted_at=_noon(one.as_of)) for one in made],
        batch_size=1000,
    )
    days = timedelta(days=2)
    Review.objects.bulk_create(
        [
            Review(
                update=one.update,
                version=one,
                reviewer=team["reviewer"],
                decision=Decision.APPROVE,
                decided_at=one.submitted_at + days,
            )
            for one in versions
        ],
        batch_size=1000,
    )
    return team["manager"]


def _noon(day):
    from tests.support import factories  # noqa: PLC0415

    return factories.at_noon(day)


def measure():
    """Measure the three in turns and print them. Returns: the ratio of their medians."""
    import time_machine  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    from recommendations.models import StatusUpdate  # noqa: PLC0415
    from tests.support.factories import NOW  # noqa: PLC0415

    with time_machine.travel(NOW, tick=True):
        client = Client()
        client.force_login(fill())
        if connection.vendor == "postgresql":
            # Its autovacuum does so by itself; SQLite's statistics nobody gathers in the house either.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        empty, desk = "/accounts/password/done/", "/desk/"
        client.get(desk)
        with CaptureQueriesContext(connection) as captured:
            client.get(desk)
        # The session and the person are the empty page's.
        statements = [query["sql"] for query in captured.captured_queries[2:]]
        acts = {
            "empty page": lambda: client.get(empty),
            "bare SQL": lambda: [_fetch(connection, sql) for sql in statements],
            "desk": lambda: client.get(desk),
        }
        times = {name: [] for name in acts}
        for _round in range(ROUNDS):
            for name, act in acts.items():
                gc.collect()
                begun = time.perf_counter()
                act()
                times[name].append(1000 * (time.perf_counter() - begun))
        updates = StatusUpdate.objects.count()
    middle = {name: statistics.median(values) for name, values in times.items()}
    ratio = middle["desk"] / (middle["empty page"] + middle["bare SQL"])
    print(f"{updates} updates on {connection.vendor}, {len(statements)} statements beside session and person")
    for name, value in middle.items():
        print(f"{name:>12}: {value:7.1f} ms (median of {ROUNDS})")
    print(f"       ratio: {ratio:7.2f} (target: at most {TARGET})")
    return ratio


def _fetch(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


if __name__ == "__main__":
    main()
