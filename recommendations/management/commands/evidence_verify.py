"""``manage.py evidence_verify``: is every file of evidence still what was received?"""

import re

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.management.progress import progress
from recommendations.services.evidence import verification

SHARE = re.compile(r"([1-9]\d{0,3})/([1-9]\d{0,3})")
NOT_READ = 2


def share(value):
    """Return (number, of how many) of a text such as 7/30.

    Raises: CommandError (exit status 2) with a sentence that says what would do.
    """
    match = SHARE.fullmatch(value)
    if not match or int(match[1]) > int(match[2]):
        raise CommandError(
            f"--share must be a share such as 1/30, the first of thirty, not “{value}”.", returncode=2
        )
    return int(match[1]), int(match[2])


class Command(BaseCommand):
    """Opens and compares everything, or a share; changes no file."""

    help = (
        "Open every evidence file and compare it with what was recorded when it was received. Nothing "
        "is repaired. Exit status 1 when something is damaged, 2 when nothing could be read."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--share",
            metavar="1/30",
            help=("check only this share of the files, and what is new since yesterday"),
        )

    def handle(self, **options):
        """Verify, and name each file that is not what it was."""
        chosen = share(options["share"]) if options["share"] else None
        bar = progress("Reading", self.stdout)
        result = verification.verify(now=timezone.now(), share=chosen, progress=bar)
        if result.locked:
            raise CommandError(f"Evidence cannot be read: {result.locked}", returncode=NOT_READ)
        for problem in result.problems:
            self.stdout.write(f"DAMAGED {problem}")
        if result.unencrypted:
            self.stdout.write(f"Files that are not encrypted: {result.unencrypted}. Run manage.py prepare.")
        if result.problems:
            raise CommandError(
                f"Damaged files: {len(result.problems)} of {result.checked}; each is named above. "
                "Restore them from a backup; nothing was changed here."
            )
        self.stdout.write(f"Files read: {result.checked}; each is as it was received.")
