"""Says whether the jobs run: for health checks and for people."""

import sys
from datetime import UTC

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommendations import heartbeat

WORDS = {
    heartbeat.HANGS: "Sending hangs: the mail server does not say whether it accepts a mail",
    heartbeat.UNUSABLE: "The mail server cannot be used",
    heartbeat.SILENT: "The mail worker has not sent any mails",
}


class Command(BaseCommand):
    """``manage.py heartbeat``: exit status 1 when no tick ran for 15 minutes, or no mail goes out."""

    help = (
        "Say when the jobs last ran, and whether mails go out. Exit status 1 when somebody needs to "
        "look into it."
    )

    def add_arguments(self, parser):
        """Add the option for health checks of a worker, whose fault a mail server is not."""
        parser.add_argument(
            "--jobs", action="store_true", dest="jobs_only", help=("only say whether the jobs ran")
        )

    def handle(self, *args, jobs_only=False, **options):
        """Print one line, and another where mails do not go out."""
        jobs = heartbeat.job_status(timezone.now())
        if jobs.age is None:
            self.stdout.write("The jobs have not run here yet.")
        else:
            self.stdout.write(f"The jobs last ran {int(jobs.age.total_seconds())} seconds ago.")
        if jobs.mail and not jobs_only:
            since = jobs.mail.since.astimezone(UTC)
            self.stdout.write(f"{WORDS[jobs.mail.what]} since {since:%Y-%m-%d %H:%M} UTC.")
        if jobs.silent or (jobs.mail and not jobs_only):
            sys.exit(1)
