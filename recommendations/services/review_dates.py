"""When a recommendation is reviewed: its interval, its dated reasons, and the calendar of moments.

A moment carries the review dates that were set some weeks before it: they move with it, and go with it.
"""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.choices import DateSource, EventKind, Role
from recommendations.errors import Refused
from recommendations.models import DatedReason, Moment, Recommendation, User
from recommendations.models.locking import locked, still_there
from recommendations.rules.conflicts import merged, values_of
from recommendations.rules.dated_reasons import answer_to
from recommendations.rules.following import approved_of, asks_of, follow_dates
from recommendations.rules.status import derive_status

MOMENT_FIELDS = ("kind", "title", "on", "note")


class DateFields(TypedDict, total=False):
    """What people say of a review date; of one before a moment the weeks alone."""

    on: date
    source: str
    what_for: str
    weeks_before: int


def _locked_for(actor: User, recommendation: Recommendation) -> Recommendation:
    if not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only reviewers and managers can change review dates."))
    return locked(recommendation)


@transaction.atomic
def reschedule(
    *,
    recommendation: Recommendation,
    actor: User,
    interval_days: int,
    now: datetime,
    seen: Mapping[str, str] | None = None,
) -> Recommendation:
    """Set the review interval in days.

    Args:
        seen: here and below, what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not allowed to; EditConflict.
    """
    recommendation = _locked_for(actor, recommendation)
    given = _merged(recommendation, recommendation, actor, seen, interval_days=interval_days)
    if given["interval_days"] != recommendation.interval_days:
        recommendation.interval_days = given["interval_days"]
        follow_dates(recommendation)
        _record(recommendation, actor, now)
    return recommendation


@transaction.atomic
def add_date(
    *,
    recommendation: Recommendation,
    actor: User,
    on: date,
    now: datetime,
    source: str = DateSource.ONE_OFF,
    what_for: str = "",
) -> DatedReason:
    """Add a date by which a recommendation is reviewed. It does not replace the others; the earliest counts.

    Args:
        source: one of our own, or a promise of the government; ``what_for``, what was promised.

    Returns: the date; the one that is there already, if it is the same. Raises: Refused when the actor is
    not allowed to; ValidationError for a past date, one whose review is already done, and a promise of
    nothing.
    """
    recommendation = _locked_for(actor, recommendation)
    return _add(recommendation, actor, now, on=on, source=source, what_for=what_for.strip())


@transaction.atomic
def add_before_moment(
    *, recommendation: Recommendation, actor: User, moment: Moment, weeks: int, now: datetime
) -> DatedReason:
    """Add a review date so many weeks before a moment; it moves with the moment. See ``add_date``."""
    recommendation = _locked_for(actor, recommendation)
    moment = locked(moment)
    tied = {"source": DateSource.MOMENT, "moment": moment, "weeks_before": weeks}
    return _add(recommendation, actor, now, on=moment.on - timedelta(weeks=weeks), **tied)


def _add(recommendation: Recommendation, actor: User, now: datetime, **given: Any) -> DatedReason:
    there = recommendation.dated_reasons.still_open().filter(**given).first()
    if there:
        return there
    reason = DatedReason(recommendation=recommendation, **given)
    _set_day(reason, actor, now)
    _check_words(reason)
    reason.save()
    follow_dates(recommendation)
    _record(recommendation, actor, now, added=reason.on.isoformat())
    return reason


def _set_day(reason: DatedReason, actor: User, now: datetime) -> None:
    """Say who set a day and when. Raises: ValidationError for one that is past, or whose review is done."""
    reason.set_by, reason.set_at = actor, now
    if reason.on < actor.today(now):
        raise ValidationError({"on": _("This date is in the past. Enter today or a later date.")})
    recommendation = reason.recommendation
    found = derive_status(approved_of(recommendation), *asks_of(recommendation))
    if answer := answer_to(reason.on, now, found):
        words = _("It was looked at on %(day)s, so this review is already done.")
        raise ValidationError({"on": words % {"day": date_format(answer.as_of, "j M Y")}})


def _check_words(reason: DatedReason) -> None:
    if reason.source == DateSource.PROMISE and not reason.what_for:
        raise ValidationError({"what_for": _("Say what the government promised.")})
    reason.clean_fields(exclude=["recommendation", "moment", "set_by", "answered_by"])


@transaction.atomic
def change_date(
    *,
    reason: DatedReason,
    actor: User,
    now: datetime,
    seen: Mapping[str, str] | None = None,
    **given: Unpack[DateFields],
) -> DatedReason:
    """Change a review date that is open; of one before a moment, how many weeks before it.

    Raises: as ``add_date``; Gone; EditConflict.
    """
    recommendation = _locked_for(actor, reason.recommendation)
    reason = _open_reason(recommendation, reason)
    before, day = values_of(reason, given), reason.on
    after = _merged(recommendation, reason, actor, seen, **given)
    if after == before:
        return reason
    for name, value in after.items():
        setattr(reason, name, value)
    if reason.moment:
        reason.on = locked(reason.moment).on - timedelta(weeks=reason.weeks_before or 0)
    if reason.on != day:
        _set_day(reason, actor, now)
    _check_words(reason)
    reason.save()
    follow_dates(recommendation)
    _record(recommendation, actor, now, changed=day.isoformat())
    return reason


@transaction.atomic
def remove_date(*, reason: DatedReason, actor: User, now: datetime) -> None:
    """Remove a review date that is open. Raises: Refused when the actor is not allowed to; Gone."""
    recommendation = _locked_for(actor, reason.recommendation)
    reason = _open_reason(recommendation, reason)
    day = reason.on
    reason.delete()
    follow_dates(recommendation)
    _record(recommendation, actor, now, removed=day.isoformat())


def _open_reason(recommendation: Recommendation, reason: DatedReason) -> DatedReason:
    """Return a review date as it is now. Raises: Gone; Refused for one that is answered, which is history."""
    there = still_there(recommendation.dated_reasons.select_related("moment", "answered_by"), reason.pk)
    if there.answered_by:
        words = _("This review was done as of %(day)s. Add another date instead.")
        raise Refused(words % {"day": date_format(there.answered_by.as_of, "j M Y")})
    there.recommendation = recommendation
    return there


def _merged(
    recommendation: Recommendation, row: Model, actor: User, seen: Mapping[str, str] | None, **given: Any
) -> dict[str, Any]:
    """Return the values to write; somebody else's change stays where this person changed nothing."""
    by = partial(log.last_actor, EventKind.RESCHEDULED, recommendation=recommendation)
    return merged(given, current=values_of(row, given), seen=seen, by=by, actor=actor)


def _record(recommendation: Recommendation, actor: User, now: datetime, **said: Any) -> None:
    said |= {"interval_days": recommendation.interval_days}
    said |= {"next_review_on": recommendation.next_review_on.isoformat()}
    log.record(EventKind.RESCHEDULED, now=now, actor=actor, recommendation=recommendation, **said)


# --- The calendar of moments -------------------------------------------------------------------
@transaction.atomic
def keep_moment(
    *,
    actor: User,
    moment: Moment | None,
    fields: Mapping[str, Any],
    now: datetime,
    seen: Mapping[str, str] | None = None,
) -> Moment:
    """Add a date to the calendar of moments, or change one; the same form sent twice adds it once.

    The review dates that were set before a moment move with it.

    Args:
        moment: the one to change, or None for a new one.
        fields: ``MOMENT_FIELDS``.

    Raises: Refused when the actor is not a manager, or it was deleted in the meantime; EditConflict.
    """
    _check_manager(actor)
    if moment is None:
        locked(actor)  # The same person's next form waits for the commit: a double click finds the first.
        there = Moment.objects.filter(**fields).first()
        return there or _write_moment(Moment(), actor, fields, now, [])
    held = _hold_dated(moment)
    moment = _moment_now(moment, held)
    kept_by = moment.kept_by
    current = values_of(moment, fields)
    fields = merged(fields, current=current, seen=seen, by=lambda: kept_by, actor=actor)
    return _write_moment(moment, actor, fields, now, held if fields["on"] != moment.on else [])


def _write_moment(
    moment: Moment, actor: User, fields: Mapping[str, Any], now: datetime, held: Collection[Recommendation]
) -> Moment:
    """Write a moment, and let the dates before it follow. Args: ``held``, recommendations that it moves."""
    for name in MOMENT_FIELDS:
        setattr(moment, name, fields[name])
    moment.kept_by, moment.changed_at = actor, now
    moment.full_clean()
    moment.save()
    for reason in moment.dated_reasons.all() if held else ():
        reason.on = moment.on - timedelta(weeks=reason.weeks_before or 0)
        reason.save(update_fields=["on"])
    for recommendation in held:
        follow_dates(recommendation)
    for recommendation in held:
        _record(recommendation, actor, now, moment=moment.pk)
    log.record(EventKind.MOMENT_KEPT, now=now, actor=actor, moment=moment.pk, on=moment.on.isoformat())
    return moment


@transaction.atomic
def drop_moment(*, actor: User, moment: Moment, now: datetime) -> None:
    """Delete a moment from the calendar, with the review dates before it that are open.

    Those that were answered stay as history, with its title. Raises: Refused.
    """
    _check_manager(actor)
    held = _hold_dated(moment)
    moment = _moment_now(moment, held)
    key, reasons = moment.pk, moment.dated_reasons.all()
    loses = set(reasons.still_open().values_list("recommendation", flat=True))
    moved = [one for one in held if one.pk in loses]
    reasons.still_open().delete()
    reasons.update(moment=None, weeks_before=None, what_for=moment.title)
    for recommendation in moved:
        follow_dates(recommendation)
    log.hold()
    moment.delete()
    for recommendation in moved:
        _record(recommendation, actor, now, moment=key)
    log.record(EventKind.MOMENT_KEPT, now=now, actor=actor, moment=key, dropped=True)


def _hold_dated(moment: Moment) -> list[Recommendation]:
    """Lock the recommendations that have review dates before a moment: rows come before the moment itself."""
    dated = Recommendation.objects.filter(pk__in=moment.dated_reasons.values("recommendation"))
    rows = dated.select_related("report").defer("report__source_bytes", "report__text")
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))


def _moment_now(moment: Moment, held: Collection[Recommendation]) -> Moment:
    """Return a moment as it is now, locked. Args: ``held``, the recommendations that are locked for it."""
    found = Moment.objects.select_for_update(no_key=True).filter(pk=moment.pk).first()
    if found is None:
        raise Refused(_("It was deleted after you opened it."))
    dated = set(found.dated_reasons.values_list("recommendation", flat=True))
    if dated - {one.pk for one in held}:
        raise Refused(_("A review date was just set before it. Nothing was changed: try again."))
    return found


def _check_manager(actor: User) -> None:
    if not actor.has_role(Role.MANAGER):
        raise Refused(_("Only managers can change the calendar of moments."))
