"""When the movement of an assessment is asked for, and against what (docs/domain.md, "Movement")."""

from datetime import datetime
from typing import Any, NamedTuple

from recommendations.choices import UpdateKind, UpdateState
from recommendations.rules.facts import AskFacts, RecommendationFacts, WrittenUpdate
from recommendations.rules.following import stood_at
from recommendations.rules.status import PartStatus, is_finding

# A recommendation as its model has it, with its report, for a page to name.
type Earlier = Any


class Baseline(NamedTuple):
    """A recommendation of an earlier report, and where it stood."""

    earlier: Earlier
    stood: PartStatus


def has_movement(update: WrittenUpdate) -> bool:
    """Say whether an assessment compares itself with something: an earlier assessment, or a baseline.

    What counts is what counted when it was submitted: of two first assessments that wait at a time
    neither becomes a second one by the approval of the other.
    """
    before = _before(update)
    is_second = is_assessed(update.recommendation, update.ask, besides=update.corrects, before=before)
    return is_second or bool(baseline_of(update))


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
        before: leave out what counts since then or later.
    """
    approved = recommendation.updates.in_force().filter(kind=UpdateKind.ASSESSMENT, ask=ask)
    if besides:
        approved = approved.exclude(pk=besides.pk)
    if before:
        approved = approved.filter(counts_at__lt=before)
    return bool(approved.exists())


def baseline_of(update: WrittenUpdate) -> Baseline | None:
    """Return the finding with which a first assessment is compared, or None."""
    before, whole = _before(update), update.recommendation
    if update.ask or is_assessed(whole, besides=update.corrects, before=before):
        return None
    return baseline(whole, before=before)


def baseline(recommendation: RecommendationFacts, *, before: datetime | None = None) -> Baseline | None:
    """Return the finding of an earlier report that is the baseline of this recommendation, or None.

    Args:
        before: leave out lines that were confirmed, and findings that counted, then or later.
    """
    found = last_year(recommendation, before=before)
    return found if found and found.stood.current and is_finding(found.stood.current) else None


def last_year(recommendation: RecommendationFacts, *, before: datetime | None = None) -> Baseline | None:
    """Return where the recommendation of an earlier report stood that makes the same demand, or None.

    That is as it stood when its report was closed, and until then as it stands. A confirmed line says that
    both are the same demand (``choices.SAME_DEMAND``). Of one that was split, last year's finding was about
    more than this part; where several were merged, there is no one finding.

    Args:
        before: leave out lines that were confirmed, and what counted, then or later.
    """
    line = recommendation.ancestors.of_the_same_demand(before).first()
    if line is None:
        return None
    ends = [moment for moment in (before, line.earlier.report.closed_at) if moment]
    return Baseline(line.earlier, stood_at(line.earlier, min(ends, default=None)).whole)


def _before(update: WrittenUpdate) -> datetime | None:
    return update.submitted_at if update.state == UpdateState.SUBMITTED else None
