"""Owing a mail: one row, whole from the start, once."""

import hashlib
import secrets
from email.utils import parseaddr

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from recommendations.models import Mail, MailItem, UnsubscribeToken

# 16 bytes make 22 signs: a longer List-Unsubscribe would be broken by header folding (see checks).
TOKEN_BYTES = 16


@transaction.atomic
def owe(*, key, kind, recipient, letter, now, useful_for, items=(), **fields):
    """Owe one mail to one person, unless a mail of this key is owed already.

    Subject, bodies, Message-ID and date are fixed here, so that a second attempt at sending is the same
    mail to every server that looks for doubles.

    Args:
        key: what makes it this mail and no other, of ids and dates alone; unique.
        kind: a ``MailKind``.
        recipient: the person.
        letter: an ``emails.Letter``.
        now: the clock; the mail is sent at the next chance.
        useful_for: a timedelta, after which it is too late to send it.
        items: unsaved ``MailItem`` rows that say what the mail is about.
        fields: further fields of ``Mail``, such as period, from_seq and to_seq.

    Returns: the row, or None when it was owed already.
    """
    values = {
        "kind": kind,
        "recipient": recipient,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "headers": letter.headers,
        "tells_of_restricted": letter.tells_of_restricted,
        "shared_text": letter.shared_text,
        "shared_html": letter.shared_html,
        "message_id": message_id(key),
        "date_header": now,
        "created_at": now,
        "next_attempt_at": now,
        "not_after": now + useful_for,
    }
    mail, made = Mail.objects.get_or_create(key=key, defaults=values | fields)
    if not made:
        return None
    for item in items:
        item.mail, item.recipient = mail, recipient
    # An item whose former mail expired is told by this one. One order for all, so that nobody deadlocks.
    MailItem.objects.bulk_create(
        sorted(items, key=lambda item: item.item_key),
        update_conflicts=True,
        unique_fields=["recipient", "item_key"],
        update_fields=["mail", "superseded"],
    )
    return mail


def message_id(key):
    """Return the Message-ID of the mail with this key: the same at every attempt."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    domain = address.rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def unsubscribe_address(person, kind, now):
    """Make an address that ends mails of one kind for one person, and nothing else.

    Only the token's digest is kept in the table of tokens.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    UnsubscribeToken.objects.create(digest=token_digest(token), person=person, kind=kind, created_at=now)
    return settings.SITE_URL + reverse("unsubscribe", args=[token])


def token_digest(token):
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
