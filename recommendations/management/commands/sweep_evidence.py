"""Removes files that wait for a form that was never finished."""

from recommendations import jobs
from recommendations.management.clock import ClockCommand
from recommendations.services.evidence import uploads


class Command(ClockCommand):
    """``manage.py sweep_evidence [--now ISO] [--dry-run]``."""

    help = "Remove files received with a form that was never finished, and what a crash left behind."

    def run(self, now):
        """Remove them."""
        return [f"Files removed: {jobs.sweep_evidence(now)}."]

    def preview(self, now):
        """Say how many wait for longer than a day, never their names."""
        number = uploads.waiting_too_long(now=now).count()
        return [f"Files that wait for a form that was never finished: {number}."]
