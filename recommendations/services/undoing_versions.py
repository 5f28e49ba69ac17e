"""Undoing the newest source version of a report, until somebody works on the report as it is now."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Gone, Refused
from recommendations.importing import ParsedSection
from recommendations.importing.titles import first_title_of
from recommendations.models import (
    Ask,
    Event,
    MailItem,
    Recommendation,
    Report,
    SourceVersion,
    User,
    Wording,
)
from recommendations.models.foreign_keys import points_to_nothing
from recommendations.models.locking import locked
from recommendations.models.source_versions import REPEATED, WORDED
from recommendations.selectors.report_work import worked_on_since
from recommendations.succession.sources import save_sections

WORKED_ON = _lazy(
    "Somebody has worked on the report since this version was added, so it cannot be undone. A corrected "
    "document can be brought as a further version."
)


def undo(*, report: Report, number: int, actor: User, now: datetime) -> None:
    """Undo the newest source version: the report says again what the one before it says.

    What the version alone has is deleted. The record of events says that it was here, and who undid it.

    Args:
        number: the number of the version, which must be the newest one.

    Raises: Refused when the actor is no manager, or work was done since, even at this very moment; Gone when
    the version is not the newest one any more.
    """
    try:
        _undo(report, number, actor, now)
    except IntegrityError as error:
        if not (isinstance(error, ProtectedError) or points_to_nothing(error)):
            raise
        raise Refused(str(WORKED_ON)) from error


@transaction.atomic
def _undo(report: Report, number: int, actor: User, now: datetime) -> None:
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can undo an import."))
    report = locked(report)
    rows = list(report.recommendations.select_for_update(no_key=True).order_by("pk"))
    log.hold()
    newest = report.versions.order_by("-number").first()
    if newest is None or newest.number != number or number == 1:
        raise Gone(str(SourceVersion._meta.verbose_name))
    if worked_on_since(report, newest):
        raise Refused(str(WORKED_ON))
    before = report.versions.get(number=number - 1)
    _restore_report(report, newest, before)
    came = _restore_list(rows, before)
    sha256 = newest.sha256
    newest.delete()
    # Reviewers may have been reminded that nobody owns them. That stays with the mail.
    MailItem.objects.filter(recommendation__in=came).update(recommendation=None)
    redacted = log.redact(Event.objects.filter(recommendation__in=came), now=now, keep=("actor", "report"))
    Recommendation.objects.filter(pk__in=[row.pk for row in came]).delete()
    log.record(EventKind.VERSION_UNDONE, now=now, actor=actor, report=report, version=number, sha256=sha256)
    if redacted:
        log.record(EventKind.REDACTED, now=now, actor=actor, report=report, events=log.spans(redacted))


def _restore_report(report: Report, newest: SourceVersion, before: SourceVersion) -> None:
    for name in REPEATED:
        setattr(report, name, getattr(before, name))
    # What the version did not change was perhaps corrected by a person before it came.
    report.source_url = newest.facts_before.get("source_url", report.source_url)
    report.tier = newest.facts_before.get("tier", report.tier)
    report.save()
    save_sections(report, [ParsedSection(**part) for part in before.sections])


def _restore_list(rows: list[Recommendation], before: SourceVersion) -> list[Recommendation]:
    """Give each recommendation the words that it had. Returns: those that no earlier version has."""
    worded = {one.recommendation_id: one for one in before.wordings.all()}
    last = _last_versions(before)
    came = [row for row in rows if row.pk not in last]
    rows[0].report.recommendations.out_of_the_way()
    gone = sorted((row for row in rows if row.pk in last and row.pk not in worded), key=_by_number)
    for row in rows:
        if row.pk in worded:
            _restore(row, worded[row.pk])
    for position, row in enumerate(gone, len(worded) + 1):
        row.position, row.gone_since = position, last[row.pk] + 1
        row.save(update_fields=["position", "gone_since"])
    asks = Ask.objects.filter(recommendation__in=rows, earlier_places__has_key=str(before.number))
    for ask in asks.order_by("pk"):
        _restore_ask(ask, before.number)
    return came


def _last_versions(before: SourceVersion) -> Mapping[int, int]:
    """Return {key of a recommendation: the number of the last version that has it}, up to ``before``."""
    known = Wording.objects.filter(version__report=before.report_id, version__number__lte=before.number)
    return dict(known.order_by("version__number").values_list("recommendation", "version__number"))


def _by_number(row: Recommendation) -> int:
    return int(row.reference.rsplit("-", 1)[1])


def _restore(row: Recommendation, wording: Wording) -> None:
    # As when it was added: a title that the import made of the words follows them.
    if row.short_title == first_title_of(row.text):
        row.short_title = first_title_of(wording.text)
    for name in WORDED:
        setattr(row, name, getattr(wording, name))
    row.gone_since = None
    row.save(update_fields=[*WORDED, "short_title", "gone_since"])


def _restore_ask(ask: Ask, number: int) -> None:
    was = ask.earlier_places.pop(str(number))
    ask.start, ask.end = was["start"], was["end"]
    ask.lost_words = was["words"] if was["lost"] else ""
    ask.save(update_fields=["start", "end", "lost_words", "earlier_places"])
