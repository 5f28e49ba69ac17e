"""Where a recommendation stands: what follows from its approved updates, and from nothing else."""

from recommendations.choices import Status, UpdateKind
from recommendations.dates import next_review_on, one_off_answered


def standing_of(recommendation):
    """Return the fields that follow from a recommendation's approved updates, and from nothing else.

    Among approved, not corrected assessments the latest as-of date decides, ties by approval time; a
    check verifies without moving the status (domain, rule 4 and "Which update is current").
    """
    standing = recommendation.updates.filter(ask=None).standing().newest_first()
    current = standing.filter(kind=UpdateKind.ASSESSMENT).first()
    latest = recommendation.updates.standing().newest_first().first()
    last_verified_on = latest.as_of if latest else None
    one_off_on = recommendation.one_off_on
    if one_off_on and one_off_answered(one_off_on, last_verified_on):
        one_off_on = None
    return {
        "current_update": current,
        "status": current.status if current else Status.NOT_ASSESSED,
        "confidence": current.confidence if current else "",
        "direction": current.direction if current else "",
        "last_verified_on": last_verified_on,
        "one_off_on": one_off_on,
        "next_review_on": next_review_on(
            last_verified_on=last_verified_on,
            tracked_from=recommendation.imported_on,
            interval_days=recommendation.interval_days,
            one_off_on=one_off_on,
        ),
    }
