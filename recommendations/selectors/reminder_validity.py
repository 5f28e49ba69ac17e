"""Whether what reminders are about is still so when they are sent; ``reminder_planner`` says what is due."""

from collections import defaultdict

from django.db.models import Exists, OuterRef

from recommendations.choices import Role, UpdateState
from recommendations.models import MailItem, StatusUpdate, User
from recommendations.rules import dates

# What is asked of what a reminder is about: whose it is, and where it stands. Plain values, since making
# rows of them for every mail would take longer than sending some.
ASKED = (
    *("mail", "recipient", "since", "recommendation", "update", "advocacy"),
    *(f"recommendation__{name}" for name in ("owner", "deputy", "next_review_on")),
    "recommendation__report__closed_at",
    *(f"update__{name}" for name in ("author", "state")),
    *(f"advocacy__{name}" for name in ("author", "next_owner", "next_on", "done_at")),
    "handed_in",
)


class StillDue:
    """What reminders are about, as that stands now; read for all of them at once.

    Args:
        mails: the reminders.
    """

    def __init__(self, mails):
        self._items, first_in_turn = defaultdict(list), set()
        silencing = StatusUpdate.objects.silencing()
        theirs = silencing.filter(author=OuterRef("recipient"), recommendation=OuterRef("recommendation"))
        told = MailItem.objects.filter(mail__in=mails, superseded=False).annotate(handed_in=Exists(theirs))
        for item in told.values_list(*ASKED, named=True):
            self._items[item.mail].append(item)
            # Who else answers for it is asked only where somebody else is told.
            turns = _turns(item)
            if item.recipient not in turns:
                first_in_turn.update(turns)
        there = User.objects.writers().filter(pk__in=first_in_turn)
        self._there = {one.pk: one for one in there.only("time_zone", "away_from", "away_until")}

    def is_any_open(self, mail, person, now):
        """Say whether anything that a mail is about is still so, and still the person's to be told of.

        Args:
            mail: one of the reminders.
            person: who is told.
            now: the clock.
        """
        return any(self._is_open(item, person, now) for item in self._items[mail.pk])

    def _is_open(self, item, person, now):
        if item.advocacy:
            return self._is_step_open(item, person)
        if not item.recommendation or item.recommendation__report__closed_at:
            return False
        if item.update is None:
            is_due = item.recommendation__next_review_on == item.since and not item.handed_in
            return is_due and self._is_told(item, person, now)
        if item.update__author == person.pk:
            is_lying = item.update__state in (UpdateState.RETURNED, UpdateState.DRAFT)
            return is_lying and person.has_role(Role.CONTRIBUTOR)
        return StatusUpdate.objects.decidable_by(person).filter(pk=item.update).exists()

    def _is_step_open(self, item, person):
        """Say whether a next step is a person's: who takes it, or its author once the other left."""
        if item.advocacy__done_at or item.advocacy__next_on != item.since:
            return False
        if not person.has_role(Role.CONTRIBUTOR):
            return False
        if item.advocacy__next_owner == person.pk:
            return True
        return item.advocacy__author == person.pk and item.advocacy__next_owner not in self._there

    def _is_told(self, item, person, now):
        """Say whether a review is a person's: as owner or deputy, or a reviewer's where late or nobody's."""
        turns = _turns(item)
        if person.pk in turns:
            return person.has_role(Role.CONTRIBUTOR)
        if not person.has_role(Role.REVIEWER):
            return False
        there = [self._there[pk] for pk in turns if pk in self._there]
        is_answered_for = any(not one.is_away(one.today(now)) for one in there)
        return dates.is_escalated(item.since, person.today(now)) or not is_answered_for


def _turns(item):
    """Return whose turn it is before others are told: of a review owner and deputy, of a step who takes it.

    Of an update it is whoever is told: who wrote it, or who reviews.
    """
    if item.advocacy:
        return {item.advocacy__next_owner}
    if item.update or not item.recommendation:
        return {item.recipient}
    return {item.recommendation__owner, item.recommendation__deputy} - {None}
