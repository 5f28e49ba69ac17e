"""Fetches by hand the copies of pages that were asked for."""

from django.conf import settings
from django.core.management.base import CommandError

from recommendations import jobs
from recommendations.management.clock import ClockCommand
from recommendations.services.evidence import captures


class Command(ClockCommand):
    """``manage.py capture_links [--now ISO] [--dry-run]``."""

    help = "Fetch the copies of pages that were asked for; these sites see that this computer asks."

    def handle(self, *args, **options):
        """Do nothing while captures are off."""
        if not settings.LINK_CAPTURE:
            raise CommandError(
                "Copies of pages are off, since fetching them tells sites of our interest: LINK_CAPTURE=yes."
            )
        return super().handle(*args, **options)

    def run(self, now):
        """Fetch all that are due."""
        return [f"{jobs.capture_links(now, seconds=None)} copies of pages ended, kept or not."]

    def preview(self, now):
        """Say how many are due, never which."""
        return [f"{captures.due(now=now).count()} copies of pages are due."]
