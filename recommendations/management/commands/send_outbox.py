"""Sends the mails that are queued."""

from recommendations import heartbeat
from recommendations.mail import outbox
from recommendations.management.clock import ClockCommand, planned_sending, refuse_to_write_files


class Command(ClockCommand):
    """``manage.py send_outbox [--now ISO] [--dry-run]``."""

    help = "Send the queued mails that are due, each once."

    def run(self, now):
        """Send them."""
        refuse_to_write_files()
        heartbeat.record_sending(now)
        tally = outbox.send(now)
        told = f"Mails sent: {tally['sent']}."
        if tally["written"]:
            told = f"Mails written as files, which reached nobody: {tally['written']}. EMAIL_URL is not set."
        return [told, *(f"{outcome}: {n}" for outcome, n in sorted(tally.items()))]

    def preview(self, now):
        """Say who would be sent what, and what would be held back."""
        return planned_sending(outbox.due(now))
