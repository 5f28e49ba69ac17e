"""``manage.py backup FILE``: everything in one file that only the offline recovery key opens."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations import vault
from recommendations.backups.archive import Unreadable
from recommendations.errors import Refused
from recommendations.management.progress import progress
from recommendations.services.backups import backup


class Command(BaseCommand):
    """Writes the backup; the file gets its name only when it is complete."""

    help = "Write the database and the evidence into one file that only the offline recovery key can open."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", type=Path, help="the file to write; it must not exist yet, and is best on another disk"
        )
        parser.add_argument(
            "--even-if-damaged",
            action="store_true",
            help=("leave damaged files out, and list them in the backup"),
        )

    def handle(self, *, file, even_if_damaged, **options):
        """Write it, and say what is in it."""
        bar = progress("Reading", self.stdout)
        try:
            manifest = backup.make(
                path=file, now=timezone.now(), even_if_damaged=even_if_damaged, progress=bar
            )
        except (Refused, vault.Locked, Unreadable) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"{file} could not be written: {error.strerror}.") from error
        rows, files = sum(manifest["counts"].values()), len(manifest["objects"])
        self.stdout.write(f"Wrote {file}. Rows: {rows}; files: {files - len(manifest['left_out'])}.")
        for name in manifest["left_out"]:
            self.stdout.write(f"LEFT OUT, damaged: {name}")
        self.stdout.write(
            "Only the recovery key can open it. Check it with that key: manage.py "
            "restore FILE --identity KEY --verify"
        )
