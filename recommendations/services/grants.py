"""Giving access to one restricted evidence item or update, and removing it."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, MailKind, Role, Sensitivity
from recommendations.errors import Refused
from recommendations.mail import notices, outbox
from recommendations.models import Evidence, Grant, StatusUpdate, User
from recommendations.models.locking import locked

# Late is better than never: it says what was done behind the reader's back.
NOTICE_USEFUL_FOR = timedelta(days=14)


type Restricted = Evidence | StatusUpdate


def may_decide(*, item: Restricted, person: User) -> bool:
    """Say whether ``person`` decides who sees a restricted item: its author or uploader, and managers.

    A manager does not have to see the item; everybody who sees it is told when a manager gives access.
    """
    return (person.is_contributor and belongs_to(item=item).pk == person.pk) or person.has_role(Role.MANAGER)


def belongs_to(*, item: Restricted) -> User:
    """Return the person who added an evidence item, or wrote an update."""
    return item.uploaded_by if isinstance(item, Evidence) else item.author


@transaction.atomic
def grant(
    *, item: Restricted, person: User, actor: User, reason: str, now: datetime, with_items: bool = False
) -> Grant:
    """Let ``person`` see a restricted item.

    Args:
        reason: why; shown to its uploader.
        with_items: of an update, also the restricted items that it cites (``items_beside``).

    Returns: the grant; the existing one if the person already has access.

    Raises: Refused when the actor is not allowed to; ValidationError per field.
    """
    item = _locked_for(item, actor)
    if item.sensitivity != Sensitivity.RESTRICTED:
        raise Refused(_("This item is not restricted: everybody in the team can see it."))
    if not person.has_role(Role.VIEWER):
        raise ValidationError({"person": _("This person cannot sign in, or has no role.")})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why this person needs to see it.")})
    if person == belongs_to(item=item):
        raise ValidationError({"person": _("This person added it and can already see it.")})
    beside = items_beside(update=item, actor=actor) if with_items and isinstance(item, StatusUpdate) else []
    made_by = {"granted_by": actor, "granted_at": now, "reason": reason.strip()}
    given, new = _give(item, person, made_by)
    for cited in [locked(one) for one in beside if one.uploaded_by != person]:
        new += _give(cited, person, made_by)[1]
    for one in new:
        _record(EventKind.GRANTED, one, person, actor, now)
    return given


def items_beside(*, update: StatusUpdate, actor: User) -> list[Evidence]:
    """Return the restricted items cited by an update which ``actor`` sees and decides on, by their keys.

    None for a manager who does not see the update: what it cites would tell what it is about.
    """
    if not StatusUpdate.objects.visible_to(actor).filter(pk=update.pk).exists():
        return []
    cited = Evidence.objects.visible_to(actor).filter(
        citations__update=update, sensitivity=Sensitivity.RESTRICTED
    )
    found = cited.distinct().select_related("uploaded_by").order_by("pk")
    return [item for item in found if may_decide(item=item, person=actor)]


def _give(item: Restricted, person: User, made_by: dict[str, Any]) -> tuple[Grant, list[Restricted]]:
    """Make a grant and tell who sees the item. Returns: it, and the item in a list if it is new."""
    given, made = Grant.objects.get_or_create(person=person, defaults=made_by, **_which(item))
    if made:
        _tell_who_sees_it(item, given)
    return given, [item] if made else []


@transaction.atomic
def revoke(*, item: Restricted, person: User, actor: User, now: datetime) -> None:
    """Remove the access that ``grant`` gave. Removing it twice changes nothing. Raises: Refused.

    An update that the person had in review returns to the queue: they can no longer see it.
    """
    item = _locked_for(item, actor)
    taken, _rows = Grant.objects.filter(person=person, **_which(item)).delete()
    if taken:
        if isinstance(item, StatusUpdate):
            StatusUpdate.objects.filter(pk=item.pk, taken_by=person).update(taken_by=None, taken_at=None)
        _record(EventKind.REVOKED, item, person, actor, now)


def grants_on(*, item: Restricted) -> QuerySet[Grant]:
    """Return the grants on an item, with the people."""
    return item.grants.select_related("person", "granted_by").order_by("granted_at", "pk")


def _locked_for(item: Restricted, actor: User) -> Restricted:
    if not may_decide(item=item, person=actor):
        raise Refused(_("Only the person who added it and managers can decide who sees a restricted item."))
    return locked(item)


def _which(item: Restricted) -> dict[str, Restricted | None]:
    return (
        {"evidence": item, "update": None}
        if isinstance(item, Evidence)
        else {"update": item, "evidence": None}
    )


def _record(kind: EventKind, item: Restricted, person: User, actor: User, now: datetime) -> None:
    record = partial(log.record, kind, now=now, actor=actor, person=person.pk, to_self=person == actor)
    if isinstance(item, Evidence):
        record(evidence=item)
    else:
        record(update=item, recommendation=item.recommendation)


def _tell_who_sees_it(item: Restricted, given: Grant) -> None:
    """Queue a mail for everybody who sees an item to which somebody other than its owner gave access.

    The owner is told even after they have left. Each mail goes to the address of this moment, which the
    actor may be about to change.
    """
    owner, person, actor, at = belongs_to(item=item), given.person, given.granted_by, given.granted_at
    if owner == actor:
        return
    let_in = [other.person for other in grants_on(item=item) if other.person.is_active]
    for reader in {owner, *let_in} - {actor, person}:
        outbox.enqueue(
            key=f"let_in:{given.pk}:{at.isoformat()}:{reader.pk}",
            kind=MailKind.ACCESS,
            recipient=reader,
            letter=notices.let_in(reader, person=person, actor=actor, at=at, is_own=reader == owner),
            now=at,
            useful_for=NOTICE_USEFUL_FOR,
            fixed_address=reader.email,
        )
