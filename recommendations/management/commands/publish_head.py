"""Publishes the head of the event sequence, as the hourly job does."""

from django.conf import settings

from recommendations import jobs
from recommendations.audit import anchors
from recommendations.management.clock import ClockCommand


class Command(ClockCommand):
    """``manage.py publish_head [--now ISO] [--dry-run]``."""

    help = "Write the last hash of the record of events into chain-heads.txt, at most once a day."

    def run(self, now):
        """Write it, or say that today's is there."""
        written = jobs.publish_head(now)
        return [
            f"Written into {settings.CHAIN_HEADS}."
            if written
            else ("Nothing to write: today's hash is already there.")
        ]

    def preview(self, now):
        """Say what was published last."""
        known = anchors.published()
        return [
            f"Last published: {' '.join(map(str, known[-1]))}"
            if known
            else ("Nothing has been published yet.")
        ]
