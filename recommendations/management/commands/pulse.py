"""Says whether the jobs run: for health checks and for people."""

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from recommendations import pulse


class Command(BaseCommand):
    """``manage.py pulse``: exit status 1 when no tick ran for 15 minutes."""

    help = "Say when the jobs last ran. Exit status 1 when that is more than 15 minutes ago."

    def handle(self, *args, **options):
        """Print one line."""
        jobs = pulse.pulse(timezone.now())
        if jobs.age is None:
            self.stdout.write("The jobs have not run here yet.")
        else:
            self.stdout.write(f"The jobs last ran {int(jobs.age.total_seconds())} seconds ago.")
        if jobs.silent:
            sys.exit(1)
