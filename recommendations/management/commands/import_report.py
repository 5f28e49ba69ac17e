"""``manage.py import_report``: a narrative goes in, its recommendations come out as JSON."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from recommendations.errors import Refused
from recommendations.importing import NotANarrative, YearNotStated, parse
from recommendations.services.reports import Companion, conflicting_report, import_report

# The longest narrative has about 60,000 characters; a whole report of every country has some megabytes.
MAX_BYTES = 10 * 1024 * 1024
NOT_A_NARRATIVE = 2


class Command(BaseCommand):
    """Imports one narrative of the Trafficking in Persons Report from a text file."""

    help = (
        "Import the narrative of one country and year from a UTF-8 text file, and print what was read "
        "as JSON. Importing the same file again changes nothing. Exit status 2: the file is not a "
        "narrative."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the text file")
        parser.add_argument("--country", help="the country, if the text does not say: a name or ISO code")
        parser.add_argument(
            "--year", type=int, help="the year of publication, if neither the text nor the path says"
        )
        parser.add_argument("--dry-run", action="store_true", help="read and show, store nothing")
        parser.add_argument(
            "--format", choices=["json", "text"], default="json", help="what to print (default: json)"
        )

    def handle(self, *, path, country, year, dry_run, **options):
        data = read(path)
        try:
            parsed, year = parse_with_path(data, path, country, year)
            made = self.store(data, path, country, year, parsed, dry_run)
        except NotANarrative as error:
            raise CommandError(f"{path}: {error}", returncode=NOT_A_NARRATIVE) from error
        except Refused as error:
            raise CommandError(f"{path}: {error}") from error
        if options["format"] == "json":
            self.stdout.write(json.dumps(parsed.as_dict(), ensure_ascii=False, indent=2))
        else:
            self.print_text(parsed)
        self.stderr.write(closing_line(parsed, made, dry_run))

    def store(self, data, path, country, year, parsed, dry_run):
        """Import, or only look whether it could be; return whether a report was made."""
        if dry_run:
            conflict = conflicting_report(parsed=parsed)
            if conflict:
                raise Refused(conflict)
            return False
        report, made = import_report(
            data=data,
            now=timezone.now(),
            source_name=path.name,
            country=country,
            year=year,
            companion=companion_of(path, data),
        )
        if made and not report.is_followed:
            self.stderr.write(
                "There is a newer report of this country, so this one was imported as closed: people "
                "can read it, and nothing in it falls due."
            )
        return made

    def print_text(self, parsed):
        """Print the list as a person reads it."""
        self.stdout.write(
            f"{parsed.country_name} {parsed.year}, {parsed.as_dict()['tier'] or 'tier not stated'}"
        )
        for item in parsed.recommendations:
            self.stdout.write(f"{item.position:>3}. {item.text}")
        for warning in parsed.warnings:
            self.stdout.write(f"Warning: {warning}")


def read(path):
    """Return the bytes of the file, or stop with a sentence that says why they cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CommandError(
                f"{path} is too large for the narrative of one country (over 10 MB).",
                returncode=NOT_A_NARRATIVE,
            )
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=NOT_A_NARRATIVE) from error


def parse_with_path(data, path, country, year):
    """Parse a narrative; where neither its text nor the caller says the year, take it from the path.

    Many copies of a narrative carry their year in their address alone, and so in the name they are
    saved under: ``2018-tonga.txt``, ``2018/tonga.txt``.

    Returns: (parsed report, year to import it with).
    """
    try:
        return parse(data, country=country, year=year), year
    except YearNotStated:
        named = year_in(path)
        if named is None:
            raise
    parsed = parse(data, country=country, year=named)
    warning = (
        f"The text does not say its year: {named} was taken from the file's path. Check that it is right."
    )
    return replace(parsed, warnings=(*parsed.warnings, warning)), named


def year_in(path):
    """Return the one year that the file's name holds, or that its folder is called, or None."""
    in_name = set(re.findall(r"(?<!\d)20\d\d(?!\d)", path.name))
    folder = path.resolve().parent.name
    if len(in_name) == 1:
        return int(in_name.pop())
    return int(folder) if not in_name and re.fullmatch(r"20\d\d", folder) else None


def companion_of(path, data):
    """Return what a JSON file of the same name adds to a narrative: our titles, pillars, its origin.

    Its ``sha256`` must be that of the narrative: titles of ours beside other words would mislead.
    """
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return None
    try:
        said = json.loads(beside.read_text(encoding="utf-8"))
        companion = Companion(
            source_url=said.get("source_url", ""),
            published_on=date.fromisoformat(said["published_on"]) if "published_on" in said else None,
            titles={row["position"]: (row["short_title"], row["pillar"]) for row in said["recommendations"]},
        )
        expected = said["sha256"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{beside} is next to the narrative but cannot be used: {error!r}.") from error
    if hashlib.sha256(data).hexdigest() != expected:
        raise CommandError(
            f"{path} is not the document that {beside.name} describes (its SHA-256 differs). Restore "
            "the file, or remove the JSON file."
        )
    return companion


def closing_line(parsed, made, dry_run):
    """Say in a sentence what was done."""
    what = f"{len(parsed.recommendations)} recommendations to {parsed.country_name}, {parsed.year}"
    if dry_run:
        return f"Dry run: {what} were read, nothing was stored."
    return f"Imported {what}." if made else f"Nothing to do: {what} were imported before, from the same file."
