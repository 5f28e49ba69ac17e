"""The people that the tests write to, what is queued for them, and the days on which it is."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

from django.contrib.auth.models import Group
from django.db import transaction

from recommendations.choices import DigestFrequency, Role
from recommendations.models import Recommendation, Report, User
from tests.faults.sizes import PERIODS
from tests.support import factories
from tests.support.factories import EVERY_DAY

DAY = timedelta(days=1)
DUE = date(2024, 9, 16)  # a Monday
# The mornings on which a review due on DUE reaches a new stage; a weekly digest falls due before each.
STAGE_DAYS = [DUE + timedelta(days=days) for days in (-14, -3, 0, 7, 14)]
MORNINGS = [datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC) for day in STAGE_DAYS]
NOW = datetime(2024, 9, 2, 9, 0, tzinfo=UTC)


def people(number, *, role=Role.CONTRIBUTOR, prefix="p", **fields):
    """Make so many people, who joined long ago, work every day, and want every digest, even an empty one."""
    made = User.objects.bulk_create(
        User(
            email=f"{prefix}{each:04}@example.org",
            name=f"{prefix.upper()} {each}",
            password="!",
            date_joined=NOW - 400 * DAY,
            **{
                "working_days": EVERY_DAY,
                "digest_when_empty": True,
                "digest_frequency": DigestFrequency.WEEKLY,
                **fields,
            },
        )
        for each in range(number)
    )
    group = Group.objects.get(name=role)
    User.groups.through.objects.bulk_create(
        User.groups.through(user_id=person.pk, group_id=group.pk) for person in made
    )
    return made


def enqueue_grid(recipients, *, now=NOW, rows=None, prefix="grid", **fields):
    """Queue each recipient one plain mail for each of five periods, or so many rows in all."""
    keys = ((person, period) for period in range(1000) for person in recipients)
    wanted = list(islice(keys, rows or len(recipients) * PERIODS))
    with transaction.atomic():
        for person, period in wanted:
            name = f"{prefix}-{period:03}"
            factories.mail(person, f"{name}:{person.pk}", now=now, period=name, **fields)
    return len(wanted)


def reviews_of(owners, *, due=DUE):
    """Make a report in which each owner answers for one recommendation, due on one day.

    Returns: the report.
    """
    report = factories.report(count=len(owners))
    Report.objects.filter(pk=report.pk).update(released_on=NOW.date() - 90 * DAY)
    for recommendation, owner in zip(report.recommendations.all(), owners, strict=True):
        Recommendation.objects.filter(pk=recommendation.pk).update(owner=owner, next_review_on=due)
    return report
