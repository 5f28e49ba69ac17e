"""Recording who took which list out of the house."""

from django.db import transaction

from recommendations.audit import log
from recommendations.choices import EventKind, Sensitivity


@transaction.atomic
def note_export(*, actor, listed, made_as, columns, filters, level, rows, now):
    """Record that a list was taken out, and of each restricted row that it was among them.

    The first record is read by everybody on the desk, so it counts no restricted row; each of those has
    a record of its own, which is as hidden as the row.

    Args:
        actor: who took it out.
        listed: the name of the list.
        made_as: the format.
        columns: the names of the columns.
        filters: the names of the filters in use; what was searched for may be secret and is not kept.
        level: the highest sensitivity that was asked for.
        rows: the queryset of what is taken out, already made visible to ``actor``.
        now: the clock.

    Returns: how many rows there are.
    """
    number = rows.count()
    restricted = (
        list(rows.filter(sensitivity=Sensitivity.RESTRICTED).order_by("pk"))
        if level == Sensitivity.RESTRICTED
        else []
    )
    what = {"list": listed, "format": made_as, "level": str(level), "rows": number - len(restricted)}
    log.record(
        EventKind.EXPORTED, now=now, actor=actor, **what, columns=list(columns), filters=sorted(filters)
    )
    for row in restricted:
        about = {"evidence": "evidence", "updates": "update"}[listed]
        log.record(EventKind.EXPORTED, now=now, actor=actor, **{about: row}, **what)
    return number
