"""How long a report is followed: until a manager closes it. An import can be undone until work begins."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.models import Ask, DatedReason, Event, MailItem, Report, User
from recommendations.models.foreign_keys import points_to_nothing
from recommendations.models.locking import locked
from recommendations.selectors.report_work import has_work, lines_to_earlier
from recommendations.succession import lines


def _locked_for(actor: User, report: Report) -> Report:
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can close reports, follow them again and undo an import."))
    return locked(report)


@transaction.atomic
def close(*, report: Report, actor: User, now: datetime) -> Report:
    """Close a report: everything stays readable, and nobody is reminded of it.

    Raises: Refused when the actor is not a manager.
    """
    report = _locked_for(actor, report)
    if report.closed_at is None:
        report.closed_at = now
        report.save(update_fields=["closed_at"])
        log.record(EventKind.CLOSED, now=now, actor=actor, report=report)
    return report


@transaction.atomic
def reopen(*, report: Report, actor: User, now: datetime) -> Report:
    """Follow a closed report again, with the owners and dates that it had.

    Raises: Refused when the actor is not a manager.
    """
    report = _locked_for(actor, report)
    if report.closed_at is not None:
        report.closed_at = None
        report.save(update_fields=["closed_at"])
        log.record(EventKind.REOPENED, now=now, actor=actor, report=report)
    return report


WORKED_ON = _lazy(
    "Somebody has worked on it: there is an update, an ask, an owner, a date, a title, advocacy, an "
    "edition, or a line that was confirmed after the import. So the import cannot be undone; the report can "
    "be closed."
)


def undo_import(*, report: Report, actor: User, now: datetime) -> None:
    """Undo an import: the report and its recommendations are deleted.

    With them go the lines that were confirmed with the import, and what was carried over.

    The record of events says that they were here, from which document, and who undid the import.

    Raises: Refused when the actor is not a manager, or when work was done on it, even at this very moment.
    """
    try:
        _undo_import(report, actor, now)
    except IntegrityError as error:
        if not (isinstance(error, ProtectedError) or points_to_nothing(error)):
            raise
        raise Refused(str(WORKED_ON)) from error


@transaction.atomic
def _undo_import(report: Report, actor: User, now: datetime) -> None:
    report = _locked_for(actor, report)
    # Acts on one of them wait here. What points to one meanwhile stops the deletion, if only at its commit.
    rows = report.recommendations.select_for_update(no_key=True).order_by("pk")
    number = len(rows.values_list("pk", flat=True))
    log.hold()
    if has_work(report):
        raise Refused(str(WORKED_ON))
    was = {"report": report.slug, "sha256": report.sha256, "recommendations": number}
    # Reviewers may have been reminded that nobody owns them. That stays with the mail.
    MailItem.objects.filter(recommendation__report=report).update(recommendation=None)
    tied = lines_to_earlier(report)
    dropped = list(tied.filter(later=None).select_related("earlier__report").order_by("pk"))
    tied.delete()
    for carried in (Ask, DatedReason):
        carried.objects.filter(recommendation__report=report).delete()
    redacted = log.redact(Event.objects.filter(report=report), now=now, keep=("actor",))
    report.recommendations.all().delete()
    report.delete()
    # The others were told in the history of the report that is gone.
    lines.record(EventKind.LINE_UNDONE, dropped, actor, now)
    log.record(EventKind.IMPORT_UNDONE, now=now, actor=actor, what=was)
    log.record(EventKind.REDACTED, now=now, actor=actor, events=log.spans(redacted))
