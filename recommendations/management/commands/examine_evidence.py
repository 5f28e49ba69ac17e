"""Does by hand what workers do with new evidence in the background."""

from recommendations import jobs
from recommendations.choices import Purpose
from recommendations.management.clock import ClockCommand
from recommendations.services.evidence import examinations


class Command(ClockCommand):
    """``manage.py examine_evidence [--again] [--now ISO] [--dry-run]``."""

    help = "Scan new files, make previews and copies without metadata, and read their text for the search."

    def add_arguments(self, parser):
        """Add ``--again`` to the two options."""
        super().add_arguments(parser)
        parser.add_argument("--again", action="store_true", help="also try again what failed before")

    def handle(self, *args, again=False, dry_run=False, **options):
        """Forget the failures first, if told to."""
        if again and not dry_run:
            self.stdout.write(f"{examinations.forget_failures()} failed steps are tried again.")
        return super().handle(*args, dry_run=dry_run, **options)

    def run(self, now):
        """Do all that waits."""
        return [f"Steps done: {jobs.examine_evidence(now, seconds=None)}."]

    def preview(self, now):
        """Say how many items wait for each step, never their names."""
        for purpose in Purpose:
            number = examinations.waiting(purpose=purpose, now=now).count()
            yield f"{purpose.label}, items that wait: {number}."
