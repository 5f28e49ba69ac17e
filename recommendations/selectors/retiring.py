"""What retiring an ask would change, inside and outside; and what a second reviewer read of it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.models import Ask, Publication, Recommendation
from recommendations.rules.facts import AskFacts
from recommendations.rules.following import approved_of, asks_of
from recommendations.rules.publication import told_status
from recommendations.rules.status import DerivedStatus, PartStatus, derive_status, is_finding
from recommendations.selectors.published import with_status

# What ``told`` says of what is not told.
NOT_TOLD = ("", "")


@dataclass(frozen=True)
class Retiring:
    """Where a recommendation stands now, and where it would without an ask: inside, and as told outside."""

    ask: Ask
    now: DerivedStatus
    then: DerivedStatus
    told_now: DerivedStatus
    told_then: DerivedStatus

    @property
    def moves_inside(self) -> bool:
        """Whether the whole would have another status."""
        return self.now.whole.status != self.then.whole.status

    @property
    def is_told(self) -> bool:
        """Whether the status of the ask itself is told outside, and would be no more."""
        return self.told_now.by_ask[self.ask.pk].current is not None

    @property
    def moves_whole_outside(self) -> bool:
        """Whether something else would be told of the whole outside."""
        return told(self.told_now.whole) != told(self.told_then.whole)

    @property
    def takes_two(self) -> bool:
        """Whether a second reviewer has to confirm it, as in an approval."""
        return is_finding(self.ask) or self.moves_inside or self.is_told or self.moves_whole_outside

    @property
    def seen(self) -> str:
        """What stands for all that a person reads before they confirm: another, once any of it is changed."""
        ask = self.ask
        parts = [[part, *_said(status)] for part, status in sorted(self.now.by_ask.items())]
        told_parts = [[part, *_said(status)] for part, status in sorted(self.told_now.by_ask.items())]
        proposal = [
            ask.pk,
            ask.title,
            ask.retire_reason,
            ask.retire_proposed_by_id,
            str(ask.retire_proposed_at),
        ]
        wholes = [_said(one.whole) for one in (self.now, self.then, self.told_now, self.told_then)]
        state = json.dumps([proposal, parts, told_parts, wholes])
        return hashlib.sha256(state.encode()).hexdigest()[:32]


def retiring(ask: Ask) -> Retiring:
    """Return what retiring ``ask``, which counts, would change."""
    whole = ask.recommendation
    asks, _retired = asks_of(whole)
    left = [one for one in asks if one.pk != ask.pk]
    approved = approved_of(whole)
    published = _published(whole)
    return Retiring(
        ask,
        derive_status(approved, asks),
        derive_status(approved, left),
        told_status(approved, published, asks),
        told_status(approved, published, left),
    )


def told_with(recommendation: Recommendation, asks: Iterable[AskFacts]) -> PartStatus:
    """Return the status of the whole that is told outside while these asks count."""
    return told_status(approved_of(recommendation), _published(recommendation), list(asks)).whole


def _published(recommendation: Recommendation) -> set[int]:
    acts = Publication.objects.published().filter(update__recommendation=recommendation)
    return with_status(dict(acts.order_by().values_list("update", "extent")))


def told(part: PartStatus) -> tuple[str, str]:
    """Return what is told of a part: (status, day), empty where nothing is."""
    return (part.status, str(part.current.as_of)) if part.current else NOT_TOLD


def _said(part: PartStatus) -> list[object]:
    return [part.status, part.current.pk if part.current else None]
