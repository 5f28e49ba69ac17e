"""The results of examining an item, in words for its page."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from recommendations.choices import ExaminationState, Finding
from recommendations.models import Evidence, Examination


@dataclass
class Outcome:
    """The state of one examination: ``sentence`` for people, ``alarming`` if they must not miss it."""

    sentence: str
    alarming: bool = False
    ended_at: datetime | None = None


def outcomes(item: Evidence) -> dict[str, Examination]:
    """Return {purpose: its examination} of an item."""
    return {row.purpose: row for row in Examination.objects.filter(evidence=item)}


def virus_outcome(row: Examination | None, *, is_set_up: bool) -> Outcome:
    """Say whether an item was scanned; a file that was not is never called clean.

    Args:
        is_set_up: whether the operator named a scanner.
    """
    if row is not None and row.ended_at and row.state != ExaminationState.FAILED:
        if row.finding == Finding.INFECTED:
            said = _("The virus scanner found malware in it: %(name)s.") % {"name": row.detail}
            return Outcome(said, alarming=True, ended_at=row.ended_at)
        return Outcome(_("The virus scanner found nothing in it."), ended_at=row.ended_at)
    if row is not None and row.state == ExaminationState.FAILED:
        return Outcome(_("Not scanned for viruses: %(why)s.") % {"why": row.get_finding_display()}, True)
    if is_set_up:
        return Outcome(_("Not scanned for viruses yet; that takes a minute or two."))
    return Outcome(_("Not scanned for viruses: no scanner is set up."))


def words_outcome(row: Examination | None) -> str:
    """Say why the text of an item cannot be searched; nothing if it can be, or if such files have none."""
    if row is not None and row.state == ExaminationState.FAILED:
        return _("Its text cannot be searched: %(why)s.") % {"why": row.get_finding_display()}
    return ""


def preview_outcome(row: Examination | None, *, is_wanted: bool) -> str:
    """Say why there is no preview; nothing if there is one, or if none is made of such files."""
    if row is None or row.state == ExaminationState.RUNNING:
        return _("A preview is being made. Open this page again in a minute.") if is_wanted else ""
    if row.state == ExaminationState.FAILED:
        return _("No preview could be made: %(why)s.") % {"why": row.get_finding_display()}
    return ""
