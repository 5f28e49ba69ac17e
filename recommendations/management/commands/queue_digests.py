"""Owes the digests that are due."""

from recommendations import jobs
from recommendations.management.clock import ClockCommand, planned_digests
from recommendations.services.mail import digests


class Command(ClockCommand):
    """``manage.py queue_digests [--now ISO] [--dry-run]``."""

    help = "Owe each reader the digest that is due, one a period. Sends nothing."

    def run(self, now):
        """Owe them."""
        return [f"{jobs.queue_digests(now)} digests owed."]

    def preview(self, now):
        """Say who would get a digest with what news."""
        return planned_digests(digests.plan(now))
