"""``manage.py check_data``: does the database, and the evidence folder, hold what they promise?"""

from django.core.management.base import BaseCommand, CommandError

from recommendations.services.integrity import CHECKS, Aside


class Command(BaseCommand):
    """Verifies every promise and names each breach."""

    help = (
        "Verify what the database and the evidence folder promise. Exit status 1 and a line a breach. None "
        "is what a crash left, and a sweep will take away, named as LEFTOVER; nor a name given before the "
        "rules for names, named as OLDER with who changes it where."
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
            self.stdout.write(f"{name}: {found or 'no'} breach{'es' if found > 1 else ''}")
        if total:
            raise CommandError(f"{total} breach{'es' if total > 1 else ''} found; each is named above.")
        self.stdout.write("All promises are kept.")
