"""Carrying over to the recommendations of a report what people gave to those of an earlier one."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.choices import Role
from recommendations.errors import Gone, Refused
from recommendations.models import Lineage, Recommendation, Report, User
from recommendations.models.locking import locked
from recommendations.selectors.carrying_over import Carrying, mark_of, offer_between
from recommendations.succession import carrying


@transaction.atomic
def carry_over(
    *, earlier: Report, later: Report, seen: str, actor: User, now: datetime, row: int | None = None
) -> list[Carrying]:
    """Carry over what was offered: of one confirmed line, or of all between two reports.

    Args:
        earlier, later: two reports of one country.
        seen: the mark of what the page showed.
        row: the key of the row of one line; None for all.

    Returns: what was carried over, line by line; nothing where nothing was left to carry over.

    Raises: Refused when the actor is no reviewer, or what is offered is not what was shown; Gone when the
    line is not confirmed any more, or a report is gone.
    """
    if not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only reviewers can carry over from an earlier report."))
    # Whoever confirms a line or undoes it waits here; then whoever changes a recommendation.
    reports = {report.pk: locked(report) for report in sorted((earlier, later), key=lambda one: one.pk)}
    tied = Lineage.objects.between(earlier, later).values("later")
    list(Recommendation.objects.select_for_update(no_key=True).filter(pk__in=tied).order_by("pk"))
    carrying.hold_moments(earlier)
    offer = offer_between(reports[earlier.pk], reports[later.pk])
    chosen = offer.ready if row is None else _line(offer.everything, row)
    ready = [one for one in chosen if one.taken]
    if not ready:
        return []
    if mark_of(ready) != seen:
        raise Refused(
            _(
                "Something was changed after you opened this page, so nothing was carried over. "
                "The page shows how it is now."
            )
        )
    asks = [carrying.write(one, actor, now) for one in ready]
    for one, made in zip(ready, asks, strict=True):
        carrying.record(one, made, actor, now)
    return ready


def _line(carryings: Iterable[Carrying], row: int) -> list[Carrying]:
    """Return the line of this row, alone. Raises: Gone."""
    found = [one for one in carryings if one.row and one.row.pk == row]
    if not found:
        raise Gone(str(Lineage._meta.verbose_name))
    return found
