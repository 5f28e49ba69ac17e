"""Does by hand what the scheduler's tick does: harmless beside it."""

from recommendations import jobs
from recommendations.mail import outbox
from recommendations.management.clock import (
    ClockCommand,
    planned_digests,
    planned_reminders,
    planned_sending,
    refuse_to_write_files,
)
from recommendations.services.mail import digests, purge, reminders


class Command(ClockCommand):
    """``manage.py tick [--now ISO] [--dry-run]``."""

    help = "Queue the reminders and digests that are due, then send what is queued. Needs no scheduler."

    def run(self, now):
        """Run the jobs in turn."""
        refuse_to_write_files()
        done = jobs.tick(now)
        return [f"{name}: {number}" for name, number in done.items()]

    def preview(self, now):
        """Say what each of them would do, as things are."""
        yield from planned_reminders(reminders.plan(now=now))
        yield from planned_digests(digests.plan(now=now))
        yield from planned_sending(outbox.due(now))
        yield f"Old mails of which the text would be removed: {purge.old_mails(now=now).count()}."
