"""Where the same demand stood under an earlier report: for the movement question, and as a baseline to read.

What everybody can see are its reference, its status and its day. The reason and the evidence are for those
who can see the update that they belong to.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.choices import Status
from recommendations.models import Citation, Recommendation, StatusUpdate, User
from recommendations.rules.movement import Baseline, last_year


@dataclass(frozen=True)
class Shown:
    """A baseline as one reader can see it.

    ``update`` is the assessment that it rests on, ``hides_reason`` says that there is one that the reader
    cannot see. ``is_final`` says that the report is closed, so that it changes no more.
    """

    earlier: Recommendation
    status: str
    as_of: date | None
    looked_on: date | None
    update: StatusUpdate | None
    hides_reason: bool
    is_final: bool
    citations: list[Citation] = field(default_factory=list)


def shown_to(recommendation: Recommendation, person: User) -> Shown | None:
    """Return the baseline of a recommendation, as far as ``person`` can see it; None without one.

    One statement where no line leads back, five at most.
    """
    found = last_year(recommendation)
    if found is None:
        return None
    current = found.stood.current
    rows = StatusUpdate.objects.visible_to(person).select_related("author", "ask")
    update = rows.filter(pk=current.pk).first() if current else None
    cited = Citation.objects.visible_to(person).filter(update=update).select_related("evidence")
    return Shown(
        earlier=found.earlier,
        status=found.stood.status,
        as_of=current.as_of if current else None,
        looked_on=found.stood.looked_on,
        update=update,
        hides_reason=bool(current and not update),
        is_final=not found.earlier.report.is_followed,
        citations=list(cited.order_by("pk")) if update else [],
    )


def since_words(later: Recommendation, found: Baseline, *, is_split: bool = False) -> str:
    """Return the sentence that says since which finding something moved.

    Args:
        later: what is assessed.
        found: what ``movement.baseline`` found.
        is_split: whether the form can be about an ask too, which is not compared.
    """
    earlier = found.earlier
    words = {"finding": finding_words(found), "year": earlier.report.year}
    if earlier.report.year == later.report.year - 1:
        if is_split:
            return _("The whole recommendation: since last year’s finding (%(finding)s).") % words
        return _("Since last year’s finding (%(finding)s).") % words
    if is_split:
        return _("The whole recommendation: since the finding of %(year)s (%(finding)s).") % words
    return _("Since the finding of %(year)s (%(finding)s).") % words


def finding_words(found: Baseline) -> str:
    """Return the reference, the status and the day of a finding."""
    current = found.stood.current
    day = date_format(current.as_of, "j M Y") if current else ""
    words = {
        "reference": found.earlier.reference,
        "status": Status(found.stood.status).label,
        "day": day,
    }
    return _("%(reference)s, %(status)s, as of %(day)s") % words
