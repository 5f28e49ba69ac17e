"""``manage.py check_data``: do the database and the evidence folder hold what they promise?"""

from django.core.management.base import BaseCommand, CommandError

from recommendations.services.integrity import CHECKS, Aside


class Command(BaseCommand):
    """Checks every promise and names each breach."""

    help = (
        "Check that the database and the evidence folder hold what they promise. Prints one line for "
        "each breach; exit status 1 if there are any. Two kinds of line are not breaches: LEFTOVER, "
        "for what a crash left and a sweep will remove, and OLDER, for a name that is older than the "
        "rules for names; the line says who can change it, and where."
    )

    def handle(self, **options):
        total = 0
        for name, check in CHECKS.items():
            found = 0
            for sentence in check():
                if isinstance(sentence, Aside):
                    self.stdout.write(f"{sentence.label} {sentence}")
                    continue
                found += 1
                self.stdout.write(f"BREACH {sentence}")
            total += found
            self.stdout.write(f"{name}: {found or 'no'} breach{'' if found == 1 else 'es'}")
        if total:
            raise CommandError(f"{total} breach{'' if total == 1 else 'es'} found; each is named above.")
        self.stdout.write("All promises are kept.")
