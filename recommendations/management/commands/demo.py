"""``manage.py demo``: adds a made-up team and six months of its work, or removes them."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.management.demo.play import editions_with_examples, play, remove_examples
from recommendations.models import Report, User


class Command(BaseCommand):
    """Adds the demonstration to the newest report, or removes it."""

    help = "Add a made-up team and six months of its work, marked as examples; --remove removes them."

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="remove the made-up team and its work")

    def handle(self, *, remove, **options):
        if remove:
            self.remove()
        else:
            self.play()

    def play(self):
        """Add the demonstration, and say who can sign in."""
        report = Report.objects.filter(closed_at=None).exclude(recommendations=None).order_by("-year").first()
        if report is None:
            raise CommandError("There is no report to work on. Run “make run” first; it imports one.")
        people, password = play(report=report, now=timezone.now())
        if password is None:
            self.stdout.write("The made-up team is already here. “make demo-remove” removes it.")
            return
        self.stdout.write(f"Added {len(people)} made-up people and six months of their work on {report}.")
        self.stdout.write(f"All of them sign in with this password, shown once: {password}")
        for person in people.values():
            role = person.groups.get().name
            self.stdout.write(f"  {person.email:<24} {role}")
        self.stdout.write("Everything made up says “example”. “make demo-remove” removes it again.")

    def remove(self):
        """Remove the demonstration, and say what was kept and why."""
        if not User.objects.filter(is_example=True).exists():
            self.stdout.write("There is no made-up team here. Nothing was changed.")
            return
        gone, kept = remove_examples(now=timezone.now())
        self.stdout.write(f"Removed {gone} made-up people and their work.")
        for person in kept:
            self.stdout.write(
                f"Kept {person}, without sign-in: something real rests on them, such as a decision."
            )
        for edition in editions_with_examples():
            self.stdout.write(
                f"Kept the edition “{edition.name}” of {edition.report}: an edition is never changed. "
                f"What is made up in it says “example”: {settings.SITE_URL}{edition.get_absolute_url()}"
            )
