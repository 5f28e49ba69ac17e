"""What was done on a report since its import, and what of it is still open."""

from django.db.models import Q, QuerySet

from recommendations.choices import EventKind, UpdateState
from recommendations.models import (
    Advocacy,
    Ask,
    Edition,
    Event,
    Lineage,
    Recommendation,
    Report,
    StatusUpdate,
    User,
)

# What is recorded of a report on which nobody worked.
NO_WORK = (EventKind.IMPORTED, EventKind.CLOSED, EventKind.REOPENED)
IN_WORK = (UpdateState.SUBMITTED, UpdateState.RETURNED, UpdateState.DRAFT)


def open_work(report: Report, person: User) -> QuerySet[StatusUpdate]:
    """Return the drafts and waiting updates of a report that ``person`` can see; others are not counted."""
    rows = StatusUpdate.objects.visible_to(person).filter(recommendation__report=report, state__in=IN_WORK)
    return rows.select_related("recommendation", "author").order_by(
        "-state", "recommendation__position", "pk"
    )


def has_work(report: Report) -> bool:
    """Say whether anything was done on a report since its import."""
    mine = {"recommendation__report": report}
    interval = Recommendation._meta.get_field("interval_days").default
    touched = ~Q(owner=None) | ~Q(deputy=None) | ~Q(one_off_on=None) | ~Q(interval_days=interval)
    touched |= ~Q(further_dates=[])
    return any(
        rows.exists()
        for rows in (
            StatusUpdate.objects.filter(**mine),
            Ask.objects.filter(**mine),
            Recommendation.objects.filter(touched, report=report),
            Advocacy.objects.filter(recommendations__report=report),
            Edition.objects.filter(report=report),
            Lineage.objects.filter(Q(earlier__report=report) | Q(later__report=report)),
            Event.objects.filter(report=report).exclude(kind__in=NO_WORK),
        )
    )
