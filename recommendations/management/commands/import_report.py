"""``manage.py import_report``: narratives go in, their recommendations come out as JSON or as a table."""

import json
import tempfile
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from recommendations.importing import NotANarrative
from recommendations.management import bringing, further_versions
from recommendations.management.narratives import NOT_A_NARRATIVE
from recommendations.management.pairs import person_called, succession_of
from recommendations.management.progress import progress
from recommendations.management.shelf import Shelf
from recommendations.models import Event
from recommendations.services.reports import is_there

# What is about one narrative, and so cannot be given for a folder of them.
OF_ONE = ("country", "year", "released", "source_url", "pairs", "by", "carry_over", "new_version", "tier")
# How the names of documents end.
SUFFIXES = (".docx", ".htm", ".html", ".mhtml", ".pdf", ".txt")
# How much of a file's name and of a country's the table shows.
NAME, COUNTRY = 40, 24


class Command(BaseCommand):
    """Imports a narrative of the Trafficking in Persons Report from a document, or each one of a folder."""

    help = (
        "Import the narrative of one country and year from a PDF, a Word document, a saved web page or a "
        "text file, and print what was read as JSON. Importing the same file again changes nothing. Exit "
        "status 2: the file is not a narrative. Of a folder, each file that ends in .pdf, .docx, .html, "
        ".htm, .mhtml or .txt is imported, also in the folders below it, the newest report of a country "
        "first: older ones are imported as closed. What was found, and what was refused and why, is printed "
        "as a table. Exit status 1: something was refused."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a document, or a folder of them")
        parser.add_argument("--country", help="the country, if the text does not say: a name or ISO code")
        parser.add_argument(
            "--year", type=int, help="the year of publication, if neither the text nor the path says"
        )
        parser.add_argument(
            "--released",
            type=date.fromisoformat,
            help="the day on which the report was released, such as 2026-07-01; known up to 2025",
        )
        parser.add_argument("--source-url", default="", help="the page on which the report was published")
        parser.add_argument(
            "--pairs",
            type=Path,
            help="a file with the lines to the report before it, which the import confirms: what "
            "compare_reports --format json prints, corrected by hand",
        )
        parser.add_argument("--by", help="the e-mail address of the manager who imports and confirms")
        parser.add_argument(
            "--carry-over",
            action="store_true",
            help="with --pairs: also carry over what people set on the earlier recommendations",
        )
        parser.add_argument(
            "--new-version",
            action="store_true",
            help="add the file to the report that is there, as a whole text after one that was cut or as a "
            "corrected edition; look at it with --dry-run first",
        )
        parser.add_argument(
            "--tier",
            choices=[*further_versions.TIERS],
            help="with --new-version, if the file states another tier: whether that of the report stays, or "
            "that of the file is taken",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and show, store nothing")
        parser.add_argument(
            "--format",
            choices=["json", "text"],
            help="what to print (default: json for a file, text for a folder)",
        )

    def handle(self, *, path, dry_run, **options):
        if path.is_dir():
            given = [name for name in OF_ONE if options[name]]
            if given:
                option = "--" + given[0].replace("_", "-")
                raise CommandError(f"{option} is about one narrative: give it with a file, not a folder.")
            self.import_folder(path, dry_run, options["format"] or "text")
        else:
            self.import_file(path, dry_run, options)

    def import_file(self, path, dry_run, options):
        """Import one file, and print its list."""
        try:
            brought = bringing.bring(
                path,
                country=options["country"],
                year=options["year"],
                released_on=options["released"],
                source_url=options["source_url"],
            )
            if options["new_version"]:
                self.add_version(brought, dry_run, options)
                return
            actor, succession = self.taken_over(brought, options)
            report, made = bringing.store(brought, dry_run=dry_run, actor=actor, succession=succession)
        except NotANarrative as error:
            raise CommandError(f"{path}: {error}", returncode=NOT_A_NARRATIVE) from error
        except CommandError:
            raise
        except bringing.REASONS as error:
            raise CommandError(f"{path}: {bringing.said_by(error)}") from error
        if made and not report.is_followed:
            self.stderr.write(
                "There is a newer report of this country, so this one was imported as closed: people "
                "can read it, and nothing in it falls due."
            )
        if options["format"] == "text":
            self.print_text(brought.parsed)
        else:
            self.stdout.write(json.dumps(brought.parsed.as_dict(), ensure_ascii=False, indent=2))
        self.stderr.write(closing_line(brought.parsed, made, dry_run))
        if succession:
            self.stderr.write(line_of_lines(succession, report, made))

    def taken_over(self, brought, options):
        """Return who imports, and what is taken over from the report before it. Raises: CommandError."""
        actor = person_called(options["by"]) if options["by"] else None
        if not options["pairs"]:
            if options["carry_over"]:
                raise CommandError("--carry-over goes with --pairs: what is carried over follows from lines.")
            return actor, None
        if actor is None:
            raise CommandError("--pairs: say with --by who confirms the lines, by the e-mail address.")
        if there := is_there(parsed=brought.parsed):
            raise CommandError(f"{there} was imported before. Confirm its lines on their page.")
        return actor, succession_of(options["pairs"], brought.parsed, carries=options["carry_over"])

    def add_version(self, brought, dry_run, options):
        """Add one file as a further source version, and print what that changes."""
        if options["pairs"]:
            raise CommandError("--pairs is about a first import: confirm lines on the page of the report.")
        further = further_versions.further_of(brought)
        if further is None:
            self.stderr.write("Nothing to do: this file is a source version already.")
            return
        if options["format"] == "text":
            self.stdout.write("\n".join(further_versions.in_words(further)))
        else:
            said = further_versions.described(further)
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        if dry_run:
            self.stderr.write("Dry run: nothing was stored.")
            return
        actor = person_called(options["by"]) if options["by"] else None
        version = further_versions.add(brought, further, options["tier"], actor)
        self.stderr.write(f"{further.report} has source version {version.number} now.")

    def print_text(self, parsed):
        """Print the list as a person reads it."""
        self.stdout.write(
            f"{parsed.country_name} {parsed.year}, {parsed.as_dict()['tier'] or 'tier not stated'}"
        )
        for item in parsed.recommendations:
            self.stdout.write(f"{item.position:>3}. {item.text}")
        for warning in parsed.warnings:
            self.stdout.write(f"Warning: {warning}")

    def import_folder(self, folder, dry_run, shape):
        """Import each narrative of a folder, and print what became of each file."""
        paths = sorted(one for one in folder.rglob("*") if is_document(one, folder))
        if not paths:
            raise CommandError(f"There is no file that ends in {', '.join(SUFFIXES)} in {folder}.")
        with tempfile.TemporaryDirectory(prefix="narratives-") as aside:
            rows = self.import_each(paths, folder, Shelf(aside), dry_run)
        rows.sort(key=lambda row: row["file"])
        self.print_rows(rows, shape)
        number = sum(row["outcome"] == "refused" for row in rows)
        if number:
            raise CommandError(f"Not imported: {number} of {len(rows)} files; the table says why.")

    def import_each(self, paths, folder, shelf, dry_run):
        """Read each file, then import each that is a narrative. Returns: the rows of the table."""
        found, rows = [], []
        for path in progress("Reading", self.stderr)(paths):
            try:
                found.append(shelf.put(bringing.bring(path)))
            except bringing.REASONS as reason:
                rows.append(refused(path.relative_to(folder), reason))
        # The newest first: an older report is imported as closed, and nothing in it falls due.
        found.sort(key=lambda one: -one.year)
        for one in progress("Importing", self.stderr)(found):
            rows.append(self.outcome(shelf, one, one.path.relative_to(folder), dry_run))
        return rows

    def outcome(self, shelf, shelved, name, dry_run):
        """Import one narrative of a folder. Returns: its row."""
        parsed = None
        try:
            brought = shelf.take(shelved)
            parsed = brought.parsed
            report, made = bringing.store(brought, dry_run=dry_run)
        except bringing.REASONS as reason:
            return refused(name, reason, parsed)
        if dry_run:
            outcome = "can be imported"
        elif not made:
            outcome = "imported before"
        else:
            outcome = "imported" if report.is_followed else "imported as closed"
        return row_of(name, parsed, outcome, " ".join(parsed.warnings))

    def print_rows(self, rows, shape):
        """Print a row for each file: what was found in it, and what became of it."""
        if shape == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        self.stdout.write(f"{'File':<{NAME}}  {'Country':<{COUNTRY}}  Year  Items  Outcome")
        for row in rows:
            country = (row["country"] or "–")[:COUNTRY]
            items = "–" if row["recommendations"] is None else row["recommendations"]
            line = f"{row['file'][-NAME:]:<{NAME}}  {country:<{COUNTRY}}  {row['year'] or '–':>4}  {items:>5}"
            self.stdout.write(f"{line}  {row['outcome']}" + (f": {row['said']}" if row["said"] else ""))


def is_document(path, folder):
    """Tell whether a file is to be imported; browsers save what belongs to a page into a folder beside it."""
    beside = any(name.endswith("_files") for name in path.relative_to(folder).parent.parts)
    return path.suffix.lower() in SUFFIXES and path.is_file() and not beside


def row_of(name, parsed, outcome, said):
    """Return what the table says of one file; ``parsed`` is None where it could not be read."""
    return {
        "file": str(name),
        "country": parsed and parsed.country_name,
        "year": parsed and parsed.year,
        "recommendations": parsed and len(parsed.recommendations),
        "outcome": outcome,
        "said": said,
    }


def refused(name, reason, parsed=None):
    """Return the row of a file that is not imported."""
    return row_of(name, parsed, "refused", bringing.said_by(reason))


def line_of_lines(succession, report, made):
    """Say in a sentence what was confirmed and carried over."""
    number, earlier = len(succession.lines), succession.earlier
    if not made:
        return f"Lines to {earlier} that can be confirmed: {number}."
    carried = Event.objects.filter(report=report, payload__has_key="carried_from")
    taking = carried.values("recommendation").distinct().count()
    return f"Lines to {earlier} confirmed: {number}. Recommendations that take something over: {taking}."


def closing_line(parsed, made, dry_run):
    """Say in a sentence what was done."""
    what = f"{len(parsed.recommendations)} recommendations to {parsed.country_name}, {parsed.year}"
    if dry_run:
        return f"Dry run: {what} were read, nothing was stored."
    return f"Imported {what}." if made else f"Nothing to do: {what} were imported before, from the same file."
