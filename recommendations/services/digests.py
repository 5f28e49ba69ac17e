"""Owing each reader one digest a period."""

import logging
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from recommendations import emails, outbox
from recommendations.choices import MailKind, MailState
from recommendations.dates import digest_day_at, digest_period, local_morning
from recommendations.emails import Letter
from recommendations.errors import Refused
from recommendations.models import User
from recommendations.summaries.audience import people_with_a_role
from recommendations.summaries.outline import Outline, considered_since, outline_for

logger = logging.getLogger(__name__)

USEFUL_FOR = timedelta(days=6)
# A digest that was missed for longer is not sent late: the next one tells all of it.
LOOK_BACK = timedelta(days=7)
NOTHING_HAPPENED = "Nothing happened since the last digest."


@dataclass
class Issue:
    """One digest that is due to one reader."""

    reader: User
    day: date
    outline: Outline

    @property
    def period(self):
        """The name of the period, such as ``2024-W36``."""
        return digest_period(self.reader.digest_frequency, self.day)

    @property
    def key(self):
        """The key of the one digest of this reader and period."""
        return f"digest:{self.reader.digest_frequency}:{self.reader.pk}:{self.period}"

    @property
    def is_skipped(self):
        """Whether it stays unsent because nothing happened and the reader does not want empty ones."""
        return self.outline.is_empty and not self.reader.digest_when_empty

    @property
    def news(self):
        """What the mail says in a few words."""
        return NOTHING_HAPPENED if self.is_skipped else emails.digest_news(self.outline)


def due_readers(now):
    """Return [(reader, day)] of those whose digest is due and was not considered yet. Two statements."""
    considered = considered_since()
    return [
        (person, day)
        for person in people_with_a_role().values()
        if (day := _due_day(person, considered.get(person.pk), now))
    ]


def _due_day(person, considered, now):
    """Return the day of the digest that a person is owed now, or None."""
    day = digest_day_at(person.digest_frequency, person.digest_weekday, now, person.zone)
    if day is None:
        return None
    morning = local_morning(day, person.zone)
    was_not_here = morning < person.date_joined <= now
    if was_not_here or morning < now - LOOK_BACK or (considered and considered >= morning):
        return None
    return day


def plan(now):
    """Return the digests that are due now and not owed yet, skipped ones too; writes nothing."""
    return [Issue(reader, day, outline_for(reader, now, day=day)) for reader, day in due_readers(now)]


def queue_digests(now):
    """Owe the digests that are due. Running it twice, or twice at once, owes nothing twice.

    One in which nothing happened is recorded as held back, so that it is not worked out at every tick.

    Args:
        now: the clock.

    Returns: how many mails were owed, those held back not counted.

    Raises: Refused at the end, when a mail could not be written; all others are owed all the same.
    """
    owed, broken = 0, 0
    for reader, day in due_readers(now):
        try:
            owed += _owe(Issue(reader, day, outline_for(reader, now, day=day)), now)
        except Exception:
            # One reader's trouble must not keep the others from their digest.
            logger.exception("The digest of reader %s cannot be written.", reader.pk)
            broken += 1
    if broken:
        raise Refused(f"{broken} digests could not be written; the log says why.")
    return owed


@transaction.atomic
def _owe(issue, now):
    """Owe one digest, or record that it was considered and empty. Returns: whether a mail is owed."""
    news = issue.outline.news
    row = {
        "key": issue.key,
        "kind": MailKind.DIGEST,
        "recipient": issue.reader,
        "now": now,
        "useful_for": USEFUL_FOR,
        "period": issue.period,
        "from_seq": news.from_seq,
        "to_seq": news.to_seq,
    }
    if issue.is_skipped:
        blank = Letter(to=issue.reader.email, subject=NOTHING_HAPPENED, text="", html="")
        outbox.owe(letter=blank, state=MailState.SUPPRESSED, reason=NOTHING_HAPPENED, **row)
        return False
    address = outbox.unsubscribe_address(issue.reader, MailKind.DIGEST, now)
    letter = emails.digest(issue.reader, issue.outline, address)
    return outbox.owe(letter=letter, **row) is not None


def preview(*, reader, manager, now):
    """Return the digest that ``reader`` would be sent now, as a manager may read it.

    What the manager may not see themselves is not in it.

    Returns: a Letter. Raises: Refused when the asking person is no manager.
    """
    if not manager.is_manager:
        raise Refused("Only managers preview digests.")
    return emails.digest(reader, outline_for(reader, now, viewer=manager))
