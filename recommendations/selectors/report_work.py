"""Whether anything was done on a report since its import."""

from datetime import datetime

from django.db.models import Q, QuerySet

from recommendations.choices import EventKind
from recommendations.models import (
    Advocacy,
    Ask,
    BaselineClaim,
    DatedReason,
    Edition,
    Event,
    Lineage,
    Recommendation,
    Report,
    SourceVersion,
    StatusUpdate,
    User,
)

OF_VERSIONS = (
    EventKind.VERSION_ADDED,
    EventKind.WORDS_CORRECTED,
    EventKind.LEFT_OUT,
    EventKind.LISTED_AGAIN,
)
# What is recorded of a report on which nobody worked. Of lines the rows are asked.
NO_WORK = (
    EventKind.IMPORTED,
    EventKind.CLOSED,
    EventKind.REOPENED,
    EventKind.FACTS_CORRECTED,
    EventKind.LINE_CONFIRMED,
    EventKind.LINE_UNDONE,
    EventKind.VERSION_UNDONE,
    EventKind.REDACTED,
    *OF_VERSIONS,
)
# What makes nobody rely on the newest source version.
NOT_ABOUT_WORDS = (EventKind.CLOSED, EventKind.REOPENED)


def worked_on_since(report: Report, version: SourceVersion, person: User | None = None) -> bool:
    """Say whether anything was done on a report after a source version of it was added.

    Args:
        person: whoever is offered to undo it: of updates only those count that they can see, so that no page
            tells of others. The undoing itself asks without it.
    """
    about = Q(report=report) | Q(recommendation__report=report) | Q(update__recommendation__report=report)
    added = Event.objects.filter(report=report, kind__in=OF_VERSIONS, payload__version=version.number)
    begin = added.order_by("-seq").values_list("seq", flat=True).first() or 0
    later = Event.objects.filter(about, seq__gt=begin).exclude(kind__in=NOT_ABOUT_WORDS)
    later = later.visible_to(person) if person else later
    came = Recommendation.objects.filter(report=report)
    came = came.exclude(wordings__version__number__lt=version.number)
    return any(
        rows.exists()
        for rows in (
            later,
            # Drafts make no event.
            _updates(person).filter(recommendation__report=report, changed_at__gt=version.brought_at),
            Advocacy.objects.filter(recommendations__in=came),
            Ask.objects.filter(recommendation__in=came),
            came.filter(~Q(owner=None) | ~Q(deputy=None)),
            # A line to a later report is an event of that one.
            Lineage.objects.filter(earlier__report=report, confirmed_at__gt=version.brought_at),
        )
    )


def _updates(person: User | None) -> QuerySet[StatusUpdate]:
    return StatusUpdate.objects.visible_to(person) if person else StatusUpdate.objects.all()


def has_work(report: Report, person: User | None = None) -> bool:
    """Say whether anything was done on a report since its import.

    What was confirmed with the import, and what was carried over from an earlier report, is no work.

    Args: ``person``, as ``worked_on_since``.
    """
    mine = {"recommendation__report": report}
    interval = Recommendation._meta.get_field("interval_days").default
    touched = ~Q(owner=None) | ~Q(deputy=None) | ~Q(interval_days=interval)
    carried = Event.objects.filter(report=report, payload__has_key="carried_from")
    by_hand = Event.objects.filter(report=report).exclude(kind__in=NO_WORK)
    by_hand = by_hand.visible_to(person) if person else by_hand
    took_over = carried.values("recommendation")
    return any(
        rows.exists()
        for rows in (
            _updates(person).filter(Q(**mine) | Q(brought_from__report=report)),
            Ask.objects.filter(**mine).exclude(recommendation__in=took_over),
            Recommendation.objects.filter(touched, report=report).exclude(pk__in=took_over),
            DatedReason.objects.filter(**mine).exclude(recommendation__in=took_over),
            BaselineClaim.objects.filter(**mine),
            Advocacy.objects.filter(recommendations__report=report),
            Edition.objects.filter(report=report),
            _lines_by_hand(report),
            by_hand.exclude(pk__in=carried.values("pk")),
        )
    )


def lines_to_earlier(report: Report) -> QuerySet[Lineage]:
    """Return the lines that lead from a report to earlier ones, with what was dropped in it."""
    return Lineage.objects.filter(Q(later__report=report) | Q(later=None, against=report))


def followed_again_at(report: Report) -> datetime | None:
    """Return when a closed report was last followed again; None where it never was. One statement."""
    again = Event.objects.filter(report=report, kind=EventKind.REOPENED).order_by("-seq")
    return again.values_list("at", flat=True).first()


def _lines_by_hand(report: Report) -> QuerySet[Lineage]:
    """Return the lines at a report that were not confirmed with its import, which have its moment."""
    lines = Lineage.objects.filter(Q(earlier__report=report) | Q(later__report=report) | Q(against=report))
    with_import = lines_to_earlier(report).filter(confirmed_at=report.imported_at)
    return lines.exclude(pk__in=with_import.values("pk"))
