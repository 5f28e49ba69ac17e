"""Queued mails: queue each once, take it, send it, and never guess what became of it.

A mail is a row with a unique key before it is anything else; the queue of jobs is only a doorbell. See
``queue`` for the row, ``leases`` for who can send it, ``delivery`` for the sending.
"""

from recommendations.mail.outbox.delivery import due, send
from recommendations.mail.outbox.queue import (
    Overtaken,
    QueuedMail,
    enqueue,
    enqueue_all,
    enqueue_many,
    unsubscribe_address,
    unsubscribe_addresses,
)

__all__ = [
    "Overtaken",
    "QueuedMail",
    "due",
    "enqueue",
    "enqueue_all",
    "enqueue_many",
    "send",
    "unsubscribe_address",
    "unsubscribe_addresses",
]
