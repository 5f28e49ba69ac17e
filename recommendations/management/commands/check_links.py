"""Checks by hand whether the pages behind links are still there."""

from django.conf import settings
from django.core.management.base import CommandError

from recommendations import jobs
from recommendations.management.clock import ClockCommand
from recommendations.services.evidence import links


class Command(ClockCommand):
    """``manage.py check_links [--now ISO] [--dry-run]``."""

    help = "Check whether the pages behind links are still there. The sites see that this computer asks."

    def handle(self, *args, **options):
        """Do nothing while checks are off."""
        if not settings.LINK_CHECKS:
            raise CommandError(
                "Link checks are off because they show the sites our interest. To turn them on, set "
                "LINK_CHECKS=yes."
            )
        return super().handle(*args, **options)

    def run(self, now):
        """Check all that are due."""
        return [f"Links checked: {jobs.check_links(now, seconds=None)}."]

    def preview(self, now):
        """Say how many are due, never which."""
        return [f"Links due to be checked: {links.due(now=now).count()}."]
