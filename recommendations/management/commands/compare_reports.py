"""``manage.py compare_reports``: two reports of one country go in, the proposed lineage comes out."""

import json
from pathlib import Path
from typing import NamedTuple

from django.core.management.base import BaseCommand, CommandError

from recommendations.importing import NotANarrative, YearNotStated
from recommendations.importing.folding import shorten
from recommendations.lineage import compare
from recommendations.management.narratives import NOT_A_NARRATIVE, parse_with_path, read
from recommendations.models import Report

SHORT = 46  # characters of each text in the table


class Compared(NamedTuple):
    """One of the two reports, from the database or from a file."""

    country: str
    year: int
    complete: bool
    texts: list[str]

    def __str__(self):
        whole = "" if self.complete else ", list not known to be whole"
        return f"{self.country} {self.year} ({len(self.texts)} recommendations{whole})"


class Command(BaseCommand):
    """Proposes which recommendations of two reports are the same demand; stores nothing."""

    help = (
        "Propose how the recommendations of a report descend from those of an earlier report of the same "
        "country. Nothing is stored. Exit status 2: a file is not a narrative."
    )

    def add_arguments(self, parser):
        what = "an imported report (TIP-2024-KP), or a document with a narrative"
        parser.add_argument("old", help=f"the earlier one: {what}")
        parser.add_argument("new", help=f"the later one: {what}")
        parser.add_argument("--country", help="the country, if a file does not say: a name or ISO code")
        parser.add_argument("--old-year", type=int, help="the year of OLD, if the file does not say")
        parser.add_argument("--new-year", type=int, help="the year of NEW, if the file does not say")
        parser.add_argument(
            "--format", choices=["table", "json"], default="table", help="what to print (default: table)"
        )

    def handle(self, *, old, new, country, old_year, new_year, **options):
        earlier = take(old, country, old_year, "--old-year")
        later = take(new, country, new_year, "--new-year")
        if earlier.country != later.country:
            raise CommandError(
                f"{old} is about {earlier.country} and {new} about {later.country}. Give two reports of one "
                "country."
            )
        try:
            found = compare(
                earlier.texts,
                later.texts,
                old_complete=earlier.complete,
                new_complete=later.complete,
                old_year=earlier.year,
                new_year=later.year,
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(as_dict(found), ensure_ascii=False, indent=2))
        else:
            self.print_table(earlier, later, found)

    def print_table(self, earlier, later, found):
        """Print each pair as a person reads it: the kind, then the two texts beside each other."""
        self.stdout.write(f"{earlier} → {later}")
        self.stdout.write("A proposal: read both texts before you rely on it.")
        for pair in found.pairs:
            olds = [f"{at}. {shorten(earlier.texts[at - 1], SHORT)}" for at in pair.old] or ["–"]
            news = [f"{at}. {shorten(later.texts[at - 1], SHORT)}" for at in pair.new] or ["–"]
            kind = str(pair.kind.label)
            score = f"{pair.score:.2f}" if pair.score else ""
            for row in range(max(len(olds), len(news))):
                left, right = (side[row] if row < len(side) else "" for side in (olds, news))
                line = f"{kind:<10} {score:>4}  {left:<{SHORT + 4}}  {right}"
                self.stdout.write(line.rstrip())
                kind = score = ""
        for warning in found.warnings:
            self.stdout.write(f"Warning: {warning}")


def as_dict(found):
    """Return a comparison as plain values for JSON."""
    return {
        "pairs": [
            {
                "old": list(pair.old),
                "new": list(pair.new),
                "kind": str(pair.kind.value),
                "score": pair.score,
            }
            for pair in found.pairs
        ],
        "warnings": list(found.warnings),
    }


def take(name, country, year, year_option):
    """Return the report that an argument names, or stop with a sentence that says what to give."""
    path = Path(name)
    if path.is_file():
        return from_file(path, country, year, year_option)
    report = Report.objects.with_slug(name.upper()).first()
    if report is None:
        raise CommandError(
            f"{name} is no file and no report that was imported. Give the path of a document with a "
            "narrative, or the name of a report, such as TIP-2024-KP."
        )
    texts = list(report.recommendations.listed().order_by("position").values_list("text", flat=True))
    return Compared(report.country_name, report.year, report.complete, texts)


def from_file(path, country, year, year_option):
    """Read a narrative; what it does not say is to be given as an argument."""
    try:
        parsed, _year = parse_with_path(read(path), path, country, year)
    except YearNotStated as error:
        raise CommandError(
            f"{path}: the text does not say its year. Give it with {year_option}.", returncode=NOT_A_NARRATIVE
        ) from error
    except NotANarrative as error:
        raise CommandError(f"{path}: {error}", returncode=NOT_A_NARRATIVE) from error
    texts = [item.text for item in parsed.recommendations]
    return Compared(parsed.country_name, parsed.year, parsed.complete, texts)
