"""Removes the words of old mails."""

from recommendations.management.clock import ClockCommand
from recommendations.services.mail import purge


class Command(ClockCommand):
    """``manage.py purge_mails [--now ISO] [--dry-run]``."""

    help = (
        "Remove the words of mails older than MAIL_WORDS_DAYS; to whom, when and what became of each stays. "
        "The tick does it once a day. Digests that went out stay, to be read again."
    )

    def run(self, now):
        """Remove them."""
        return [f"{purge.purge_mails(now=now)} mails lost their words."]

    def preview(self, now):
        """Say how many would lose theirs."""
        return [f"{purge.old_mails(now=now).count()} mails would lose their words."]
