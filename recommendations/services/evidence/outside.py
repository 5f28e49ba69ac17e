"""A second person says that a changed item may be told outside."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache, partial

from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.accounts import oversight
from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.models import Evidence, User
from recommendations.models.locking import locked
from recommendations.selectors.held_back import Held, held


@transaction.atomic
def tell(*, item: Evidence, actor: User, seen: str, now: datetime) -> Evidence:
    """Let an item be told outside as it is now.

    Args:
        actor: a reviewer who made none of the changes for which it is held back.
        seen: ``Held.seen`` of what the actor read.

    Raises: Refused, with the reason.
    """
    item = locked(item)
    waiting = held(item)
    if waiting is None:
        raise Refused(_("Nothing of this item is held back any more. Nothing was changed."))
    if refusal := reason_not_to_tell(waiting=waiting, person=actor):
        raise Refused(refusal)
    if waiting.seen != seen:
        raise Refused(_("The item was changed again after you opened it. Read it again, then decide."))
    item.held_changes.waiting().update(confirmed_by=actor, confirmed_at=now)
    raised = "sensitivity" in waiting.fields
    log.record(EventKind.EVIDENCE_TOLD, now=now, actor=actor, evidence=item, raised=raised)
    return item


def reason_not_to_tell(*, waiting: Held, person: User) -> str:
    """Return why ``person`` cannot say that an item may be told outside; empty when they can."""
    return reasons_not_to_tell(waiting=[waiting], person=person)[0]


def reasons_not_to_tell(*, waiting: Iterable[Held], person: User) -> list[str]:
    """Return that of each item; who changed several of them is asked about once."""
    one_hand = cache(partial(oversight.one_hand, person))
    return [_reason(one, person, one_hand) for one in waiting]


def _reason(waiting: Held, person: User, one_hand: Callable[[User], str]) -> str:
    if not person.has_role(Role.REVIEWER):
        return _("A reviewer has to say that it may be told outside.")
    if person in waiting.changed_by:
        return _("You changed it, so another reviewer has to say that it may be told outside.")
    return next((reason for other in waiting.changed_by if (reason := one_hand(other))), "")
