"""Owed mails: owe once, claim, send, and never guess what became of one.

A mail is a row with a unique key before it is anything else; the queue of jobs is only a doorbell. See
``owing`` for the row, ``claims`` for who may send it, ``delivery`` for the sending.
"""

from recommendations.mail.outbox.delivery import due, send
from recommendations.mail.outbox.enqueue import (
    Overtaken,
    Owed,
    owe,
    owe_all,
    owe_many,
    unsubscribe_address,
    unsubscribe_addresses,
)

__all__ = [
    "Overtaken",
    "Owed",
    "due",
    "owe",
    "owe_all",
    "owe_many",
    "send",
    "unsubscribe_address",
    "unsubscribe_addresses",
]
