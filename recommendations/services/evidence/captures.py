"""Copies of the pages behind links: requested by a person, fetched by a job, stored as they arrived.

Off unless the operator turns it on, since fetching tells a site that we are interested. A row (``Capture``)
is both the request and the job: the worker that takes it first fetches the page, and if it is killed, another
one takes over. The web server fetches nothing: workers can have a firewall of their own.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from recommendations import vault
from recommendations.audit import log
from recommendations.choices import (
    OPEN_CAPTURES,
    CaptureFinding,
    CaptureState,
    EventKind,
    Role,
    Sensitivity,
)
from recommendations.errors import Refused
from recommendations.models import Capture, Evidence, User
from recommendations.models.links import CaptureQuerySet
from recommendations.models.locking import locked
from recommendations.web import client, warc

logger = logging.getLogger(__name__)

# Longer than fetching, encrypting and all that waits before: a worker that is silent for so long is dead.
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 3
# What people wanted yesterday is not fetched by surprise, as after an outage.
LAPSES = timedelta(days=1)
# No person makes this a way to hammer a site.
MOST_ASKED, ASKED_IN = 20, timedelta(hours=1)


@dataclass(frozen=True)
class Found:
    """A page that was fetched, encrypted in the vault."""

    answer: client.Answer
    size: int
    sha256: str
    object_name: str


def may_ask(*, item: Evidence, person: User) -> bool:
    """Say whether ``person`` can request a copy: a contributor who sees the link, if copies are turned on."""
    if not (settings.LINK_CAPTURE and item.url and person.has_role(Role.CONTRIBUTOR)):
        return False
    return Evidence.objects.visible_to(person).filter(pk=item.pk).exists()


@transaction.atomic
def ask(*, item: Evidence, actor: User, was_restricted: bool, now: datetime) -> Capture:
    """Request a copy of the page behind a link.

    Args:
        was_restricted: whether the item was restricted on the page where the person agreed to it.

    Raises: Refused with a sentence for the person.
    """
    # One after another, so that two presses at once are counted.
    locked(actor)
    item = locked(item)
    if not may_ask(item=item, person=actor):
        raise Refused(_("Your role does not allow this, or copies of pages are turned off."))
    if (item.sensitivity == Sensitivity.RESTRICTED) != was_restricted:
        raise Refused(_("Access to this item has changed in the meantime. Read the page again, then decide."))
    mine = Capture.objects.filter(evidence=item)
    if mine.filter(state__in=OPEN_CAPTURES).exists():
        raise Refused(_("A copy of this page was already requested. It takes a minute at most."))
    if Capture.objects.filter(asked_by=actor, asked_at__gt=now - ASKED_IN).count() >= MOST_ASKED:
        raise Refused(
            _("You requested %(n)s copies in the last hour, which is the limit for one person. Wait a while.")
            % {"n": MOST_ASKED}
        )
    capture = Capture.objects.create(
        evidence=item,
        number=(mine.aggregate(last=Max("number"))["last"] or 0) + 1,
        asked_by=actor,
        asked_at=now,
        was_restricted=was_restricted,
    )
    log.record(EventKind.CAPTURE_ASKED, now=now, actor=actor, evidence=item, number=capture.number)
    return capture


def due(*, now: datetime) -> CaptureQuerySet[Capture]:
    """Return the captures that a worker can take; none while they are off."""
    if not settings.LINK_CAPTURE:
        return Capture.objects.none()
    return Capture.objects.waiting(now)


def capture_due(
    *, now: datetime, seconds: float | None = None, fetch: Callable[..., client.Answer] = client.fetch
) -> int:
    """Fetch the requested pages.

    Args:
        seconds: after how long no further page is begun; None to go on to the end.
        fetch: as ``client.fetch``.

    Returns: how many were finished, stored or not.
    """
    began, done = time.monotonic(), 0
    for pk in list(due(now=now).values_list("pk", flat=True)):
        passed = time.monotonic() - began
        if seconds is not None and passed > seconds:
            break
        at = now + timedelta(seconds=passed)
        if taken := _take(pk, at):
            done += _capture(taken, at, fetch)
    return done


def _take(pk: int, now: datetime) -> Capture | None:
    """Take a capture for this worker. Returns the row, or None when another was first."""
    token = (
        due(now=now).filter(pk=pk).take(now + LEASE, state=CaptureState.RUNNING, attempts=F("attempts") + 1)
    )
    if token is None:
        return None
    return Capture.objects.select_related("evidence", "asked_by").filter(pk=pk, lease_token=token).first()


def _capture(taken: Capture, now: datetime, fetch: Callable[..., client.Answer]) -> bool:
    """Fetch one page, and record how it ended. Returns whether it was finished."""
    if finding := _why_not(taken, now):
        return _fail(taken, now, finding)
    try:
        found = _fetched(taken.evidence.url, now, fetch)
    except client.NotAllowed as error:
        return _fail(taken, now, CaptureFinding.REFUSED, error)
    except client.TooLarge as error:
        return _fail(taken, now, CaptureFinding.TOO_LARGE, error)
    except client.NoAnswer as error:
        return _fail(taken, now, CaptureFinding.NO_ANSWER, error)
    except (client.NotRecorded, Refused, OSError) as error:
        logger.error("A copy of the page of evidence %s cannot be stored: %s", taken.evidence.key, error)
        return _fail(taken, now, CaptureFinding.STORAGE)
    except Exception:
        # Kept for the next worker; three of them are enough. The others must not wait behind this one.
        logger.exception("The page of evidence %s could not be captured.", taken.evidence.key)
        return False
    return _keep(taken, now, found)


def _why_not(taken: Capture, now: datetime) -> CaptureFinding:
    """Return why the page must not be fetched, or nothing. Asked before anything is sent."""
    if taken.attempts > MOST_ATTEMPTS:
        return CaptureFinding.CRASHED
    if now - taken.asked_at > LAPSES:
        return CaptureFinding.LAPSED
    item = taken.evidence
    became_restricted = item.sensitivity == Sensitivity.RESTRICTED and not taken.was_restricted
    if became_restricted or not may_ask(item=item, person=taken.asked_by):
        return CaptureFinding.CHANGED
    return CaptureFinding.NONE


def _fetched(url: str, now: datetime, fetch: Callable[..., client.Answer]) -> Found:
    """Fetch a page into the vault. Raises: as ``client.fetch``; Refused; OSError."""
    if not vault.has_room_for(2 * client.WHOLE_BYTES):
        raise Refused(vault.no_room())
    # Before anything is asked: without the key nothing could be kept.
    incoming = vault.Incoming(2 * client.WHOLE_BYTES)
    recording = client.Recording(vault.scratch)
    try:
        began = time.monotonic()
        answer = fetch(url, recording=recording)
        times = [now + timedelta(seconds=one.began - began) for one in recording.exchanges]
        warc.write(incoming.write, recording.exchanges, times)
        incoming.finish()
        return Found(answer, incoming.size, incoming.sha256, vault.publish(incoming))
    finally:
        recording.close()
        incoming.discard()


def _keep(taken: Capture, now: datetime, found: Found) -> bool:
    """Record a copy, unless its worker was given up or the item was removed. Returns whether it did."""
    kept = False
    try:
        with transaction.atomic():
            kept = _still(taken) and Capture.objects.settle(
                taken,
                state=CaptureState.KEPT,
                received_at=now,
                status=found.answer.status,
                final_url=found.answer.url,
                size=found.size,
                sha256=found.sha256,
                object_name=found.object_name,
            )
            if kept:
                log.record(
                    EventKind.CAPTURED,
                    now=now,
                    evidence=taken.evidence,
                    number=taken.number,
                    status=found.answer.status,
                    sha256=found.sha256,
                    size=found.size,
                )
    finally:
        # Kept, it stays whatever is raised: a database that went away in the end may have the row. If it
        # has not, the sweep takes the bytes.
        if not kept:
            vault.remove(found.object_name)
    return kept


@transaction.atomic
def _fail(taken: Capture, now: datetime, finding: CaptureFinding, error: Exception | None = None) -> bool:
    """Record why there is no copy. Returns whether it was recorded."""
    ended = _still(taken) and Capture.objects.settle(
        taken, state=CaptureState.FAILED, finding=finding, detail=str(error or "")[:200]
    )
    if ended:
        log.record(
            EventKind.CAPTURE_FAILED,
            now=now,
            evidence=taken.evidence,
            number=taken.number,
            finding=str(finding),
        )
    return ended


def _still(taken: Capture) -> bool:
    """Lock the item. Returns whether it is there with the address that was fetched."""
    rows = Evidence.objects.select_for_update(no_key=True)
    return rows.filter(pk=taken.evidence_id, url=taken.evidence.url).exists()
