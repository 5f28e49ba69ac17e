"""Removing the text of old mails."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from recommendations.choices import GONE_STATES, MailKind, MailState
from recommendations.models import Heartbeat, Mail, MailWords

ONCE_A = timedelta(days=1)
# One statement changes no more rows than this: on SQLite everybody else waits for it.
BATCH = 200
PURGED = "purge"


def old_mails(*, now: datetime) -> QuerySet[Mail]:
    """Return the mails whose text is due to be removed.

    Digests that were sent stay, since every sent digest can be read again (docs/domain.md, "Digests").
    A mail that waits or is being sent keeps its text, however old it is.
    """
    before = now - timedelta(days=settings.MAIL_WORDS_DAYS)
    return (
        Mail.objects.filter(purged_at=None, created_at__lt=before)
        .exclude(state__in=[MailState.PENDING, MailState.SENDING])
        .exclude(kind=MailKind.DIGEST, state__in=GONE_STATES)
    )


def purge_mails(*, now: datetime) -> int:
    """Remove subject, bodies and headers of old mails; to whom, when, why and what became of them stay.

    Returns: of how many mails the text was removed.
    """
    removed = 0
    while keys := list(old_mails(now=now).order_by("created_at").values_list("pk", flat=True)[:BATCH]):
        # Asked again: a manager may be sending one of them again in this moment.
        with transaction.atomic():
            removed += old_mails(now=now).filter(pk__in=keys).update(subject="", purged_at=now)
            MailWords.objects.filter(mail__in=keys).exclude(mail__purged_at=None).delete()
    return removed


def purge_mails_daily(*, now: datetime) -> int:
    """Do it once a day. Returns: of how many mails the text was removed; 0 if it was done within a day."""
    last = Heartbeat.objects.filter(name=PURGED).values_list("at", flat=True).first()
    if last and last <= now < last + ONCE_A:
        return 0
    removed = purge_mails(now=now)
    Heartbeat.objects.beat(PURGED, now, removed=removed)
    return removed
