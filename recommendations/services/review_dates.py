"""When a recommendation is reviewed: its interval and its dated reasons."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.audit.moves import record_dates
from recommendations.choices import DateSource, EventKind, Role
from recommendations.errors import Refused
from recommendations.models import DatedReason, Moment, Recommendation, User
from recommendations.models.locking import locked, still_there
from recommendations.rules.conflicts import merged, values_of
from recommendations.rules.dated_reasons import answer_to
from recommendations.rules.following import approved_of, asks_of, follow_dates
from recommendations.rules.moments import days_of, next_day
from recommendations.rules.status import derive_status


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
        record_dates(recommendation, actor, now)
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
    *,
    recommendation: Recommendation,
    actor: User,
    moment: Moment,
    weeks: int,
    now: datetime,
    day: date | None = None,
) -> DatedReason:
    """Add a review date so many weeks before a moment; it moves with the moment. See ``add_date``.

    Args:
        day: which of its days is meant, of a moment that comes back; the next one, where left out.

    Raises: as ``add_date``; Refused where the moment does not fall on that day any more.
    """
    recommendation = _locked_for(actor, recommendation)
    moment = locked(moment)
    day = day or next_day(moment, actor.today(now)) or moment.on
    if day not in days_of(moment, day, day):
        words = _("“%(title)s” does not fall on %(day)s any more. Open its page again.")
        raise Refused(words % {"title": moment.title, "day": date_format(day, "j M Y")})
    tied = {"source": DateSource.MOMENT, "moment": moment, "moment_on": day, "weeks_before": weeks}
    return _add(recommendation, actor, now, on=day - timedelta(weeks=weeks), **tied)


def _add(recommendation: Recommendation, actor: User, now: datetime, **given: Any) -> DatedReason:
    there = recommendation.dated_reasons.still_open().filter(**given).first()
    if there:
        return there
    reason = DatedReason(recommendation=recommendation, **given)
    _set_day(reason, actor, now)
    _check_words(reason)
    reason.save()
    follow_dates(recommendation)
    record_dates(recommendation, actor, now, added=reason.on.isoformat())
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
        locked(reason.moment)
        reason.refresh_from_db(fields=["moment_on"])
        assert reason.moment_on is not None  # it has a moment
        reason.on = reason.moment_on - timedelta(weeks=reason.weeks_before or 0)
    if reason.on != day:
        _set_day(reason, actor, now)
    _check_words(reason)
    reason.save()
    follow_dates(recommendation)
    record_dates(recommendation, actor, now, changed=day.isoformat())
    return reason


@transaction.atomic
def remove_date(*, reason: DatedReason, actor: User, now: datetime) -> None:
    """Remove a review date that is open. Raises: Refused when the actor is not allowed to; Gone."""
    recommendation = _locked_for(actor, reason.recommendation)
    reason = _open_reason(recommendation, reason)
    day = reason.on
    reason.delete()
    follow_dates(recommendation)
    record_dates(recommendation, actor, now, removed=day.isoformat())


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
