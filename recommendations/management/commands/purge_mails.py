"""Removes the words of old mails."""

from recommendations.management.clock import ClockCommand
from recommendations.services.mail import purge


class Command(ClockCommand):
    """``manage.py purge_mails [--now ISO] [--dry-run]``."""

    help = (
        "Remove the text of mails older than MAIL_WORDS_DAYS. Who they went to, when, and what became "
        "of them stays recorded. The tick does this once a day. Digests that were sent keep their "
        "text, so that they can be read again."
    )

    def run(self, now):
        """Remove them."""
        return [f"Mails of which the text was removed: {purge.purge_mails(now=now)}."]

    def preview(self, now):
        """Say how many would lose theirs."""
        return [f"Mails of which the text would be removed: {purge.old_mails(now=now).count()}."]
