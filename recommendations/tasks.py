"""The jobs as Celery tasks. ``now`` is for operators; beat gives none."""

import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from recommendations import jobs

logger = logging.getLogger(__name__)

# The next tick rings again.
RING_EXPIRES = 240  # seconds
# More than the longest that a run takes: the time in which it takes up mails, two slow connections, and the
# longest answer of the server. Killed before, it would leave a mail of which nobody knows whether it went.
SENDING_SECONDS = 2400


@shared_task
def tick(now=None):
    """Queue what is due, then ring for the sending, which has a worker of its own."""
    try:
        return jobs.plan(now or timezone.now())
    finally:
        ring_for_sending()


def ring_for_sending():
    """Ask for a run of the sending; where the broker does not answer, the next tick does so again."""
    try:
        send_outbox.apply_async(expires=RING_EXPIRES, retry=False)
    except (OperationalError, OSError):
        logger.exception("The sending could not be rung for.")


@shared_task
def queue_reminders(now=None):
    """Queue the reminders that are due."""
    return jobs.queue_reminders(now or timezone.now())


@shared_task
def queue_digests(now=None):
    """Queue the digests that are due."""
    return jobs.queue_digests(now or timezone.now())


@shared_task(time_limit=SENDING_SECONDS)
def send_outbox(now=None):
    """Send what is queued."""
    return jobs.send_outbox(now or timezone.now())


@shared_task
def examine_evidence(now=None):
    """Scan new files, make copies without metadata and previews."""
    return jobs.examine_evidence(now or timezone.now())


@shared_task
def verify_evidence(now=None):
    """Read a share of the evidence again, if the last time was not today."""
    return jobs.verify_evidence(now or timezone.now())


@shared_task
def check_links(now=None):
    """Look whether the pages behind links are still there."""
    return jobs.check_links(now or timezone.now())


@shared_task
def capture_links(now=None):
    """Fetch the copies of pages that were asked for."""
    return jobs.capture_links(now or timezone.now())


@shared_task
def sweep_evidence(now=None):
    """Remove files that wait for a form that was never finished."""
    return jobs.sweep_evidence(now or timezone.now())


@shared_task
def publish_head(now=None):
    """Publish the head of the event sequence, once a day."""
    return jobs.publish_head(now or timezone.now())


@shared_task
def remove_evidence(now=None):
    """Remove the evidence of which two people decided so and whose day has come."""
    return jobs.remove_evidence(now or timezone.now())
