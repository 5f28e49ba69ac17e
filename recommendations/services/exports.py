"""Recording who exported which list, or took out which brief."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from recommendations.audit import log
from recommendations.choices import EventKind, Sensitivity
from recommendations.models import Evidence, StatusUpdate, User


@transaction.atomic
def note_export(
    *,
    actor: User,
    listed: str,
    made_as: str,
    columns: Iterable[str],
    filters: Iterable[str],
    level: str,
    rows: QuerySet[Any],  # of whichever list
    now: datetime,
) -> int:
    """Record that a list was exported, and each restricted row that was in it.

    Everybody on the desk can read the first record, so it does not count restricted rows; each of those has
    a record of its own, which is as hidden as the row. Restricted entries of the advocacy log have none: no
    event tells of them (``services.advocacy``).

    Args:
        filters: the names of the filters in use; what was searched for may be secret and is not stored.
        level: the highest sensitivity that was asked for. What is published can be of a restricted update.
        rows: what is exported, already limited to what ``actor`` can see.

    Returns: how many rows there are.
    """
    number = rows.count()
    restricted = (
        []
        if level == Sensitivity.INTERNAL
        else list(rows.filter(sensitivity=Sensitivity.RESTRICTED).order_by("pk"))
    )
    what: dict[str, Any] = {
        "list": listed,
        "format": made_as,
        "level": str(level),
        "rows": number - len(restricted),
    }
    record = partial(log.record, EventKind.EXPORTED, now=now, actor=actor, **what)
    record(columns=list(columns), filters=sorted(filters))
    for row in restricted:
        if isinstance(row, Evidence):
            record(evidence=row)
        elif isinstance(row, StatusUpdate):
            record(update=row)
    return number


@transaction.atomic
def note_brief(*, actor: User, references: Iterable[str], made_as: str, level: str, now: datetime) -> None:
    """Record that a brief was taken out; it holds nothing that is restricted.

    Args:
        references: the recommendations that it is about.
        made_as: the kind of file.
        level: ``public``, what is published, or ``internal``, for the team.
    """
    about = list(references)
    log.record(
        EventKind.EXPORTED,
        now=now,
        actor=actor,
        list="brief",
        format=made_as,
        level=level,
        rows=len(about),
        references=about,
    )
