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
    found: defaultdict[int, set[int]] = defaultdict(set)
    for person, by in AccountChange.objects.keeping_apart().values_list("person", "by"):
        found[person].add(by)
        found[by].add(person)
    return found


def apart_from(user: User) -> dict[int, Apart]:
    """Return {pk of an author: the ``Apart`` for which their updates wait, as far as ``user`` is asked}.

    One statement; one more for each account.
    """
    changes = AccountChange.objects.keeping_apart().filter(Q(person=user) | Q(by=user))
    return {
        change.by_id if change.person_id == user.pk else change.person_id: Apart(
            change.person,
            list(second_managers(change.person_id, change.by_id, change.by_id)[:NAMED]),
        )
        for change in changes.select_related("person")
    }
