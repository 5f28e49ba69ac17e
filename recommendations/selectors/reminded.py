"""What the reminder of a morning tells its reader: the digest of that morning does not tell it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from recommendations.choices import MailKind, MailState
from recommendations.models import Mail, User

# A digest waits for so long for the reminder of its morning; longer, and it says everything itself.
WAIT = timedelta(hours=1)
ON_ITS_WAY = (MailState.PENDING, MailState.SENDING)
# Only of these is it known that the reader can read them.
ARRIVED = (MailState.SENT, MailState.WRITTEN)


@dataclass(frozen=True)
class Reminded:
    """The reminder of one person's today: whether it is on its way, and what it lists if it went out."""

    is_on_its_way: bool = False
    lists: frozenset[str] = frozenset()


NOTHING = Reminded()


def reminded_today(people: Sequence[User], now: datetime) -> dict[int, Reminded]:
    """Return {person pk: ``Reminded``} of those who have a reminder of their today. One statement.

    One that failed, was held back, came too late, or of which nobody knows tells nothing.

    Args:
        people: in the order of their keys.
    """
    if not people:
        return {}
    days = {person.pk: person.today(now).isoformat() for person in people}
    mails = Mail.objects.filter(kind=MailKind.REMINDER, period__in=set(days.values()))
    mails = mails.filter(recipient__gte=people[0].pk, recipient__lte=people[-1].pk)
    rows = mails.values_list("recipient", "period", "state", "created_at", "words__lists")
    return {
        pk: Reminded(
            is_on_its_way=state in ON_ITS_WAY and created_at > now - WAIT,
            lists=frozenset(lists or ()) if state in ARRIVED else frozenset(),
        )
        for pk, day, state, created_at, lists in rows
        if days.get(pk) == day
    }
