"""When the movement of an assessment is asked for (docs/domain.md, "Movement")."""

from datetime import datetime

from recommendations.choices import UpdateKind, UpdateState
from recommendations.rules.facts import AskFacts, RecommendationFacts, WrittenUpdate


def has_movement(update: WrittenUpdate) -> bool:
    """Say whether an assessment compares itself with an earlier one.

    What counts is what had been approved when it was submitted: of two first assessments that wait at a time
    neither becomes a second one by the approval of the other.
    """
    before = update.submitted_at if update.state == UpdateState.SUBMITTED else None
    return is_assessed(update.recommendation, update.ask, besides=update.corrects, before=before)


def is_assessed(
    recommendation: RecommendationFacts,
    ask: AskFacts | None = None,
    *,
    besides: WrittenUpdate | None = None,
    before: datetime | None = None,
) -> bool:
    """Say whether an assessment that stands was approved of this very thing: the whole, or one ask.

    The status of the whole says nothing of one ask alone, so that nothing moved from the one to the other.

    Args:
        besides: one that is left out, since its correction takes its place.
        before: leave out what was approved then or later.
    """
    approved = recommendation.updates.in_force().filter(kind=UpdateKind.ASSESSMENT, ask=ask)
    if besides:
        approved = approved.exclude(pk=besides.pk)
    if before:
        approved = approved.filter(approved_at__lt=before)
    return bool(approved.exists())
