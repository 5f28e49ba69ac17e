"""Whether what reminders say is still true when they are sent; ``reminder_planner`` says what is due."""

from collections import defaultdict
from collections.abc import Collection, Container
from datetime import date, datetime
from typing import Protocol

from django.db.models import Exists, OuterRef

from recommendations.choices import Role, UpdateState
from recommendations.models import Mail, MailItem, StatusUpdate, User
from recommendations.rules import dates


class Asked(Protocol):
    """The facts about the subject of a reminder: whose it is, and in which state it is.

    Plain values, since making model rows for every mail would take longer than sending some mails.
    """

    mail: int
    recipient: int
    since: date
    recommendation: int | None
    recommendation__owner: int | None
    recommendation__deputy: int | None
    recommendation__reviewer: int | None
    recommendation__next_review_on: date | None
    recommendation__report__closed_at: datetime | None
    recommendation__gone_since: int | None
    update: int | None
    update__author: int | None
    update__state: str | None
    advocacy: int | None
    advocacy__author: int | None
    advocacy__next_owner: int | None
    advocacy__next_on: date | None
    advocacy__done_at: datetime | None
    handed_in: bool


ASKED = tuple(Asked.__annotations__)


class StillDue:
    """The subjects of reminders as they are now, read for all of them at once."""

    def __init__(self, mails: Collection[Mail]) -> None:
        self._items: defaultdict[int, list[Asked]] = defaultdict(list)
        first_in_turn: set[int] = set()
        silencing = StatusUpdate.objects.silencing()
        theirs = silencing.filter(author=OuterRef("recipient"), recommendation=OuterRef("recommendation"))
        told = MailItem.objects.filter(mail__in=mails, superseded=False).annotate(handed_in=Exists(theirs))
        for item in told.values_list(*ASKED, named=True):
            self._items[item.mail].append(item)
            # Who else answers for it is asked only where somebody else is told.
            turns = _turns(item)
            if item.recipient not in turns:
                first_in_turn.update(turns)
        items = [item for of_one in self._items.values() for item in of_one]
        self._reviewers = reviewers_among({item.recommendation__reviewer for item in items})
        there = User.objects.writers().filter(pk__in=first_in_turn)
        self._there = {one.pk: one for one in there.only("time_zone", "away_from", "away_until")}

    def is_any_open(self, mail: Mail, person: User, now: datetime) -> bool:
        """Say whether anything that a mail is about is still true, and still concerns the person."""
        return any(self._is_open(item, person, now) for item in self._items[mail.pk])

    def _is_open(self, item: Asked, person: User, now: datetime) -> bool:
        if item.advocacy:
            return self._is_step_open(item, person)
        if not item.recommendation or item.recommendation__report__closed_at:
            return False
        if item.update is None:
            is_due = item.recommendation__next_review_on == item.since and not item.handed_in
            is_due = is_due and item.recommendation__gone_since is None
            return is_due and self._is_told(item, person, now)
        if item.update__author == person.pk:
            is_lying = item.update__state in (UpdateState.RETURNED, UpdateState.DRAFT)
            return is_lying and person.has_role(Role.CONTRIBUTOR)
        return StatusUpdate.objects.decidable_by(person).filter(pk=item.update).exists()

    def _is_step_open(self, item: Asked, person: User) -> bool:
        """Say whether a next step concerns a person: who takes it, or its author once the other has left."""
        if item.advocacy__done_at or item.advocacy__next_on != item.since:
            return False
        if not person.has_role(Role.CONTRIBUTOR):
            return False
        if item.advocacy__next_owner == person.pk:
            return True
        return item.advocacy__author == person.pk and item.advocacy__next_owner not in self._there

    def _is_told(self, item: Asked, person: User, now: datetime) -> bool:
        """Say whether a review is a person's: as owner or deputy, or a reviewer's where late or nobody's."""
        turns = _turns(item)
        if person.pk in turns:
            return person.has_role(Role.CONTRIBUTOR)
        if not person.has_role(Role.REVIEWER):
            return False
        there = [self._there[pk] for pk in turns if pk in self._there]
        is_answered_for = any(not one.is_away(one.today(now)) for one in there)
        is_first = told_first(person.pk, item.recommendation__reviewer, self._reviewers)
        return dates.is_escalated(item.since, person.today(now), is_first=is_first) or not is_answered_for


def reviewers_among(named: set[int | None]) -> set[int]:
    """Return those who review, among the reviewers that recommendations name. No statement without any."""
    some = {pk for pk in named if pk}
    return set(User.objects.reviewers().filter(pk__in=some).values_list("pk", flat=True)) if some else set()


def told_first(person: int, named: int | None, reviewers: Container[int]) -> bool:
    """Say whether a reviewer is told first of a review that is long overdue.

    Args:
        named: the reviewer of the recommendation; one who reviews no more stands for nobody.
        reviewers: who reviews.
    """
    return person == named or named not in reviewers


def _turns(item: Asked) -> set[int]:
    """Return who is told before others: owner and deputy of a review, the person who takes a step.

    For an update, these are its author or the reviewers.
    """
    if item.advocacy:
        turns = [item.advocacy__next_owner]
    elif item.update or not item.recommendation:
        turns = [item.recipient]
    else:
        turns = [item.recommendation__owner, item.recommendation__deputy]
    return {pk for pk in turns if pk}
