"""When a recommendation is reviewed: every open date with its source, and the dates that were answered."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from recommendations.models import DatedReason, Recommendation, StatusUpdate, User


@dataclass(frozen=True, slots=True)
class ReviewDate:
    """A day on which a recommendation is to be reviewed, and why.

    ``reason`` is None for the day that follows from the interval.
    """

    on: date
    words: str
    is_next: bool
    reason: DatedReason | None = None


@dataclass(frozen=True, slots=True)
class AnsweredDate:
    """A review date that was answered, as of which day, and by which update if the reader can see it."""

    reason: DatedReason
    as_of: date
    update: StatusUpdate | None


def open_dates(recommendation: Recommendation) -> list[ReviewDate]:
    """Return the open dates of a recommendation, the earliest first. One statement."""
    due, days = recommendation.next_review_on, recommendation.interval_days
    by_interval = (recommendation.answered_on or recommendation.imported_on) + timedelta(days=days)
    words = _("%(days)s days after the import: nobody has looked at it since")
    if recommendation.answered_on:
        words = _("%(days)s days after it was last looked at")
    dates = [ReviewDate(by_interval, words % {"days": days}, by_interval == due)]
    for reason in recommendation.dated_reasons.still_open().select_related("moment", "set_by"):
        dates.append(ReviewDate(reason.on, reason.words, reason.on == due, reason))
    return sorted(dates, key=lambda one: one.on)


def answered_dates(recommendation: Recommendation, person: User) -> list[AnsweredDate]:
    """Return the dates that were answered, the latest first. Two statements."""
    reasons = list(
        recommendation.dated_reasons.answered()
        .select_related("moment", "set_by", "answered_by")
        .order_by("-on", "-pk")
    )
    named = {reason.answered_by_id for reason in reasons}
    seen = StatusUpdate.objects.visible_to(person).in_bulk(named)
    return [
        AnsweredDate(reason, reason.answered_by.as_of, seen.get(reason.answered_by_id))
        for reason in reasons
        if reason.answered_by
    ]
