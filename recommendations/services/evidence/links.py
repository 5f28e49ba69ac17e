"""Checking whether the pages behind links are still there; off unless the operator turns it on."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from recommendations.choices import EvidenceForm, LinkOutcome, Sensitivity, outcome_of
from recommendations.models import Evidence, LinkCheck
from recommendations.web import client

logger = logging.getLogger(__name__)

AGAIN = timedelta(days=7)
# One failure can be a bad hour of the site; after the second, a week later, the link counts as dead.
SILENCES = 2


class LinkState(NamedTuple):
    """The state of a link: the latest check, the latest that found the page, and whether it is dead."""

    latest: LinkCheck | None
    seen: LinkCheck | None
    is_dead: bool


def due(*, now: datetime) -> QuerySet[Evidence]:
    """Return the links that are due to be checked: never restricted ones, and none while checks are off."""
    if not settings.LINK_CHECKS:
        return Evidence.objects.none()
    recent = LinkCheck.objects.filter(evidence=OuterRef("pk"), checked_at__gt=now - AGAIN)
    links = Evidence.objects.filter(form=EvidenceForm.LINK).exclude(url="")
    return links.exclude(sensitivity=Sensitivity.RESTRICTED).filter(~Exists(recent)).order_by("pk")


def check_due(
    *, now: datetime, seconds: float | None = None, fetch: Callable[[str], client.Answer] = client.fetch
) -> int:
    """Check the links that are due.

    Args:
        seconds: after how long no further link is begun; None to go on to the end.

    Returns: how many were checked.
    """
    began, done = time.monotonic(), 0
    for pk in list(due(now=now).values_list("pk", flat=True)):
        if seconds is not None and time.monotonic() - began > seconds:
            break
        # Asked again: it may have been restricted, or looked up by another worker, since the list was made.
        item = due(now=now).filter(pk=pk).first()
        if item and (found := _outcome(item, fetch)):
            _note(item, now, found)
            done += 1
    return done


def _outcome(item: Evidence, fetch: Callable[[str], client.Answer]) -> dict[str, Any] | None:
    """Check one link. Returns: values of a ``LinkCheck``; None if the tracker itself failed."""
    try:
        answer = fetch(item.url)
    except client.NotAllowed as error:
        return {"outcome": LinkOutcome.REFUSED, "detail": str(error)}
    except client.NoAnswer as error:
        return {"outcome": LinkOutcome.UNREACHABLE, "detail": str(error)}
    except Exception:
        # A fault of ours, to be told and tried again; the links after it must not wait behind this one.
        logger.exception("The link of evidence %s could not be checked.", item.key)
        return None
    outcome = outcome_of(answer.status)
    return {
        "outcome": outcome,
        "status": answer.status,
        "final_url": answer.url,
        "title": answer.title if outcome == LinkOutcome.ANSWERS else "",
    }


@transaction.atomic
def _note(item: Evidence, now: datetime, found: dict[str, Any]) -> None:
    """Record a check, unless the item was restricted or removed during it."""
    still = Evidence.objects.select_for_update(no_key=True).filter(pk=item.pk, url=item.url)
    if still.exclude(sensitivity=Sensitivity.RESTRICTED).exists():
        LinkCheck.objects.create(evidence=item, checked_at=now, **found)


def state_of(*, item: Evidence) -> LinkState:
    """Return the state of a link from all its checks."""
    everything = LinkCheck.objects.filter(evidence=item).order_by("-checked_at", "-pk")
    looks = list(everything[:SILENCES])
    latest = looks[0] if looks else None
    seen = everything.filter(outcome=LinkOutcome.ANSWERS).first()
    silent = len(looks) == SILENCES and all(look.outcome == LinkOutcome.UNREACHABLE for look in looks)
    return LinkState(latest, seen, bool(latest and latest.outcome == LinkOutcome.GONE) or silent)
