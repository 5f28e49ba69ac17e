"""The jobs as Celery tasks. ``now`` is for the hand of an operator; beat gives none."""

from celery import shared_task
from django.utils import timezone

from recommendations import jobs


@shared_task
def tick(now=None):
    """Owe what is due, then send what is owed."""
    return jobs.tick(now or timezone.now())


@shared_task
def queue_reminders(now=None):
    """Owe the reminders that are due."""
    return jobs.queue_reminders(now or timezone.now())


@shared_task
def queue_digests(now=None):
    """Owe the digests that are due."""
    return jobs.queue_digests(now or timezone.now())


@shared_task
def send_outbox(now=None):
    """Send what is owed."""
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
    """Take away files that wait for no form any more."""
    return jobs.sweep_evidence(now or timezone.now())


@shared_task
def publish_head(now=None):
    """Publish the head of the event sequence, once a day."""
    return jobs.publish_head(now or timezone.now())


@shared_task
def remove_evidence(now=None):
    """Remove the evidence of which two people decided so and whose day has come."""
    return jobs.remove_evidence(now or timezone.now())
