"""Recording who took which list out of the house."""

from django.db import transaction

from recommendations import ledger
from recommendations.choices import EventKind, Sensitivity


@transaction.atomic
def note_export(*, actor, listed, made_as, columns, filters, level, rows, now):
    """Record that a list was taken out, and of each restricted row that it was among them.

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
    what = {"list": listed, "format": made_as, "level": str(level), "rows": number}
    ledger.record(
        EventKind.EXPORTED, now=now, actor=actor, **what, columns=list(columns), filters=sorted(filters)
    )
    if level == Sensitivity.RESTRICTED:
        about = {"evidence": "evidence", "updates": "update"}[listed]
        for row in rows.filter(sensitivity=Sensitivity.RESTRICTED).order_by("pk"):
            ledger.record(EventKind.EXPORTED, now=now, actor=actor, **{about: row}, **what)
    return number
