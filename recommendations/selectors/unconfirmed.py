"""Who cannot decide on whose updates until a second manager confirms an account (``accounts.oversight``)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from recommendations.models import AccountChange, User
from recommendations.models.accounts import second_managers

# More names than these are of no use.
NAMED = 3


@dataclass(frozen=True)
class Apart:
    """What two people wait for: one of ``confirmers`` has to confirm the account of ``person``."""

    person: User
    confirmers: list[User]


def kept_apart() -> Mapping[int, set[int]]:
    """Return {pk of a person: keys of the people on whose updates they cannot decide}. One statement."""
    hands: defaultdict[int, set[int]] = defaultdict(set)
    for person, by in AccountChange.objects.keeping_apart().values_list("person", "by"):
        hands[by] |= {person, by}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for hand in hands.values():
        for one in hand:
            found[one] |= hand - {one}
    return found


def apart_from(user: User) -> dict[int, Apart]:
    """Return {pk of an author: the ``Apart`` for which their updates wait, as far as ``user`` is asked}.

    One statement; one more for each account.
    """
    apart = AccountChange.objects.keeping_apart()
    makers = apart.filter(person=user).values("by")
    changes = list(apart.filter(Q(by=user) | Q(by__in=makers)).select_related("person"))
    waits = {change.pk: _waits(change) for change in changes if user.pk in (change.person_id, change.by_id)}
    found = {}
    for own in changes:
        if own.by_id == user.pk:
            found[own.person_id] = waits[own.pk]
        elif own.person_id == user.pk:
            hand = {own.by_id, *(one.person_id for one in changes if one.by_id == own.by_id)} - {user.pk}
            found |= dict.fromkeys(hand, waits[own.pk])
    return found


def _waits(change: AccountChange) -> Apart:
    confirmers = second_managers(change.person_id, change.by_id, change.by_id)
    return Apart(change.person, list(confirmers[:NAMED]))
