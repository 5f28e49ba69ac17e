"""Owes the reminders that are due."""

from recommendations import jobs
from recommendations.management.clock import ClockCommand, planned_reminders
from recommendations.services.mail import reminders


class Command(ClockCommand):
    """``manage.py queue_reminders [--now ISO] [--dry-run]``."""

    help = "Queue a reminder for each person who is due one, at most one a day. Sends nothing."

    def run(self, now):
        """Queue them."""
        return [f"Reminders queued: {jobs.queue_reminders(now)}."]

    def preview(self, now):
        """Say who would be reminded of what."""
        return planned_reminders(reminders.plan(now=now))
