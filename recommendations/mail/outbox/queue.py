"""Queueing mails: rows that are complete from the start, each queued once."""

import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError, transaction
from django.urls import reverse

from recommendations.choices import MailKind, MailState
from recommendations.mail.messages import Letter
from recommendations.models import Mail, MailItem, MailWords, UnsubscribeToken, User

logger = logging.getLogger(__name__)

# 16 bytes make 22 characters: a longer List-Unsubscribe would be broken by header folding (see checks).
TOKEN_BYTES = 16
# What goes into the database at once: this many mails, or letters of this many characters together.
MOST = 1000
HEAVIEST = 16 * 2**20
# Of two planners that meet, one at least gets on at every try.
TRIES = 5


@dataclass
class QueuedMail:
    """One mail that is to be queued for one person.

    ``key`` identifies the mail, and is made only of ids and dates. ``useful_for`` says after
    which time it is too late to send it. ``items`` are unsaved ``MailItem`` rows of what it is about,
    ``replaces`` the keys of waiting mails that this one replaces, ``fields`` further fields of
    ``Mail``, such as period, state and reason.
    """

    key: str
    kind: MailKind
    recipient: User
    letter: Letter
    useful_for: timedelta
    items: list[MailItem] = field(default_factory=list)
    replaces: set[int] = field(default_factory=set)
    replaced_because: str = ""
    fields: dict[str, Any] = field(default_factory=dict)


class Overtaken(Exception):
    """The mail that was to be replaced is being sent just now: both would say the same."""


def enqueue(
    *,
    key: str,
    kind: MailKind,
    recipient: User,
    letter: Letter,
    now: datetime,
    useful_for: timedelta,
    items: Iterable[MailItem] = (),
    **fields: Any,
) -> Mail | None:
    """Queue one mail for one person, unless a mail of this key is queued already.

    Subject, bodies, Message-ID and date are fixed here, so that a second attempt at sending is the same
    mail to every server that looks for duplicates.

    Args:
        key, kind, recipient, letter, useful_for, items, fields: see ``QueuedMail``.

    Returns: the row, or None when it was queued already.
    """
    mails = enqueue_many(
        [QueuedMail(key, kind, recipient, letter, useful_for, list(items), fields=fields)], now
    )
    return mails[0] if mails else None


def enqueue_many(queued: Iterable[QueuedMail], now: datetime) -> list[Mail]:
    """Queue mails for many people: all of them, or none and an error.

    The rows are inserted in the order of their keys, so that two planners at once wait for each other without
    a deadlock. If another one was faster, or after a deadlock, the rest is tried again.

    Args:
        queued: no key twice.

    Returns: the rows that were made, in the order of their keys; those queued already are left out.

    Raises: DatabaseError; Overtaken when a mail that was to be replaced is being sent.
    """
    queued = sorted(queued, key=lambda one: one.key)
    for attempt in range(1, TRIES + 1):
        try:
            return _insert(queued, now)
        except IntegrityError:
            missing = _not_yet_queued(queued)
            if len(missing) == len(queued):
                raise
            queued = missing
        except OperationalError:
            if attempt == TRIES or transaction.get_connection().in_atomic_block:
                raise
            logger.warning("Trying again to queue %s mails.", len(queued), exc_info=True)
    raise DatabaseError("Other planners were faster at every try.")


def enqueue_all(groups: Iterable[list[QueuedMail]], now: datetime) -> tuple[int, int]:
    """Queue the mails of many people, batch by batch, each batch in one transaction.

    One transaction for each person would cost three statements and a commit for each. If a batch
    fails, its people are tried one by one, so that an error for one keeps no other from their mail.

    Args:
        groups: the mails of each person; taken as they are needed, so that no more than a batch is in memory.

    Returns: (how many mails wait to be sent, for how many people it failed).
    """
    queued, failed = 0, 0
    for batch in _batches(groups):
        made, broken = _enqueue_batch(batch, now)
        queued += sum(mail.state == MailState.PENDING for mail in made)
        failed += broken
        batch.clear()
        del made
    return queued, failed


def _batches(groups: Iterable[list[QueuedMail]]) -> Iterator[list[list[QueuedMail]]]:
    """Yield lists of groups, each as long as it may be and no heavier."""
    batch: list[list[QueuedMail]] = []
    mails = weight = 0
    for group in groups:
        batch.append(group)
        mails += len(group)
        weight += sum(one.letter.weight for one in group)
        if mails >= MOST or weight >= HEAVIEST:
            yield batch
            batch, mails, weight = [], 0, 0
    if batch:
        yield batch


def _enqueue_batch(groups: list[list[QueuedMail]], now: datetime) -> tuple[list[Mail], int]:
    """Queue a batch in one go, or else person by person. Returns: (the rows made, for how many it failed)."""
    try:
        return enqueue_many([one for group in groups for one in group], now), 0
    except Exception:
        logger.warning("A batch of the mails of %s people is taken apart.", len(groups), exc_info=True)
    made: list[Mail] = []
    failed = 0
    for group in groups:
        try:
            made += enqueue_many(group, now)
        except Overtaken:
            # The former mail is on its way this moment; the next tick sees what became of it.
            logger.info("The mail %s waits for the one before it.", group[0].key)
        except Exception:
            logger.exception("The mail %s cannot be queued.", group[0].key)
            failed += 1
    return made, failed


def _not_yet_queued(queued: Iterable[QueuedMail]) -> list[QueuedMail]:
    keys = [one.key for one in queued]
    known = set(Mail.objects.filter(key__in=keys).values_list("key", flat=True))
    return [one for one in queued if one.key not in known]


@transaction.atomic
def _insert(queued: Sequence[QueuedMail], now: datetime) -> list[Mail]:
    """Write mails, their text, what they are about, and the end of those they replace, each in one go."""
    _end_replaced(queued)
    mails = Mail.objects.bulk_create([_mail(one, now) for one in queued])
    written = [(one.letter, mail.pk) for one, mail in zip(queued, mails, strict=True) if one.letter.text]
    MailWords.objects.bulk_create([_words(letter, key) for letter, key in written])
    items = []
    for one, mail in zip(queued, mails, strict=True):
        for item in one.items:
            item.mail, item.recipient = mail, one.recipient
        items += one.items
    # An item whose former mail told nothing is told by this one. One order for all, against deadlocks.
    MailItem.objects.bulk_create(
        sorted(items, key=lambda item: (item.recipient_id, item.item_key)),
        update_conflicts=True,
        unique_fields=["recipient", "item_key"],
        update_fields=["mail", "superseded"],
    )
    return mails


def _end_replaced(queued: Iterable[QueuedMail]) -> None:
    """Close the mails that these replace. One that is being sent meanwhile stays as it is.

    Raises: Overtaken, and nothing is queued then.
    """
    replaced: dict[str, set[int]] = {}
    for one in queued:
        if one.replaces:
            replaced.setdefault(one.replaced_because, set()).update(one.replaces)
    for reason, keys in sorted(replaced.items()):
        still_waiting = Mail.objects.filter(pk__in=keys, state=MailState.PENDING, ambiguous=0)
        if still_waiting.update(state=MailState.EXPIRED, reason=reason) != len(keys):
            raise Overtaken("A mail that was to be replaced is being sent.")


def _mail(one: QueuedMail, now: datetime) -> Mail:
    letter = one.letter
    values = {
        "subject": letter.subject,
        "tells_of_restricted": letter.tells_of_restricted,
        "message_id": message_id(one.key),
        "date_header": now,
        "created_at": now,
        "next_attempt_at": now,
        "not_after": now + one.useful_for,
    }
    return Mail(key=one.key, kind=one.kind, recipient=one.recipient, **values | one.fields)


def _words(letter: Letter, mail_id: int) -> MailWords:
    # By its key: mail and words that know each other would stay in memory past the batch.
    return MailWords(
        mail_id=mail_id,
        text=letter.text,
        html=letter.html,
        shared_text=letter.shared_text,
        shared_html=letter.shared_html,
        headers=letter.headers,
        lists=letter.lists,
    )


def message_id(key: str) -> str:
    """Return the Message-ID of the mail with this key: the same at every attempt."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = address.rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def unsubscribe_address(person: User, kind: MailKind, now: datetime) -> str:
    """Make an address that ends mails of one kind for one person, and nothing else."""
    return unsubscribe_addresses([person], kind, now)[0]


def unsubscribe_addresses(people: Sequence[User], kind: MailKind, now: datetime) -> list[str]:
    """Make for each person an address that ends mails of one kind for them, and nothing else.

    Only the tokens' digests are kept in the table of tokens.

    Returns: a list of addresses in the order of the people.
    """
    tokens = [secrets.token_urlsafe(TOKEN_BYTES) for _person in people]
    UnsubscribeToken.objects.bulk_create(
        UnsubscribeToken(digest=token_digest(token), person=person, kind=kind, created_at=now)
        for person, token in zip(people, tokens, strict=True)
    )
    return [settings.SITE_URL + reverse("unsubscribe", args=[token]) for token in tokens]


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
