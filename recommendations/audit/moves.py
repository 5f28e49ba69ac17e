"""The events of an update that counts from now on, of what moved by it, and of changed review dates."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from recommendations.audit import log
from recommendations.choices import EventKind, Sensitivity
from recommendations.models import Recommendation, StatusUpdate, User
from recommendations.rules.facts import Subject


def record_act(
    kind: EventKind,
    moved: Iterable[tuple[Subject, str, str]],
    *,
    update: StatusUpdate,
    actor: User,
    now: datetime,
    **payload: Any,
) -> None:
    """Append the event of an act on an update, and one for each status that moved by it.

    Everybody is told that a status moved, so the moves by a restricted update name neither the update nor
    who decided. From where it moved the whole is in the event of the act, too.

    Args:
        moved: what ``following.follow`` returned.
        payload: further details of the act.
    """
    moves, is_restricted = list(moved), update.sensitivity == Sensitivity.RESTRICTED
    recommendation = update.recommendation
    about = partial(log.record, now=now, recommendation=recommendation)
    if is_restricted:
        payload["counts"] = update.counts_at is not None
        if whole := [before for what, before, _after in moves if what == recommendation]:
            payload["moved_from"] = whole[0]
    about(kind, actor=actor, update=update, **payload)
    told = partial(about, restricted=True) if is_restricted else partial(about, actor=actor, update=update)
    for what, before, after in moves:
        if what == recommendation:
            told(EventKind.STATUS_CHANGED, before=before, after=after)
        else:
            told(EventKind.ASK_MOVED, ask=what.pk, before=before, after=after)


def record_dates(recommendation: Recommendation, actor: User, now: datetime, **said: Any) -> None:
    """Append the event that a review date, or the interval, was changed. Args: ``said``, how."""
    said |= {"interval_days": recommendation.interval_days}
    said |= {"next_review_on": recommendation.next_review_on.isoformat()}
    log.record(EventKind.RESCHEDULED, now=now, actor=actor, recommendation=recommendation, **said)
