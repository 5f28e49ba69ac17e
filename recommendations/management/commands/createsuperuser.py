"""Replaces Django's command, which gives rights that no page shows and no change of role takes away."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Refuses, and names the command that makes a manager."""

    help = "There are no superusers here; use add_manager."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        """Take what Django's command takes, so that its callers read the sentence below."""
        for name in ("--email", "--name", "--database"):
            parser.add_argument(name)
        parser.add_argument("--noinput", "--no-input", action="store_true")

    def handle(self, *args, **options):
        """Say what to do."""
        raise CommandError(
            "There are no superusers here: what people can do follows from their role. To add a "
            "manager: manage.py add_manager ADDRESS --name NAME"
        )
