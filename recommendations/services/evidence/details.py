"""Correcting what is said about an evidence item; its content stays as it was received."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import EventKind, Role, Sensitivity
from recommendations.errors import Refused
from recommendations.models import DETAIL_FIELDS, TOLD_FIELDS, Evidence, HeldChange, User
from recommendations.models.locking import locked
from recommendations.rules.conflicts import EditConflict, merged
from recommendations.rules.submission import broken_item_dates, broken_item_rules
from recommendations.selectors import derived
from recommendations.selectors.held_back import is_cited_outside

# The two halves of the Admiralty code: each change of one is reasoned and told in the item's custody.
GRADES = ("reliability", "credibility")
LONGEST_REASON = 500
DATES = ("published_on", "event_on")


def may_change(*, item: Evidence, person: User) -> bool:
    """Say whether ``person`` can correct the details of an item: its uploader, and reviewers who can see it.

    Nobody can change an item that was removed.
    """
    if item.is_removed:
        return False
    if not Evidence.objects.visible_to(person).filter(pk=item.pk).exists():
        return False
    return (item.uploaded_by_id == person.pk and person.is_contributor) or person.has_role(Role.REVIEWER)


def stays_sealed() -> str:
    """Return the sentence for a person who wants to make a sealed item less restricted."""
    return _(
        "It was sealed on arrival and stays sealed: nobody here can change that. An officer can "
        "open the file offline and add a redacted copy of it as a separate item."
    )


@transaction.atomic
def change(
    *,
    item: Evidence,
    actor: User,
    details: Mapping[str, Any],
    now: datetime,
    grading_reason: str = "",
    seen: Mapping[str, str] | None = None,
) -> Evidence:
    """Correct details of an item; bytes, address, hash, uploader and time stay as they are.

    What is told outside of an item that a published update cites is held back until another person
    confirms it.

    Args:
        details: values of ``DETAIL_FIELDS``.
        grading_reason: why reliability or credibility are graded differently now; needed if they are.
        seen: what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not allowed to, or would open to others what its uploader restricted;
    EditConflict; ValidationError per field.
    """
    item = locked(item)
    if not may_change(item=item, person=actor):
        raise Refused(_("Only the person who added it and reviewers who can see it can change its details."))
    before = {name: getattr(item, name) for name in DETAIL_FIELDS}
    details = merged(details, current=before, seen=seen, by=lambda: _who_changed(item), actor=actor)
    changed = [name for name in DETAIL_FIELDS if name in details and before[name] != details[name]]
    if not changed:
        return item
    for name in changed:
        setattr(item, name, details[name])
    item.clean_fields()
    _check(item, actor, before, changed, grading_reason)
    if set(DATES) & set(changed):
        _check_dates(item, actor, now)
    item.save(update_fields=changed)
    if item.sensitivity == Sensitivity.RESTRICTED:
        derived.forget_words(Evidence.objects.filter(pk=item.pk))
        # Who sees it later, when it is public again, is not told what it was called before.
        item.held_changes.update(before={})
    _hold_back(item, actor, now, before, changed)
    _record(item, actor, now, before, changed, grading_reason.strip())
    return item


@transaction.atomic
def tie(
    *,
    items: Iterable[Evidence],
    actor: User,
    origin: str,
    now: datetime,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Record that several items have one origin; all of them, or none.

    Args:
        seen: {key of an item: fingerprint of the origin that the form showed}.

    Raises: as ``change``.
    """
    for item in items:
        shown = (seen or {}).get(str(item.key))
        seen_of_it = {"origin": shown} if shown else None
        try:
            change(item=item, actor=actor, details={"origin": origin}, now=now, seen=seen_of_it)
        except EditConflict as conflict:
            raise conflict.about(str(item.key)) from conflict


def _who_changed(item: Evidence) -> User | None:
    return log.last_actor(EventKind.EVIDENCE_CHANGED, EventKind.GRADED, evidence=item)


def _check(
    item: Evidence, actor: User, before: Mapping[str, Any], changed: Collection[str], grading_reason: str
) -> None:
    opened = before["sensitivity"] == Sensitivity.RESTRICTED != item.sensitivity
    if item.is_sealed and opened:
        raise Refused(stays_sealed())
    if opened and item.uploaded_by_id != actor.pk:
        raise Refused(_("Only the person who added a restricted item can make it less restricted."))
    # An item from before this was asked for can still be restricted without it.
    problems = broken_item_rules(item) if {"kind", "consent"} & set(changed) else {}
    if problems:
        raise ValidationError(problems)
    if set(GRADES) & set(changed) and not grading_reason.strip():
        raise ValidationError({"grading_reason": _("Say in one sentence why you change the grade.")})
    if len(grading_reason) > LONGEST_REASON:
        raise ValidationError(
            {"grading_reason": _("Use at most %(limit)s characters.") % {"limit": LONGEST_REASON}}
        )


def _check_dates(item: Evidence, actor: User, now: datetime) -> None:
    """Refuse a day that is in the future both for the uploader and for the person who changes the item."""
    today = max(actor.today(now), item.uploaded_by.today(now))
    if problems := broken_item_dates(item, today=today):
        raise ValidationError(problems)


def _hold_back(
    item: Evidence, actor: User, now: datetime, before: Mapping[str, Any], changed: Collection[str]
) -> None:
    told = [name for name in changed if name in TOLD_FIELDS or name == "sensitivity"]
    if before["sensitivity"] == Sensitivity.RESTRICTED:  # what it was called then stays with who could see it
        told = ["sensitivity"]
    if told and item.sensitivity == Sensitivity.PUBLIC and is_cited_outside(item):
        was = {name: before[name] for name in told}
        HeldChange.objects.create(evidence=item, before=was, changed_by=actor, changed_at=now)


def _record(
    item: Evidence,
    actor: User,
    now: datetime,
    before: Mapping[str, Any],
    changed: Collection[str],
    grading_reason: str,
) -> None:
    """Record a new grading separately from other changes: from what, to what and why."""
    record = partial(log.record, now=now, actor=actor, evidence=item)
    others = [name for name in changed if name not in GRADES]
    if others:
        moved = (
            {"before": before["sensitivity"], "after": item.sensitivity} if "sensitivity" in others else {}
        )
        record(EventKind.EVIDENCE_CHANGED, fields=others, **moved)
    grades = {name: [before[name], getattr(item, name)] for name in GRADES if name in changed}
    if grades:
        record(EventKind.GRADED, grades=grades, reason=grading_reason)
