"""What kind of step it is from an old wording to a new one."""

from recommendations.choices import LineageKind

from .terms import Item, Weights

# Measured against what both wordings share: what one side adds makes it wider from here on, ...
ADDED = 0.8
# ... from here on if a further act is in it, ...
ADDED_ACT = 0.3
# ... and if the other side has no more than this of its own.
LEFT = 0.2


def kind_of(old: Item, new: Item, weights: Weights) -> LineageKind:
    """Return how the new wording relates to the old one, of which it is known that they are one demand."""
    if old.broken or new.broken:
        return LineageKind.NOT_KNOWN
    if old.key == new.key:
        return LineageKind.SAME
    if _is_wider(new, old, weights):
        return LineageKind.WIDENED
    if _is_wider(old, new, weights):
        return LineageKind.NARROWED
    return LineageKind.REWORDED


def _is_wider(one: Item, other: Item, weights: Weights) -> bool:
    """Tell whether one wording asks for what the other asks for, and for clearly more."""
    both = weights.sum(one.terms & other.terms)
    added = weights.sum(one.plain - other.terms)
    left = weights.sum(other.plain - one.terms)
    enough = ADDED_ACT if one.acts - other.terms else ADDED
    return left <= LEFT * both and added >= enough * both
