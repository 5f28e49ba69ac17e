"""Brings the database, the static files and the shipped report up to this version of the program."""

import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, OperationalError, connection

from recommendations.backups import workplace
from recommendations.middleware.interrupted import trouble_of
from recommendations.models import Report
from recommendations.services.keys import rotation
from recommendations.vault import Locked
from tracker.process import preflight

SHIPPED_REPORT = Path("recommendations/shipped/2024-north-korea.txt")


class Command(BaseCommand):
    """Safe to repeat: a second time it changes nothing."""

    help = (
        "Bring the database and the static files up to date, and import the report that ships with "
        "the tracker."
    )

    def handle(self, *args, **options):
        """Migrate, collect the static files, and import by the command that any report goes through."""
        try:
            preflight.check_data(settings.RESTORE_MARK, connection, will_prepare=True)
        except preflight.CannotStart as reason:
            raise CommandError(str(reason)) from reason
        workplace.sweep()
        self._say("Preparing the database …")
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"DATABASE_URL: the database does not answer: {error}".strip()) from error
        try:
            call_command("migrate", interactive=False, verbosity=0, stderr=self.stderr)
        except DatabaseError as error:
            raise CommandError(f"The database could not be brought up to date. {_why(error)}") from error
        call_command("collectstatic", interactive=False, verbosity=0)
        # Only into a tracker without a report: later ones are the managers' choice, and none of theirs
        # may keep the tracker from starting.
        if not Report.objects.exists():
            path = str(settings.BASE_DIR / SHIPPED_REPORT)
            call_command("import_report", path, stdout=io.StringIO(), stderr=self.stdout)
        self._encrypt()

    def _encrypt(self):
        """Make the key at the first start, and encrypt files that were stored before there was encryption.

        A key that is missing or wrong keeps nothing else from working: it is reported here, on the desk, and
        to people who add or open a file.
        """
        for path in rotation.drop_drafts():
            self._say(f"Removed, left by a process that was killed: {path}")
        try:
            rotation.make_first_key()
            encrypted, problems = rotation.encrypt_unencrypted(progress=self._encrypting)
        except Locked as locked:
            self._say(f"Evidence can be neither added nor opened: {locked}")
            return
        if encrypted:
            self._say(f"Evidence files encrypted: {encrypted}.")
        for problem in problems:
            self._say(f"Not encrypted, and left as it is: {problem}")

    def _encrypting(self, names):
        if names:
            self._say(
                "Encrypting the evidence files that were stored before the tracker encrypted evidence: "
                f"{len(names)} …"
            )
        return names

    def _say(self, text):
        self.stdout.write(text)
        self.stdout.flush()


def _why(error):
    """Return what stood in the way, and what helps if that is known."""
    words = f"The database said: {str(error).strip()}"
    if trouble_of(error) != "busy":
        return words
    return (
        "Something has locked the database for a long time, such as a backup or a report: start again "
        f"when that has finished. {words}"
    )
