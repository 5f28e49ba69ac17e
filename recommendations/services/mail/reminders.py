"""Queueing at most one reminder a day for each person.

Each day with something new to say has one row for each person concerned, whatever became of it: queued, held
back because they are away or have paused reminders, or expired because nothing ran and a later day says more.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict

from django.utils.translation import gettext as _

from recommendations.choices import MailKind, MailState, ReminderChoice
from recommendations.errors import Refused
from recommendations.mail import messages, outbox
from recommendations.mail.messages import Letter
from recommendations.models import Heartbeat, MailItem, User
from recommendations.rules.dates import is_working_day, local_morning, morning_has_come
from recommendations.selectors import reminder_history
from recommendations.selectors.audience import pages_of_members
from recommendations.selectors.due_items import DueItem
from recommendations.selectors.mailing import day_words, pause_words
from recommendations.selectors.reminder_planner import ReminderPlanner
from recommendations.selectors.reminder_words import news_of

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

logger = logging.getLogger(__name__)

# Later it would tell of a day that is over.
USEFUL_FOR = timedelta(hours=48)
# Days further back get no row of their own: nobody asks why they were not reminded then.
LOOK_BACK = timedelta(days=7)


class Asked(TypedDict):
    """What is read about a member beside their row: the day of the latest recorded reminder."""

    reminded_on: str | None


type Member = WithAnnotations[User, Asked]


@dataclass
class DailyReminder:
    """Everything that one person is reminded of on one day; ``pause`` says why they are not reminded."""

    person: User
    day: date
    due_items: list[DueItem]
    pause: str = ""
    missed: dict[date, list[DueItem]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The key of the one mail of this person and day."""
        return reminder_key(person=self.person, day=self.day)

    @property
    def fresh(self) -> list[DueItem]:
        """The due items that have reached a stage that the person was not told about."""
        return [due_item for due_item in self.due_items if due_item.fresh]

    @property
    def is_due(self) -> bool:
        """Whether there is something new to say, or to record as held back."""
        return any(due_item.unrecorded if self.pause else due_item.fresh for due_item in self.due_items)

    @property
    def news(self) -> str:
        """What the mail says in a few words."""
        return news_of(self.due_items, self.day)


def reminder_key(*, person: User, day: date) -> str:
    """Return the key of the one reminder of a person and day."""
    return f"bundle:{person.pk}:{day.isoformat()}"


def plan(*, now: datetime) -> Iterator[DailyReminder]:
    """Yield the reminders that are due now and not yet queued, person by person; writes nothing.

    A person is reminded when something has reached a new stage, and then of everything that is due. However
    long nothing ran, only the newest stage of each thing is told, once.
    """
    members = User.objects.with_rank().annotate(reminded_on=reminder_history.latest_period())
    members = members.exclude(reminders=ReminderChoice.NONE)
    planner, ran_at = None, None
    for page in pages_of_members(members):
        people = {person.pk: person for person in page if _is_to_be_asked(person, now)}
        if not people:
            continue
        if planner is None:
            planner, ran_at = ReminderPlanner(now), _ran_at()
        due_items = planner.due_items_of(people)
        reminder_history.mark(due_items, people, now)
        # By key, so that those with much to be told are spread over the batches; let go of when written.
        for pk in sorted(due_items):
            found, today = due_items.pop(pk), people[pk].today(now)
            reminder = DailyReminder(people[pk], today, found, pause_words(people[pk], today))
            if reminder.is_due:
                reminder.missed = _missed(reminder, ran_at)
                yield reminder


def _is_to_be_asked(person: Member, now: datetime) -> bool:
    """Say whether a row for today can be queued for a person: a working morning, and no row yet."""
    today = person.today(now)
    return (
        is_working_day(today, person.working_days)
        and morning_has_come(now, person.zone)
        and (person.reminded_on or "") < today.isoformat()
    )


def _ran_at() -> datetime | None:
    """Return when a tick last finished; None if never."""
    return Heartbeat.objects.filter(name="tick").values_list("at", flat=True).first()


def _missed(reminder: DailyReminder, ran_at: datetime | None) -> dict[date, list[DueItem]]:
    """Return {day: [due item as it was]} of the stages that were not told because nothing ran on their day.

    They are removed from what the reminder itself records as overtaken.
    """
    missed = defaultdict(list)
    for due_item in [] if reminder.pause else reminder.fresh:
        for stage in list(due_item.overtaken):
            day = _day_meant(reminder.person, stage.on, reminder.day)
            # One that never ran before has missed nothing.
            nothing_ran = ran_at is not None and ran_at < local_morning(day, reminder.person.zone)
            if nothing_ran and reminder.day - LOOK_BACK <= day < reminder.day:
                missed[day].append(due_item.as_on(day, stage))
                due_item.overtaken.remove(stage)
    return missed


def _day_meant(person: User, reached_on: date, today: date) -> date:
    """Return the day on which a stage should have been told: the first working day without a pause."""
    day = reached_on
    while day < today and (not is_working_day(day, person.working_days) or pause_words(person, day)):
        day += timedelta(days=1)
    return day


def queue_reminders(*, now: datetime) -> int:
    """Queue the reminders that are due. Running it twice, or twice at once, queues nothing twice.

    Returns: how many mails were queued, without those held back.

    Raises: Refused at the end, when a mail could not be written; all others are queued all the same.
    """
    unwritten: list[str] = []
    queued, broken = outbox.enqueue_all(_written(plan(now=now), unwritten), now)
    broken += len(unwritten)
    if broken:
        raise Refused(f"Reminders that could not be written: {broken}; the log says why.")
    return queued


def _written(reminders: Iterable[DailyReminder], unwritten: list[str]) -> Iterator[list[outbox.QueuedMail]]:
    """Yield the rows of each reminder; note the key of one that cannot be written."""
    for reminder in reminders:
        try:
            rows = _rows(reminder)
        except Exception:
            # One person's trouble must not keep the others from their deadlines.
            logger.exception("The reminder %s cannot be written.", reminder.key)
            unwritten.append(reminder.key)
        else:
            yield rows


def _rows(reminder: DailyReminder) -> list[outbox.QueuedMail]:
    """Return what is queued for a reminder: its mail first, then a row for each day that was missed."""
    if reminder.pause:
        return [_held_back(reminder)]
    fresh = reminder.fresh
    items = [due_item.item(due_item.stages[-1]) for due_item in fresh]
    items += [due_item.item(stage, superseded=True) for due_item in fresh for stage in due_item.overtaken]
    mail = outbox.QueuedMail(
        key=reminder.key,
        kind=MailKind.REMINDER,
        recipient=reminder.person,
        letter=messages.reminder(reminder.person, reminder.due_items, reminder.day),
        useful_for=USEFUL_FOR,
        items=items,
        replaces={pk for due_item in fresh for pk in due_item.waiting_mails},
        replaced_because=_("It could not be sent in time. The reminder of %(day)s replaces it.")
        % {"day": day_words(reminder.day)},
        fields={"period": reminder.day.isoformat()},
    )
    return [mail, *(_missed_row(reminder, day, due_items) for day, due_items in reminder.missed.items())]


def _held_back(reminder: DailyReminder) -> outbox.QueuedMail:
    unrecorded = [due_item for due_item in reminder.due_items if due_item.unrecorded]
    items = [due_item.item(due_item.stages[-1]) for due_item in unrecorded]
    return _blank(reminder, reminder.day, unrecorded, items, MailState.SUPPRESSED, reminder.pause)


def _missed_row(reminder: DailyReminder, day: date, due_items: Sequence[DueItem]) -> outbox.QueuedMail:
    items = [due_item.item(due_item.stages[-1], superseded=True) for due_item in due_items]
    reason = _("The background jobs did not run on that day. The reminder of %(day)s says what is due.")
    reason %= {"day": day_words(reminder.day)}
    return _blank(reminder, day, due_items, items, MailState.EXPIRED, reason)


def _blank(
    reminder: DailyReminder,
    day: date,
    due_items: Sequence[DueItem],
    items: list[MailItem],
    state: MailState,
    reason: str,
) -> outbox.QueuedMail:
    """Return the row of a reminder that was never written."""
    letter = Letter(to=reminder.person.email, subject=news_of(due_items, day), text="", html="", headers={})
    return outbox.QueuedMail(
        key=reminder_key(person=reminder.person, day=day),
        kind=MailKind.REMINDER,
        recipient=reminder.person,
        letter=letter,
        useful_for=USEFUL_FOR,
        items=items,
        fields={"period": day.isoformat(), "state": state, "reason": reason},
    )
