"""What a withdrawal would leave outside: an older published status can stand again."""

from recommendations.choices import Extent
from recommendations.models import Publication, StatusUpdate
from recommendations.rules.following import approved_of, asks_of
from recommendations.rules.publication import told_status
from recommendations.rules.status import DerivedStatus


def standing_again(update: StatusUpdate) -> list[Publication]:
    """Return what would stand outside again, with its day, once the status of ``update`` is withdrawn.

    The first is what would stand then, the second what would stand once that is withdrawn too, and so on.
    """
    whole = update.recommendation
    acts = Publication.objects.published().filter(
        extent=Extent.WORDS_AND_STATUS, update__recommendation=whole
    )
    published = {act.update_id: act for act in acts.select_related("update__ask")}
    if update.pk not in published:
        return []
    approved, asks = approved_of(whole), asks_of(whole)[0]
    found: list[Publication] = []
    gone = update.pk
    while gone in published:
        before = told_status(approved, published, asks)
        del published[gone]
        gone = _stands_instead(before, told_status(approved, published, asks), update.ask_id)
        if gone in published:
            found.append(published[gone])
    return found


def _stands_instead(before: DerivedStatus, after: DerivedStatus, ask: int | None) -> int:
    """Return the update about the same whole or ask that gives the status told now, and did not; else 0."""
    parts = [(before.whole, after.whole), *((before.by_ask[pk], after.by_ask[pk]) for pk in before.by_ask)]
    for old, new in parts:
        if (
            new.current
            and new.current.ask_id == ask
            and (not old.current or old.current.pk != new.current.pk)
        ):
            return new.current.pk
    return 0
