"""The calendar of moments, which managers keep.

A moment carries the review dates that were set some weeks before it: they move with it, and go with it.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from recommendations.audit import log
from recommendations.audit.moves import record_dates
from recommendations.choices import EventKind, Role
from recommendations.errors import Gone, Refused
from recommendations.models import DatedReason, Moment, Recommendation, User
from recommendations.models.locking import locked
from recommendations.rules.conflicts import merged, values_of
from recommendations.rules.following import follow_dates
from recommendations.rules.moments import moved_day

FIELDS = ("kind", "title", "on", "every_years", "until", "note")


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
        fields: some of ``FIELDS``, and ``recommendations``, on which it bears; of a new one its kind, title
            and day at least.
        seen: what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not a manager, when it was deleted in the meantime, or when it would
    fall no more near a day before which an open review date is set; Gone when a recommendation is;
    EditConflict; ValidationError.
    """
    _check_manager(actor)
    about = list(fields.get("recommendations", ()))
    if moment is None:
        _hold(about)
        locked(actor)  # The same person's next form waits for the commit: a double click finds the first.
        one_date = {name: value for name, value in fields.items() if name != "recommendations"}
        there = Moment.objects.filter(**one_date).first()
        return there or _record(_write(Moment(), actor, fields, now), actor, now)
    held = _hold(about, moment)
    moment = _moment_now(moment, held)
    before, kept_by = Moment.objects.get(pk=moment.pk), moment.kept_by
    current = values_of(moment, fields)
    fields = merged(fields, current=current, seen=seen, by=lambda: kept_by, actor=actor)
    moved = _move_dates(before, _write(moment, actor, fields, now))
    follow = [one for one in held if one.pk in moved]
    for recommendation in follow:
        follow_dates(recommendation)
    for recommendation in follow:
        record_dates(recommendation, actor, now, moment=moment.pk)
    return _record(moment, actor, now)


def _write(moment: Moment, actor: User, fields: Mapping[str, Any], now: datetime) -> Moment:
    for name in FIELDS:
        if name in fields:
            setattr(moment, name, fields[name])
    moment.kept_by, moment.changed_at = actor, now
    _check_end(moment)
    moment.full_clean()
    moment.save()
    if "recommendations" in fields:
        moment.recommendations.set(fields["recommendations"])
    return moment


def _check_end(moment: Moment) -> None:
    if moment.until and not moment.every_years:
        raise ValidationError({"every_years": _("Choose how often it comes back, or leave the end empty.")})
    if moment.until and moment.until < moment.on:
        raise ValidationError({"until": _("It ends before it begins. Enter a later day, or leave it empty.")})


def _record(moment: Moment, actor: User, now: datetime) -> Moment:
    log.record(EventKind.MOMENT_KEPT, now=now, actor=actor, moment=moment.pk, on=moment.on.isoformat())
    return moment


def _move_dates(before: Moment, after: Moment) -> set[int]:
    """Let the dates before a moment follow it. Returns: the recommendations that have one.

    Raises: Refused when the moment falls no more near the day before which an open one is set; an answered
    one stays where it is.
    """
    if (before.on, before.every_years, before.until) == (after.on, after.every_years, after.until):
        return set()
    moved = set()
    for reason in after.dated_reasons.select_related("recommendation").order_by("pk"):
        assert reason.moment_on is not None  # it has a moment
        day = moved_day(before, after, reason.moment_on)
        if day is None and reason.answered_by_id is None:
            _refuse_lost(reason)
        if day and day != reason.moment_on:
            reason.moment_on, reason.on = day, day - timedelta(weeks=reason.weeks_before or 0)
            reason.save(update_fields=["moment_on", "on"])
            moved.add(reason.recommendation_id)
    return moved


def _refuse_lost(reason: DatedReason) -> None:
    words = _(
        "Nothing was changed: the review of %(which)s is set before %(day)s, on which this moment would not "
        "fall any more. Remove that review date first."
    )
    day = date_format(reason.moment_on, "j M Y") if reason.moment_on else ""
    raise Refused(words % {"which": reason.recommendation.reference, "day": day})


@transaction.atomic
def drop_moment(*, actor: User, moment: Moment, now: datetime) -> None:
    """Delete a moment from the calendar, with the review dates before it that are open.

    Those that were answered stay as history, with its title. Raises: Refused.
    """
    _check_manager(actor)
    held = _hold((), moment)
    moment = _moment_now(moment, held)
    key, reasons = moment.pk, moment.dated_reasons.all()
    loses = set(reasons.still_open().values_list("recommendation", flat=True))
    moved = [one for one in held if one.pk in loses]
    reasons.still_open().delete()
    for reason in reasons.select_related("moment"):
        reason.what_for = reason.what
        reason.moment = reason.moment_on = reason.weeks_before = None
        reason.save(update_fields=["what_for", "moment", "moment_on", "weeks_before"])
    for recommendation in moved:
        follow_dates(recommendation)
    log.hold()
    moment.delete()
    for recommendation in moved:
        record_dates(recommendation, actor, now, moment=key)
    log.record(EventKind.MOMENT_KEPT, now=now, actor=actor, moment=key, dropped=True)


def _hold(about: Collection[Recommendation], moment: Moment | None = None) -> list[Recommendation]:
    """Lock the recommendations on which a moment will bear, and those with review dates before it.

    Rows come before the moment itself. Raises: Gone when one of the first is gone.
    """
    named = {one.pk for one in about}
    chosen = Q(pk__in=named)
    if moment:
        chosen |= Q(pk__in=DatedReason.objects.filter(moment=moment).values("recommendation"))
    rows = Recommendation.objects.filter(chosen).select_related("report")
    rows = rows.defer("report__source_bytes", "report__text")
    held = list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk"))
    if named - {one.pk for one in held}:
        raise Gone("recommendation")
    return held


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
