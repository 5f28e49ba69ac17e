"""``manage.py restore FILE --identity KEY``: a backup back into an empty place, verified whole."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations import vault
from recommendations.backups.archive import Unreadable
from recommendations.errors import Refused
from recommendations.management.progress import progress
from recommendations.services.backups import restore
from recommendations.vault import keys, officers
from tracker.process import preflight


class Command(BaseCommand):
    """Verifies a backup, and restores it; whole or not at all."""

    help = (
        "Restore a backup into an empty place. Every file is opened and compared, every row is "
        "counted, and the event sequence is verified. A backup that is not complete is refused, and "
        "nothing of it is left behind."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="the backup")
        parser.add_argument(
            "--identity",
            metavar="FILE",
            help="the secret half of the recovery key",
        )
        parser.add_argument(
            "--verify", action="store_true", help="only verify the backup; the place need not be empty"
        )

        parser.add_argument(
            "--abandon",
            action="store_true",
            help="remove what an interrupted restore has left here, without starting another",
        )

    def handle(self, *, file, identity, verify, abandon, **options):
        """Verify, or restore, or remove what was left of a restore."""
        if abandon:
            self._abandon()
            return
        if not file or not identity:
            raise CommandError("Give the backup and its key: restore FILE --identity KEY", returncode=2)
        bar = progress("Verifying" if verify else "Restoring", self.stdout)
        try:
            own = keys.read_identities(Path(identity))
            if verify:
                self._say(restore.verify(path=file, own=own, progress=bar), "Whole")
                return
            lock = preflight.hold_lock(settings.DATA_DIR)
            manifest, held = restore.restore(
                path=file, own=own, now=timezone.now(), upgrade=self._upgrade, progress=bar
            )
        except (Refused, vault.Damaged, Unreadable, preflight.CannotStart) as error:
            raise CommandError(f"Not restored. {error}") from error
        except OSError as error:
            raise CommandError(f"Not restored. {error.filename or file}: {error.strerror}.") from error
        self._say(manifest, "Restored")
        if held:
            self.stdout.write(
                f"Mails that were waiting then and are held, since they may have been sent: {held}. A "
                "manager can send each again or mark it as delivered, on the desk under Mails."
            )
        self.stdout.write(
            f"Evidence removed by decision, according to the restored record: {restore.removed()}. "
            f"Decisions after {manifest['made_at'][:16]} UTC are not in it: an item removed since then "
            "is back, and two people have to decide its removal again."
        )
        if named := officers.officers():
            names = ", ".join(one.name for one in named)
            self.stdout.write(
                f"Evidence is now sealed to the officers of that time: {names}. Anybody you have "
                "dropped since then is among them again: see “evidence_keys officers”."
            )
        self.stdout.write("Everybody has to sign in again. Start the tracker as usual.")
        del lock

    def _abandon(self):
        try:
            lock = preflight.hold_lock(settings.DATA_DIR)
            found = restore.abandon()
        except (Refused, preflight.CannotStart) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Removed." if found else "There was nothing left of a restore here.")
        del lock

    def _upgrade(self):
        """Bring the restored database up to this version of the program."""
        call_command("migrate", interactive=False, verbosity=0)

    def _say(self, manifest, word):
        rows, files, made_at = sum(manifest["counts"].values()), len(manifest["objects"]), manifest["made_at"]
        self.stdout.write(f"{word}: the backup of {made_at[:16]} UTC. Rows: {rows}; files: {files}.")
        for name in manifest["left_out"]:
            self.stdout.write(f"NOT IN THE BACKUP, damaged when it was made: {name}")
