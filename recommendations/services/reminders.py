"""Owing each person at most one reminder a day."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from recommendations import emails, outbox
from recommendations.choices import MailKind, ReminderChoice
from recommendations.dates import is_working_day, morning_has_come
from recommendations.errors import Refused
from recommendations.models import Mail, User
from recommendations.summaries.duties import Duty, duties_of, people_with_a_role

logger = logging.getLogger(__name__)

# Later it would tell of a day that is over.
USEFUL_FOR = timedelta(hours=48)


@dataclass
class Bundle:
    """All that one person is to be reminded of on one of their days."""

    person: User
    day: date
    duties: list[Duty]

    @property
    def key(self):
        """The key of the one mail of this person and day."""
        return f"bundle:{self.person.pk}:{self.day.isoformat()}"

    @property
    def fresh(self):
        """The duties that have reached a stage of which the person was not told."""
        return [duty for duty in self.duties if duty.fresh]

    @property
    def news(self):
        """What the mail says in a few words."""
        return emails.reminder_news(self.duties, self.day)


def plan(now):
    """Return the bundles that are due now and not owed yet; writes nothing.

    A person is told when something reached a new stage, and then how everything stands. However long
    nothing ran, only the newest stage of each thing is told, once.

    Args:
        now: the clock.
    """
    people = people_with_a_role()
    reachable = {pk: person for pk, person in people.items() if may_be_reminded(person, now)}
    if not reachable:
        return []
    duties = duties_of(people, now)
    bundles = [
        Bundle(person, person.today(now), duties[pk]) for pk, person in reachable.items() if pk in duties
    ]
    bundles = [bundle for bundle in bundles if bundle.fresh]
    owed = _owed([bundle.key for bundle in bundles])
    return [bundle for bundle in bundles if bundle.key not in owed]


def _owed(keys, batch=500):
    owed: set[str] = set()
    for start in range(0, len(keys), batch):
        owed.update(Mail.objects.filter(key__in=keys[start : start + batch]).values_list("key", flat=True))
    return owed


def may_be_reminded(person, now):
    """Say whether reminders may reach a person at this hour: wanted, not snoozed, a working morning."""
    today = person.today(now)
    return (
        person.reminders != ReminderChoice.NONE
        and not (person.snoozed_until and today < person.snoozed_until)
        and not person.is_away(today)
        and is_working_day(today, person.working_days)
        and morning_has_come(now, person.zone)
    )


def queue_reminders(now):
    """Owe the reminders that are due. Running it twice, or twice at once, owes nothing twice.

    Args:
        now: the clock.

    Returns: how many mails were owed.

    Raises: Refused at the end, when a mail could not be written; all others are owed all the same.
    """
    owed, broken = 0, 0
    for bundle in plan(now):
        try:
            owed += _owe(bundle, now) is not None
        except Exception:
            # One person's trouble must not keep the others from their deadlines.
            logger.exception("The reminder %s cannot be written.", bundle.key)
            broken += 1
    if broken:
        raise Refused(f"{broken} reminders could not be written; the log says why.")
    return owed


def _owe(bundle, now):
    return outbox.owe(
        key=bundle.key,
        kind=MailKind.REMINDER,
        recipient=bundle.person,
        letter=emails.reminder(bundle.person, bundle.duties, bundle.day),
        now=now,
        useful_for=USEFUL_FOR,
        items=[item for duty in bundle.fresh for item in duty.items()],
        period=bundle.day.isoformat(),
    )
