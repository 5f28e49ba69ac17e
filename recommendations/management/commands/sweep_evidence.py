"""Removes files that wait for a form that was never finished."""

from recommendations import jobs
from recommendations.management.clock import ClockCommand
from recommendations.services.evidence import uploads


class Command(ClockCommand):
    """``manage.py sweep_evidence [--now ISO] [--dry-run]``."""

    help = "Remove files received with a form that was never finished, and what a crash left behind."

    def run(self, now):
        """Remove them."""
        return [f"{jobs.sweep_evidence(now)} files removed."]

    def preview(self, now):
        """Say how many wait for longer than a day, never their names."""
        return [f"{uploads.waiting_too_long(now=now).count()} files wait for a form that was never finished."]
