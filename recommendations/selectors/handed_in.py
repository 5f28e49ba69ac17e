"""Who can decide on an update; and what somebody submitted, and with whom it waits.

Until that is decided, they are not reminded to log it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from recommendations.choices import OPEN_STATES, Sensitivity, UpdateState
from recommendations.models import Grant, StatusUpdate, User
from recommendations.selectors.unconfirmed import kept_apart

# More names than these are a number.
NAMED = 3


def tell_with_whom(updates: Sequence[StatusUpdate], now: datetime) -> None:
    """Write into each waiting update with whom it waits. Two statements, three where any is restricted.

    ``in_review_by`` is who has it in review, ``deciders`` are those who can decide on it otherwise, and
    ``are_many`` says that they are too many to be named. ``until_confirmed`` names those who could decide
    once an account was confirmed, where nobody else can.

    Args:
        updates: submitted ones, with their holders.
    """
    if not updates:
        return
    seen_by, apart = _reviewers_who_see(updates), kept_apart()
    for update in updates:
        update.in_review_by = update.held_by(now)
        others, kept_from = seen_by[update.pk], apart.get(update.author_id, set())
        update.deciders = [person for person in others if person.pk not in kept_from]
        update.until_confirmed = [] if update.deciders else others
        update.are_many = len(update.deciders) > NAMED


def lacks_reviewer(update: StatusUpdate) -> bool:
    """Say whether nobody who could decide on an open, restricted update can see it yet."""
    is_hidden = update.sensitivity == Sensitivity.RESTRICTED and update.state in OPEN_STATES
    return is_hidden and not _reviewers_who_see([update])[update.pk]


def _reviewers_who_see(updates: Sequence[StatusUpdate]) -> Mapping[int, list[User]]:
    """Return {update pk: the reviewers who can see it and did not write it, by name}.

    One statement, two where any is restricted.
    """
    reviewers = list(User.objects.reviewers().order_by("name", "pk"))
    let_in = _let_in([one for one in updates if one.sensitivity == Sensitivity.RESTRICTED])
    return {
        update.pk: [
            person
            for person in reviewers
            if person.pk != update.author_id
            and (update.sensitivity != Sensitivity.RESTRICTED or person.pk in let_in[update.pk])
        ]
        for update in updates
    }


def _let_in(restricted: Sequence[StatusUpdate]) -> Mapping[int, set[int]]:
    """Return {update pk: keys of the people let in on it}."""
    found = defaultdict(set)
    if restricted:
        for update, person in Grant.objects.filter(update__in=restricted).values_list("update", "person"):
            found[update].add(person)
    return found


def waiting_of(updates: Iterable[StatusUpdate], person: User, now: datetime) -> list[StatusUpdate]:
    """Return those of ``updates`` that ``person`` handed in and that wait, each with with whom."""
    theirs = [one for one in updates if one.author_id == person.pk and one.state == UpdateState.SUBMITTED]
    tell_with_whom(theirs, now)
    return theirs
