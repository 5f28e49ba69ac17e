"""Replaces Django's command, which tells nobody and leaves a password that two people know."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.models import User
from recommendations.services.people import give_password_from_server


class Command(BaseCommand):
    """Prints a one-time password; the person and all managers are told."""

    help = "Give somebody a one-time password when no manager can."

    def add_arguments(self, parser):
        """Take the address."""
        parser.add_argument("address", help="the e-mail address that the person signs in with")

    def handle(self, *args, address, **options):
        """Give it; say so where there is no such person."""
        person = User.objects.filter(email=address.strip().casefold()).first()
        if person is None:
            raise CommandError(f"Nobody signs in with the address “{address}”.")
        password = give_password_from_server(person=person, now=timezone.now())
        self.stdout.write(f"One-time password for {person} ({person.email}), valid for 72 hours: {password}")
        self.stdout.write("They must choose their own password when they next sign in.")
