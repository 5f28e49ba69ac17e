"""Fetches the requested copies of pages, by hand."""

from django.conf import settings
from django.core.management.base import CommandError

from recommendations import jobs
from recommendations.management.clock import ClockCommand
from recommendations.services.evidence import captures


class Command(ClockCommand):
    """``manage.py capture_links [--now ISO] [--dry-run]``."""

    help = "Fetch the copies of pages that were requested. The sites see that this computer asks for them."

    def handle(self, *args, **options):
        """Do nothing while captures are off."""
        if not settings.LINK_CAPTURE:
            raise CommandError(
                "Copies of pages are off because fetching them shows the sites our interest. To turn "
                "them on, set LINK_CAPTURE=yes."
            )
        return super().handle(*args, **options)

    def run(self, now):
        """Fetch all that are due."""
        return [f"Requested copies that were finished, kept or not: {jobs.capture_links(now, seconds=None)}."]

    def preview(self, now):
        """Say how many are due, never which."""
        return [f"Copies of pages that are due: {captures.due(now=now).count()}."]
