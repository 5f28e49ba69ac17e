"""Adds a manager from the server: the first one, or one when no manager can sign in any more."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.services.people import add_manager


class Command(BaseCommand):
    """Prints a one-time password; the act is recorded as one of the server's."""

    help = "Add a manager, and print the one-time password for their first sign-in."

    def add_arguments(self, parser):
        """Take the address and the name."""
        parser.add_argument("address", help="the e-mail address to sign in with")
        parser.add_argument("--name", required=True, help="the name that pages and mails show")

    def handle(self, *args, address, name, **options):
        """Add the person; say why where that is refused."""
        try:
            person, password = add_manager(email=address, name=name, now=timezone.now())
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{person} ({person.email}) is now a manager.")
        self.stdout.write(f"One-time password: {password}")
        self.stdout.write("They must choose their own password when they first sign in.")
