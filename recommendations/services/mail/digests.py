"""Queueing one digest for each reader and period."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.choices import DigestFrequency, MailKind, MailState
from recommendations.errors import Refused
from recommendations.mail import messages, outbox
from recommendations.mail.messages import Letter
from recommendations.mail.outbox.suppression import ASKED_FOR, FOR_PARTNERS
from recommendations.models import Mail, User
from recommendations.models.locking import locked, still_there
from recommendations.rules.dates import digest_day_at, digest_period, local_morning
from recommendations.selectors.audience import pages_of_members
from recommendations.selectors.outline import Outline, Reader, Sources, outline_for, readers
from recommendations.selectors.reminded import NOTHING, Reminded, reminded_today
from recommendations.selectors.scope import NO_LIMIT, Limit, limits_of
from recommendations.selectors.told_outside import told_by

logger = logging.getLogger(__name__)

USEFUL_FOR = timedelta(days=6)
# A digest that was missed for longer is not sent late: the next one tells all of it.
LOOK_BACK = timedelta(days=7)
NOTHING_HAPPENED = gettext_lazy("Nothing happened since the last digest.")
ALL_IN_THE_REMINDER = gettext_lazy("Nothing happened but what the reminder of the same day says.")
# A digest that was asked for between the regular ones is news of this hour.
ASKED_USEFUL_FOR = timedelta(days=1)
ASKED_AT_MOST_EVERY = timedelta(hours=1)
# While the planner may be at work on the regular one, both would begin at the same place.
NEAR_THE_REGULAR_ONE = timedelta(minutes=10)


@dataclass
class Issue:
    """One digest that is due to one reader."""

    reader: Reader
    day: date
    outline: Outline

    @property
    def period(self) -> str:
        """The name of the period, such as ``2024-W36``."""
        return digest_period(self.reader.digest_frequency, self.day)

    @property
    def key(self) -> str:
        """The key of the one digest of this reader and period."""
        if self.reader.is_partner:
            return f"{FOR_PARTNERS}{self.reader.digest_frequency}:{self.reader.pk}:{self.period}"
        return f"digest:{self.reader.digest_frequency}:{self.reader.pk}:{self.period}"

    @property
    def is_skipped(self) -> bool:
        """Whether it stays unsent because nothing happened and the reader does not want empty ones."""
        return self.outline.is_empty and not self.reader.digest_when_empty

    @property
    def news(self) -> str:
        """What the mail says in a few words, or why none is sent."""
        if not self.is_skipped:
            return messages.digest_news(self.outline)
        return str(ALL_IN_THE_REMINDER if self.outline.reminded else NOTHING_HAPPENED)


class Due(NamedTuple):
    """A reader whose digest is due, its day, what a reminder told them today, and what it is limited to."""

    reader: Reader
    day: date
    reminded: Reminded
    limit: Limit


def due_readers(*, now: datetime) -> Iterator[list[Due]]:
    """Yield lists of ``Due``, page by page: readers whose digest is due and was not yet considered.

    Those whose reminder of today is on its way wait until it is known whether it went out.
    """
    for page in pages_of_members(
        readers().exclude(digest_frequency=DigestFrequency.NEVER), with_partners=True
    ):
        days = {reader.pk: day for reader in page if (day := _due_day(reader, now))}
        wanted = [reader for reader in page if reader.pk in days]
        told, limits = reminded_today(wanted, now), limits_of(wanted)
        due = [
            Due(one, days[one.pk], told.get(one.pk, NOTHING), limits.get(one.pk, NO_LIMIT)) for one in wanted
        ]
        due = [one for one in due if not one.reminded.is_on_its_way]
        if due:
            yield due


def _due_day(reader: Reader, now: datetime) -> date | None:
    """Return the day of the digest that is to be queued for a person now, or None."""
    day = digest_day_at(reader.digest_frequency, reader.digest_weekday, now, reader.zone)
    if day is None:
        return None
    morning = local_morning(day, reader.zone)
    was_not_here = morning < reader.date_joined <= now
    is_considered = reader.considered_at is not None and reader.considered_at >= morning
    if was_not_here or morning < now - LOOK_BACK or is_considered:
        return None
    return day


def plan(*, now: datetime) -> Iterator[Issue]:
    """Yield the digests that are due now and not yet queued, skipped ones too; writes nothing."""
    sources = None
    for due in due_readers(now=now):
        sources = sources or Sources()
        for one in due:
            yield _issue(one, sources, now)


def queue_digests(*, now: datetime) -> int:
    """Queue the digests that are due. Running it twice, or twice at once, queues nothing twice.

    An empty digest is recorded as held back, so that it is not worked out again at every tick.
    All digests of a run end at the same place in the sequence.

    Returns: how many mails were queued, without those held back.

    Raises: Refused at the end, when a mail could not be written; all others are queued all the same.
    """
    unwritten: list[int] = []
    queued, broken = outbox.enqueue_all(_written(now, unwritten), now)
    broken += len(unwritten)
    if broken:
        raise Refused(f"Digests that could not be written: {broken}; the log says why.")
    return queued


def _written(now: datetime, unwritten: list[int]) -> Iterator[list[outbox.QueuedMail]]:
    """Yield what is queued for each reader whose digest is due; note one whose digest cannot be written."""
    sources = None
    for due in due_readers(now=now):
        sources = sources or Sources()
        issues = list(_each(due, unwritten, _issue, sources, now))
        yield from _each(issues, unwritten, _queued, _ways_out(issues, now))


def _each[Made](
    things: Iterable[Due | Issue], unwritten: list[int], work: Callable[..., Made], *args: object
) -> Iterator[Made]:
    """Yield what ``work`` makes of each; after an error for one reader, the others still get their digest."""
    for thing in things:
        try:
            made = work(thing, *args)
        except Exception:
            logger.exception("The digest of reader %s cannot be written.", thing.reader.pk)
            unwritten.append(thing.reader.pk)
        else:
            yield made


def _issue(due: Due, sources: Sources, now: datetime) -> Issue:
    outline = outline_for(due.reader, now, sources, day=due.day, reminded=due.reminded.lists, limit=due.limit)
    return Issue(due.reader, due.day, outline)


def _ways_out(issues: Iterable[Issue], now: datetime) -> dict[int, str]:
    """Return {reader pk: the address that ends their digests} for those who are sent one."""
    told = [issue.reader for issue in issues if not issue.is_skipped]
    if not told:
        return {}
    addresses = outbox.unsubscribe_addresses(told, MailKind.DIGEST, now)
    return dict(zip((reader.pk for reader in told), addresses, strict=True))


def _queued(issue: Issue, ways_out: dict[int, str]) -> list[outbox.QueuedMail]:
    """Return a list of what is queued for an issue: the mail, or the record that it was empty."""
    news = issue.outline.news
    fields = {"period": issue.period, "from_seq": news.from_seq, "to_seq": news.to_seq}
    fields["limited_to"] = sorted(issue.outline.scope.only)
    if issue.is_skipped:
        letter = Letter(to=issue.reader.email, subject=issue.news, text="", html="")
        fields |= {"state": MailState.SUPPRESSED, "reason": issue.news}
    else:
        letter = messages.digest(issue.reader, issue.outline, ways_out[issue.reader.pk])
        if issue.reader.is_partner:
            fields["tells"] = told_by(issue.outline)
    return [outbox.QueuedMail(issue.key, MailKind.DIGEST, issue.reader, letter, USEFUL_FOR, fields=fields)]


def preview(*, reader: User, manager: User, now: datetime) -> Letter:
    """Return the digest that ``reader`` would be sent now, as a manager can read it.

    What the manager cannot see themselves is not in it.

    Raises: Refused when the person who asks is not a manager.
    """
    if not manager.is_manager:
        raise Refused("Only managers can preview digests.")
    person = still_there(readers(), reader.pk)
    told = reminded_today([person], now).get(person.pk, NOTHING)
    limit = limits_of([person]).get(person.pk, NO_LIMIT)
    outline = outline_for(person, now, Sources(manager), reminded=told.lists, limit=limit)
    return messages.digest(person, outline)


def preview_own(*, reader: User, now: datetime) -> tuple[Letter, str]:
    """Return the digest that a reader would be sent now on request.

    Returns: (the mail, a sentence that says why it cannot be sent now, empty if it can).
    """
    issue = _asked_for(reader, now)
    return messages.digest(issue.reader, issue.outline, is_asked_for=True), _reason_not_to_send(issue, now)


@transaction.atomic
def send_now(*, reader: User, now: datetime) -> Mail:
    """Queue for a reader the digest of what happened since their last one; the next regular one begins there.

    Of two clicks at once, the second waits for the first and is refused. For one place in the sequence,
    at most one mail is queued: the key makes sure of it.

    Args:
        reader: who asks, for themselves.

    Raises: Refused, with the reason.
    """
    locked(reader)
    issue = _asked_for(reader, now)
    if why_not := _reason_not_to_send(issue, now):
        raise Refused(why_not)
    person, news = issue.reader, issue.outline.news
    address = outbox.unsubscribe_address(person, MailKind.DIGEST, now)
    mail = outbox.enqueue(
        key=f"digest:{ASKED_FOR}:{person.pk}:{news.to_seq}",
        kind=MailKind.DIGEST,
        recipient=person,
        letter=messages.digest(person, issue.outline, address, is_asked_for=True),
        now=now,
        useful_for=ASKED_USEFUL_FOR,
        period=ASKED_FOR,
        from_seq=news.from_seq,
        to_seq=news.to_seq,
        limited_to=sorted(issue.outline.scope.only),
    )
    if mail is None:
        raise Refused(_("All of this has already been sent to you."))
    return mail


def _asked_for(reader: User, now: datetime) -> Issue:
    person = still_there(readers(), reader.pk)
    limit = limits_of([person]).get(person.pk, NO_LIMIT)
    return Issue(person, person.today(now), outline_for(person, now, Sources(), limit=limit))


def _reason_not_to_send(issue: Issue, now: datetime) -> str:
    """Return why a digest cannot be sent on request, as a sentence; empty when it can."""
    person = issue.reader
    if person.bouncing_since:
        return _("Your mail address refuses mail. Your settings say what to do.")
    if _due_day(person, now + NEAR_THE_REGULAR_ONE):
        return _("Your regular digest is due now and will be sent automatically.")
    asked = Mail.objects.filter(recipient=person.pk, kind=MailKind.DIGEST, period=ASKED_FOR)
    last = asked.order_by("-created_at").values_list("created_at", flat=True).first()
    if last and last <= now < last + ASKED_AT_MOST_EVERY:
        again = formats.time_format((last + ASKED_AT_MOST_EVERY).astimezone(person.zone), "H:i")
        words = _("You requested one less than an hour ago. You can request another one from %(time)s on.")
        return words % {"time": again}
    if issue.is_skipped:
        return _("Nothing happened since your last digest, so there is nothing to send.")
    return ""
