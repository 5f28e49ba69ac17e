"""Which updates of a recommendation with asks would move the whole of it, told for a whole list at once."""

from collections import defaultdict
from collections.abc import Sequence

from recommendations.models import Ask, StatusUpdate
from recommendations.rules.status import FACTS, derive_status


def tell_whole_moves(updates: Sequence[StatusUpdate]) -> None:
    """Write into each waiting update where the whole would stand, if it has asks (``whole_then``).

    Empty where it would stay, and where it has no asks; of a restricted one it is what would be if it counts.
    Two statements, none where no update is about a recommendation with asks.

    Args:
        updates: submitted ones, with their recommendations.
    """
    of_split = [one for one in updates if one.ask_id or one.recommendation.split]
    approved, asks = _read({one.recommendation_id for one in of_split}) if of_split else ({}, {})
    for update in updates:
        update.whole_then = ""
    for update in of_split:
        whole = update.recommendation_id
        then = derive_status([*approved.get(whole, []), update], asks.get(whole, [])).whole.status
        update.whole_then = then if then != update.recommendation.status else ""


def _read(wholes: set[int]) -> tuple[dict[int, list[StatusUpdate]], dict[int, list[Ask]]]:
    """Return ({recommendation: approved updates that count}, {recommendation: asks that count})."""
    approved: defaultdict[int, list[StatusUpdate]] = defaultdict(list)
    for one in StatusUpdate.objects.counting().filter(recommendation__in=wholes).only(*FACTS):
        approved[one.recommendation_id].append(one)
    asks: defaultdict[int, list[Ask]] = defaultdict(list)
    for ask in Ask.objects.filter(recommendation__in=wholes, retired_at=None).order_by("start"):
        asks[ask.recommendation_id].append(ask)
    return approved, asks
