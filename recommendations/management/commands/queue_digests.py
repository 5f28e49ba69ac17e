"""Owes the digests that are due."""

from recommendations import jobs
from recommendations.management.clock import ClockCommand, planned_digests
from recommendations.services.mail import digests


class Command(ClockCommand):
    """``manage.py queue_digests [--now ISO] [--dry-run]``."""

    help = "Queue a digest for each reader whose digest is due, one per period. Sends nothing."

    def run(self, now):
        """Queue them."""
        return [f"Digests queued: {jobs.queue_digests(now)}."]

    def preview(self, now):
        """Say who would get a digest with what news."""
        return planned_digests(digests.plan(now=now))
