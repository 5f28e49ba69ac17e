"""Recording who viewed, downloaded and exported an evidence item, as it happens.

Everybody in the team can read public and internal items, so these are not followed. For a restricted item,
each view of its pages, each download and each preview counts.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from recommendations.audit import log
from recommendations.choices import EventKind, Sensitivity
from recommendations.models import Event, Evidence, User

# Going back and forth between the pages of an item is one opening of it.
ONE_OPENING = timedelta(minutes=15)


@transaction.atomic
def note_view(*, item: Evidence, person: User, now: datetime) -> None:
    """Record that a person opened a restricted item, at most once in ``ONE_OPENING``.

    Call it wherever something of the item is shown: its page, its custody, a preview or its text.
    """
    if item.sensitivity != Sensitivity.RESTRICTED:
        return
    seen = Event.objects.filter(evidence=item, actor=person, kind=EventKind.VIEWED)
    if not seen.filter(at__gt=now - ONE_OPENING).exists():
        log.record(EventKind.VIEWED, now=now, actor=person, evidence=item)


@transaction.atomic
def note_download(*, item: Evidence, person: User, now: datetime, **what: Any) -> None:
    """Record who downloaded a restricted file, and when; other files are not followed.

    Args:
        what: JSON values that say which file it was, if the item has several.
    """
    if item.sensitivity == Sensitivity.RESTRICTED:
        log.record(EventKind.DOWNLOADED, now=now, actor=person, evidence=item, **what)
