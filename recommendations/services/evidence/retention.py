"""How long evidence is kept: holds, and removals that two people decide.

Removing leaves a tombstone: key, hash, size, type, when it was added and removed, by whose decision, why and
on which legal basis. Everything else is removed: the words about it, its bytes, what was made of them, and
the words of its events. Updates that cite it keep citing it, and stay valid.
"""

from datetime import date, datetime
from functools import partial
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from recommendations import vault
from recommendations.accounts import oversight
from recommendations.audit import log
from recommendations.choices import Credibility, EventKind, Reliability, Retention, Role
from recommendations.errors import Refused
from recommendations.models import Event, Evidence, Grant, User
from recommendations.models.locking import locked

# What a tombstone does not keep; the title gives way to a sentence, so that citations say what happened.
WORDS = ("source", "origin", "collected_by", "language", "note", "consent", "safety", "url", "original_name")
UNDECIDED = {
    "removal_reason": "",
    "removal_basis": "",
    "removal_on": None,
    "removal_proposed_by": None,
    "removal_proposed_at": None,
    "removal_approved_by": None,
    "removal_approved_at": None,
}


class May(Protocol):
    """Whether a person can do something about an item."""

    def __call__(self, *, item: Evidence, person: User) -> bool: ...


def may_propose(*, item: Evidence, person: User) -> bool:
    """Say whether ``person`` can put an item on hold or propose its removal: its uploader, and reviewers."""
    seen = Evidence.objects.visible_to(person).filter(pk=item.pk).exists()
    own = item.uploaded_by_id == person.pk and person.has_role(Role.CONTRIBUTOR)
    return seen and (own or person.has_role(Role.REVIEWER))


def may_approve(*, item: Evidence, person: User) -> bool:
    """Say whether ``person`` can approve the removal that somebody else proposed: a reviewer who can see it.

    Not if one manager may be behind both (``oversight.one_hand``).
    """
    proposer = item.removal_proposed_by
    if not person.has_role(Role.REVIEWER) or proposer == person:
        return False
    seen = Evidence.objects.visible_to(person).filter(pk=item.pk).exists()
    return seen and not (proposer and oversight.one_hand(person, proposer))


def approvers(*, item: Evidence) -> list[User]:
    """Return the people who can approve a removal of ``item``, already proposed or not.

    The rule itself is asked about each of them: a team has few reviewers, and a second version of who sees an
    item could come to differ.
    """
    return [
        person for person in User.objects.reviewers().with_rank() if may_approve(item=item, person=person)
    ]


@transaction.atomic
def hold(*, item: Evidence, actor: User, reason: str, now: datetime) -> Evidence:
    """Keep an item from being removed; this cancels a proposed removal.

    Raises: Refused.
    """
    item = _locked(item, actor, may_propose, Retention.ACTIVE, Retention.SCHEDULED)
    _write(item, retention=Retention.HOLD, hold_reason=_said(reason), **UNDECIDED)
    log.record(EventKind.HELD, now=now, actor=actor, evidence=item, reason=item.hold_reason)
    return item


@transaction.atomic
def lift_hold(*, item: Evidence, actor: User, reason: str, now: datetime) -> Evidence:
    """End a hold: the item is kept like any other. Returns: the item. Raises: Refused."""
    item = _locked(item, actor, may_propose, Retention.HOLD)
    reason = _said(reason)
    _write(item, retention=Retention.ACTIVE, hold_reason="")
    log.record(EventKind.HOLD_LIFTED, now=now, actor=actor, evidence=item, reason=reason)
    return item


@transaction.atomic
def propose(*, item: Evidence, actor: User, reason: str, basis: str, on: date, now: datetime) -> Evidence:
    """Propose to remove an item on a day, which is the first of the two decisions.

    Raises: Refused, also while it is on hold; ValidationError for a day that is past.
    """
    item = _locked(item, actor, may_propose, Retention.ACTIVE)
    if on < actor.today(now):
        raise ValidationError({"on": _("This day is in the past. Enter today or a later day.")})
    _write(
        item,
        retention=Retention.SCHEDULED,
        removal_reason=_said(reason),
        removal_basis=_said(basis),
        removal_on=on,
        removal_proposed_by=actor,
        removal_proposed_at=now,
    )
    log.record(
        EventKind.REMOVAL_PROPOSED,
        now=now,
        actor=actor,
        evidence=item,
        reason=item.removal_reason,
        basis=item.removal_basis,
        on=on.isoformat(),
    )
    return item


@transaction.atomic
def call_off(*, item: Evidence, actor: User, reason: str, now: datetime) -> Evidence:
    """Withdraw a proposed removal, approved or not. Returns: the item. Raises: Refused."""
    item = _locked(item, actor, may_propose, Retention.SCHEDULED)
    reason = _said(reason)
    _write(item, retention=Retention.ACTIVE, **UNDECIDED)
    log.record(EventKind.REMOVAL_WITHDRAWN, now=now, actor=actor, evidence=item, reason=reason)
    return item


@transaction.atomic
def approve(*, item: Evidence, actor: User, now: datetime) -> Evidence:
    """Approve a removal as the second person; it is done at once if its day has come.

    Raises: Refused.
    """
    item = _locked(item, actor, may_approve, Retention.SCHEDULED)
    if item.removal_approved_by_id:
        raise Refused(_("Somebody else has already approved it."))
    _write(item, removal_approved_by=actor, removal_approved_at=now)
    assert item.removal_on is not None  # a removal that is proposed has a day
    if item.removal_on <= actor.today(now):
        # Of the events, one at the end: the removal says who approved.
        _remove(item, now)
    else:
        log.record(EventKind.REMOVAL_APPROVED, now=now, actor=actor, evidence=item)
    return item


def due(*, now: datetime) -> QuerySet[Evidence]:
    """Return the items whose removal two people have decided and whose day has come (UTC)."""
    return Evidence.objects.filter(
        retention=Retention.SCHEDULED, removal_approved_by__isnull=False, removal_on__lte=now.date()
    )


def carry_out(*, now: datetime) -> int:
    """Remove what is due. Returns: how many items. Items that are put on hold meanwhile stay."""
    done = 0
    for pk in list(due(now=now).values_list("pk", flat=True)):
        with transaction.atomic():
            item = due(now=now).select_for_update(no_key=True, of=("self",)).filter(pk=pk).first()
            if item:
                _remove(item, now)
                done += 1
    return done


def _remove(item: Evidence, now: datetime) -> None:
    """Leave a tombstone of a locked item."""
    objects = [item.object_name, *_take_away_what_was_made_of(item)]
    day = formats.date_format(now.date(), "j M Y")
    item.title = _("Removed on %(day)s by decision") % {"day": day}
    for name in WORDS:
        setattr(item, name, "")
    item.event_on = item.published_on = None
    item.reliability, item.credibility = Reliability.F, Credibility.CANNOT_JUDGE
    item.retention, item.object_name, item.removed_at = Retention.TOMBSTONED, "", now
    item.save()
    redacted = log.redact(Event.objects.filter(evidence=item), now=now, keep=("actor", "evidence"))
    record = partial(log.record, now=now, actor=item.removal_approved_by, evidence=item)
    record(EventKind.REMOVED, proposed_by=item.removal_proposed_by_id)
    record(EventKind.REDACTED, events=log.spans(redacted))
    for name in filter(None, objects):
        transaction.on_commit(partial(vault.remove, name))


def _take_away_what_was_made_of(item: Evidence) -> list[str]:
    """Delete the rows that belong to an item (copies, previews, texts), but not its grants.

    Returns: the names of their objects.
    """
    objects: list[str] = []
    for relation in Evidence._meta.related_objects:
        if relation.on_delete is not models.CASCADE or relation.related_model is Grant:
            continue
        rows = relation.related_model._default_manager.filter(**{relation.field.name: item})
        if any(field.name == "object_name" for field in relation.related_model._meta.fields):
            objects += rows.values_list("object_name", flat=True)
        rows.delete()
    return objects


def _locked(item: Evidence, actor: User, may: May, *states: Retention) -> Evidence:
    """Return the item as it is now, if ``actor`` can act on it and it is in one of ``states``."""
    item = locked(item)
    if not may(item=item, person=actor):
        raise Refused(
            _(
                "The person who added an item and reviewers can propose its removal. A reviewer "
                "who did not propose it must approve it."
            )
        )
    if item.retention not in states:
        raise Refused(
            _("The item has changed in the meantime: %(state)s. Open its page again.")
            % {"state": item.get_retention_display()}
        )
    return item


def _write(item: Evidence, **values: Any) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))


def _said(words: str) -> str:
    """Return words without space around them. Raises: Refused if there are none."""
    if not words.strip():
        raise Refused(_("Say why, in one sentence. It remains in the record."))
    return words.strip()
