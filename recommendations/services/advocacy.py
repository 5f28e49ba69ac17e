"""Logging what we did ourselves.

Nothing here changes a status. Restricted entries are not recorded in the event sequence: everybody on the
desk can read it, and would learn that the entry exists.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from recommendations.audit import log as audit_log
from recommendations.choices import EventKind, Retention, Role, Sensitivity
from recommendations.errors import Gone, Refused
from recommendations.models import Advocacy, Evidence, Recommendation, User
from recommendations.models.locking import locked
from recommendations.rules.conflicts import merged, values_of

FIELDS = (
    "kind",
    "held_on",
    "counterpart",
    "subject",
    "result",
    "next_step",
    "next_on",
    "next_owner",
    "sensitivity",
)


@transaction.atomic
def log(
    *,
    author: User,
    key: UUID,
    fields: Mapping[str, Any],
    recommendations: Collection[Recommendation],
    readers: Iterable[User],
    now: datetime,
) -> Advocacy:
    """Log something that we did; the same form sent twice logs it once.

    Args:
        author: a contributor.
        key: made by the form.
        fields: values of ``FIELDS``.
        recommendations: what it was about; may be empty.
        readers: people who can read it when it is restricted.

    Raises: Refused when the author is not allowed to; ValidationError per field.
    """
    if not author.has_role(Role.CONTRIBUTOR):
        raise Refused(_("Only contributors, reviewers and managers can log advocacy."))
    _hold_all(recommendations)
    _one_at_a_time(author)
    there = Advocacy.objects.filter(key=key).first()
    if there and there.author_id != author.pk:
        raise Refused(_("This form belongs to another entry. Open a new one."))
    if there:
        return there
    entry = Advocacy(key=key, author=author, created_at=now)
    return _write(entry, author, fields, recommendations, readers, now)


def _hold_all(recommendations: Collection[Recommendation]) -> None:
    """Lock what an entry is about, so that an import is not undone just when an entry is tied to it.

    Raises: Gone.
    """
    keys = {one.pk for one in recommendations}
    held = Recommendation.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    if len(held.values_list("pk")) != len(keys):
        raise Gone("recommendation")


def _one_at_a_time(actor: User) -> None:
    """Make the same person's next form wait for the commit: a double click finds the first entry."""
    locked(actor)


@transaction.atomic
def change(
    *,
    entry: Advocacy,
    actor: User,
    fields: Mapping[str, Any],
    recommendations: Collection[Recommendation],
    readers: Iterable[User],
    now: datetime,
    seen: Mapping[str, str] | None = None,
) -> Advocacy:
    """Correct an entry; a next step with another day or person is open again.

    Args: as ``log``; ``seen`` is what the form showed, for ``conflicts.merged``.

    Raises: Refused when it belongs to somebody else; EditConflict; ValidationError per field.
    """
    _hold_all(recommendations)
    entry = _own(entry, actor)
    given = {**fields, "recommendations": list(recommendations), "readers": list(readers)}
    fields = merged(given, current=values_of(entry, given), seen=seen, by=lambda: entry.author, actor=actor)
    recommendations, readers = fields.pop("recommendations"), fields.pop("readers")
    if any(getattr(entry, name) != fields[name] for name in ("next_step", "next_on", "next_owner")):
        entry.done_at = None
    return _write(entry, actor, fields, recommendations, readers, now)


def _write(
    entry: Advocacy,
    actor: User,
    fields: Mapping[str, Any],
    recommendations: Collection[Recommendation],
    readers: Iterable[User],
    now: datetime,
) -> Advocacy:
    for name in FIELDS:
        setattr(entry, name, fields[name])
    entry.changed_at = now
    _check_day(entry, actor.today(now))
    _check_step(entry)
    entry.full_clean(exclude=["key"])
    entry.save()
    entry.recommendations.set(recommendations)
    entry.readers.set(readers if entry.sensitivity == Sensitivity.RESTRICTED else [])
    _record(entry, actor, now)
    return entry


def _check_day(entry: Advocacy, today: date) -> None:
    """Refuse a day in the future: with a mistyped year it would stay at the top of the log for years."""
    if entry.held_on > today:
        words = _("This day is in the future. Log what took place; enter what is planned as a next step.")
        raise ValidationError({"held_on": words})


def _check_step(entry: Advocacy) -> None:
    given = [bool(entry.next_step), bool(entry.next_on), bool(entry.next_owner)]
    if any(given) and not all(given):
        missing = ("next_step", "next_on", "next_owner")[given.index(False)]
        words = _("A next step needs three things: what, by when, and who. Fill in all three, or none.")
        raise ValidationError({missing: words})
    if entry.next_owner and not entry.next_owner.has_role(Role.CONTRIBUTOR):
        raise ValidationError({"next_owner": _("%(name)s can only read.") % {"name": entry.next_owner}})


@transaction.atomic
def finish(*, entry: Advocacy, actor: User, now: datetime) -> Advocacy:
    """Mark the next step as done. Raises: Refused when the actor is not allowed to."""
    entry = locked(entry)
    if actor.pk not in (entry.author_id, entry.next_owner_id):
        raise Refused(_("Only its author and the person who takes the next step can mark it as done."))
    if entry.is_step_open:
        entry.done_at = entry.changed_at = now
        entry.save(update_fields=["done_at", "changed_at"])
        _record(entry, actor, now, done=True)
    return entry


@transaction.atomic
def add_evidence(*, entry: Advocacy, actor: User, items: Collection[Evidence], now: datetime) -> Advocacy:
    """Add evidence items to an entry: what was sent or given, minutes, an answer.

    It proves nothing and counts nowhere; who sees an item is decided by the item, not by the entry.

    Raises: Refused when the entry belongs to somebody else, or an item cannot be seen or was removed.
    """
    entry = _own(entry, actor)
    keys = {one.pk for one in items}
    held = Evidence.objects.visible_to(actor).exclude(retention=Retention.TOMBSTONED).filter(pk__in=keys)
    if held.count() != len(keys):
        raise Refused(_("One of these items can no longer be seen, or was removed. Choose again."))
    entry.evidence.add(*keys)
    return _touched(entry, actor, now)


@transaction.atomic
def remove_evidence(*, entry: Advocacy, actor: User, item: Evidence, now: datetime) -> Advocacy:
    """Take an evidence item off an entry; the item itself stays. Raises: Refused, as above."""
    entry = _own(entry, actor)
    entry.evidence.remove(item)
    return _touched(entry, actor, now)


def _own(entry: Advocacy, actor: User) -> Advocacy:
    entry = locked(entry)
    if entry.author_id != actor.pk:
        raise Refused(_("Only %(name)s, who logged it, can change it.") % {"name": entry.author})
    return entry


def _touched(entry: Advocacy, actor: User, now: datetime) -> Advocacy:
    entry.changed_at = now
    entry.save(update_fields=["changed_at"])
    _record(entry, actor, now)
    return entry


def _record(entry: Advocacy, actor: User, now: datetime, **said: Any) -> None:
    if entry.sensitivity != Sensitivity.RESTRICTED:
        audit_log.record(EventKind.ADVOCACY_LOGGED, now=now, actor=actor, entry=str(entry.key), **said)
