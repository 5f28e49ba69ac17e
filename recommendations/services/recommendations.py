"""What reviewers set on a recommendation: who owns it, when it is reviewed, what we call it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.audit import log
from recommendations.choices import EventKind, Role
from recommendations.errors import Refused
from recommendations.models import Recommendation, User
from recommendations.models.locking import locked
from recommendations.rules.conflicts import merged, values_of
from recommendations.rules.dates import next_review_on, one_off_answered
from recommendations.rules.facts import FurtherDate


def _locked_for(actor: User, recommendation: Recommendation) -> Recommendation:
    if not actor.has_role(Role.REVIEWER):
        raise Refused(_("Only reviewers and managers can change owners, dates and titles."))
    return locked(recommendation)


def _merged(
    recommendation: Recommendation, actor: User, kind: EventKind, seen: Mapping[str, str] | None, **given: Any
) -> dict[str, Any]:
    """Return the values to write; somebody else's change stays where this person changed nothing."""
    return merged(
        given,
        current=values_of(recommendation, given),
        seen=seen,
        by=lambda: log.last_actor(kind, recommendation=recommendation),
        actor=actor,
    )


class People(TypedDict, total=False):
    """Who answers for a recommendation; None for nobody."""

    owner: User | None
    deputy: User | None
    reviewer: User | None


# The role that each of them needs at least, and the sentence for who has not got it.
NEEDS = {
    "owner": (Role.CONTRIBUTOR, gettext_lazy("%(name)s cannot write updates.")),
    "deputy": (Role.CONTRIBUTOR, gettext_lazy("%(name)s cannot write updates.")),
    "reviewer": (Role.REVIEWER, gettext_lazy("%(name)s cannot review updates.")),
}


@transaction.atomic
def assign(
    *,
    recommendation: Recommendation,
    actor: User,
    now: datetime,
    seen: Mapping[str, str] | None = None,
    **people: Unpack[People],
) -> Recommendation:
    """Name the owner, the deputy, and the reviewer who is told first when a review is long overdue.

    Args:
        people: those to name; who is left out stays.
        seen: here and below, what the form showed, for ``conflicts.merged``.

    Raises: Refused when the actor is not allowed to; EditConflict; ValidationError per
    field.
    """
    recommendation = _locked_for(actor, recommendation)
    given = _merged(recommendation, actor, EventKind.ASSIGNED, seen, **people)
    if given == values_of(recommendation, given):
        return recommendation
    for name, person in given.items():
        setattr(recommendation, name, person)
        role, sentence = NEEDS[name]
        if person and not person.has_role(role):
            raise ValidationError({name: sentence % {"name": person}})
    if recommendation.owner and recommendation.owner == recommendation.deputy:
        raise ValidationError({"deputy": _("The deputy must be somebody other than the owner.")})
    recommendation.save(update_fields=list(given))
    named = {name: getattr(recommendation, f"{name}_id") for name in NEEDS}
    log.record(EventKind.ASSIGNED, now=now, actor=actor, recommendation=recommendation, **named)
    return recommendation


@transaction.atomic
def reschedule(
    *,
    recommendation: Recommendation,
    actor: User,
    interval_days: int,
    one_off_on: date | None,
    now: datetime,
    taken_out: Collection[str] = (),
    seen: Mapping[str, str] | None = None,
) -> Recommendation:
    """Set the review interval in days, and a one-off review date or None.

    Args:
        taken_out: further dates that are removed, as ``name_of_date`` names them.

    Raises: Refused when the actor is not allowed to; EditConflict; ValidationError for a
    date past.
    """
    recommendation = _locked_for(actor, recommendation)
    given: dict[str, Any] = {"interval_days": interval_days, "one_off_on": one_off_on}
    dates = _merged(recommendation, actor, EventKind.RESCHEDULED, seen, **given)
    interval_days, one_off_on = dates["interval_days"], dates["one_off_on"]
    kept = [one for one in recommendation.further_dates if name_of_date(one=one) not in taken_out]
    before = (recommendation.interval_days, recommendation.one_off_on, recommendation.further_dates)
    if before == (interval_days, one_off_on, kept):
        return recommendation
    if one_off_on and one_off_on != recommendation.one_off_on and one_off_on < actor.today(now):
        raise ValidationError({"one_off_on": _("This date is in the past. Enter today or a later date.")})
    recommendation.interval_days, recommendation.one_off_on = interval_days, one_off_on
    return _with_dates(recommendation, kept, actor, now)


@transaction.atomic
def add_date(
    *, recommendation: Recommendation, actor: User, on: date, before: str, now: datetime
) -> Recommendation:
    """Add a date by which a recommendation is reviewed. It does not replace the others; the earliest counts.

    Args:
        before: what it is for, such as the title of a moment; can be empty.

    Returns: the recommendation, unchanged if it already has this date. Raises: Refused when the
    actor may not; ValidationError for a past date, or one whose review is already done.
    """
    recommendation = _locked_for(actor, recommendation)
    if on < actor.today(now):
        raise ValidationError({"one_off_on": _("This date is in the past. Enter today or a later date.")})
    answered = recommendation.answered_on
    if answered and one_off_answered(on, answered):
        words = _("It was looked at on %(day)s, so this review is already done.")
        raise ValidationError({"one_off_on": words % {"day": date_format(answered, "j M Y")}})
    new = {"on": on.isoformat(), "before": before}
    if new in recommendation.further_dates:
        return recommendation
    dates = sorted([*recommendation.further_dates, new], key=lambda one: (one["on"], one["before"]))
    return _with_dates(recommendation, dates, actor, now, added=new["on"])


def name_of_date(*, one: FurtherDate) -> str:
    """Return the text that identifies one of the further dates."""
    return f"{one['on']} {one['before']}".strip()


def _with_dates(
    recommendation: Recommendation, further: list[FurtherDate], actor: User, now: datetime, **said: Any
) -> Recommendation:
    recommendation.further_dates = further
    recommendation.next_review_on = next_review_on(
        answered_on=recommendation.answered_on,
        tracked_from=recommendation.imported_on,
        interval_days=recommendation.interval_days,
        one_off_on=recommendation.one_off_on,
        further=further,
    )
    recommendation.save(update_fields=["interval_days", "one_off_on", "further_dates", "next_review_on"])
    log.record(
        EventKind.RESCHEDULED,
        now=now,
        actor=actor,
        recommendation=recommendation,
        interval_days=recommendation.interval_days,
        next_review_on=recommendation.next_review_on.isoformat(),
        **said,
    )
    return recommendation


@transaction.atomic
def retitle(
    *,
    recommendation: Recommendation,
    actor: User,
    short_title: str,
    pillar: str,
    now: datetime,
    nature: str = "",
    seen: Mapping[str, str] | None = None,
) -> Recommendation:
    """Set the short title, the pillar and the nature, which are ours; the verbatim text is never changed.

    Args:
        nature: of ``Nature``; empty leaves it.

    Raises: Refused when the actor is not allowed to; EditConflict; ValidationError when
    empty.
    """
    recommendation = _locked_for(actor, recommendation)
    given = {"short_title": short_title, "pillar": pillar, "nature": nature or recommendation.nature}
    before = values_of(recommendation, given)
    kinds = (EventKind.RETITLED, EventKind.NATURE_CHANGED)
    by = partial(log.last_actor, *kinds, recommendation=recommendation)
    after = merged(given, current=before, seen=seen, by=by, actor=actor)
    if not after["short_title"].strip():
        raise ValidationError({"short_title": _("Enter a short title.")})
    for name, value in after.items():
        setattr(recommendation, name, value)
    recommendation.save(update_fields=list(after))
    record = partial(log.record, now=now, actor=actor, recommendation=recommendation)
    if (before["short_title"], before["pillar"]) != (after["short_title"], after["pillar"]):
        title = {"before": before["short_title"], "after": after["short_title"]}
        record(EventKind.RETITLED, **title, pillar=after["pillar"])
    if before["nature"] != after["nature"]:
        record(EventKind.NATURE_CHANGED, before=before["nature"], after=after["nature"])
    return recommendation
