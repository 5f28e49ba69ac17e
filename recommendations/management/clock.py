"""What the commands of the jobs share: ``--now`` and ``--dry-run``."""

from abc import ABC, abstractmethod
from datetime import UTC, datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from tracker.process import preflight


def moment(value):
    """Return the aware datetime that ``value`` names in ISO 8601; UTC where it names no zone.

    Raises: CommandError (exit status 2) with a sentence that says what would do.
    """
    try:
        parsed = datetime.fromisoformat(value.strip())
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise CommandError(
            f"--now must be a moment such as 2024-09-02T08:00 or 2024-09-02T08:00+09:00, not “{value}”.",
            returncode=2,
        ) from None


def refuse_to_write_files():
    """Refuse to turn mails into files where the tracker that runs here sends them. Raises: CommandError."""
    if settings.MAIL_SERVER_NOT_NAMED:
        raise CommandError(
            "EMAIL_URL is not set here, but the last start sent mails through a server. Nothing was "
            "done: the mails would have been written as files and reached nobody. Set EMAIL_URL to the "
            "value that make run uses."
        )


class ClockCommand(BaseCommand, ABC):
    """A command that runs one job at a moment, or says what it would do."""

    def add_arguments(self, parser):
        """Add the two options."""
        parser.add_argument(
            "--now",
            metavar="ISO",
            help="act as if it were this moment, such as 2024-09-02T08:00+09:00; UTC if no zone is given",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="print who would get what; write and send nothing"
        )

    def handle(self, *args, now=None, dry_run=False, **options):
        """Run the job, or print what it would do."""
        at = moment(now) if now else timezone.now()
        try:
            preflight.check_data(settings.RESTORE_MARK, connection)
        except preflight.CannotStart as reason:
            raise CommandError(str(reason)) from reason
        for line in self.preview(at) if dry_run else self.run(at):
            self.stdout.write(line)

    @abstractmethod
    def run(self, now):
        """Run the job. Returns: an iterable of lines that say what was done."""

    @abstractmethod
    def preview(self, now):
        """Return an iterable of lines that say what would be done; change nothing."""


# What the names of the stages say (see rules/dates.py); the number of days follows the sign.
STAGE_WORDS = {"T-": "due in {} days or less", "O+": "overdue for {} days", "W": "has waited for {} days"}


def stage_words(name):
    """Return the name of a stage in words: "O+56" as "overdue for 56 days"."""
    for sign, said in STAGE_WORDS.items():
        if name.startswith(sign):
            return said.format(name.removeprefix(sign))
    return "due"


def planned_reminders(reminders):
    """Yield a line for each reminder that would be queued or held back, and for each thing that it tells."""
    queued = 0
    for reminder in reminders:
        held = f"  held back: {reminder.pause}" if reminder.pause else ""
        yield f"reminder  {reminder.person.email}  {reminder.day.isoformat()}  {reminder.news}{held}"
        queued += not reminder.pause
        for due_item in reminder.fresh:
            about = "restricted item" if due_item.is_restricted else due_item.reference
            yield f"          {about}  {stage_words(due_item.stages[-1].name)}"
    yield f"Reminders that would be queued: {queued}."


def planned_digests(issues):
    """Yield a line for each digest that would be queued or held back."""
    queued = 0
    for issue in issues:
        held = "  held back: nothing is sent" if issue.is_skipped else ""
        yield f"digest    {issue.reader.email}  {issue.period}  {issue.news}{held}"
        queued += not issue.is_skipped
    yield f"Digests that would be queued: {queued}."


def planned_sending(due):
    """Yield a line for each mail that would be sent or held back."""
    for mail, reason in due:
        held = f"  held back: {reason}" if reason else ""
        yield f"{mail.kind:<8}  {mail.recipient.email}  {mail.subject}{held}"
    yield f"Mails already queued that would be sent: {sum(not reason for _mail, reason in due)}."
