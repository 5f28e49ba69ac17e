"""What ``import_report`` does with one file, and with each file of a folder: read it and import it."""

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import timezone

from recommendations.documents import Document
from recommendations.errors import Refused
from recommendations.importing import NotANarrative, ParsedReport
from recommendations.management.narratives import parse_with_path, read
from recommendations.services.reports import Companion, conflicting_report, import_report

# What keeps a file from being imported, each with a sentence that says why.
REASONS = (NotANarrative, Refused, ValidationError, CommandError)


@dataclass(frozen=True)
class Brought:
    """A file that was read as a narrative, and what is added to it."""

    path: Path
    document: Document
    parsed: ParsedReport
    country: str | None
    year: int | None
    companion: Companion


def bring(path, *, document=None, country=None, year=None, released_on=None, source_url=""):
    """Read a file as a narrative. What is given goes before what a JSON file beside it says.

    Args:
        document: what is in the file, where it was read before.

    Raises: NotANarrative, CommandError.
    """
    document = document or read(path)
    parsed, year = parse_with_path(document, path, country, year)
    companion = companion_of(path, document)
    companion = replace(
        companion,
        released_on=released_on or companion.released_on,
        source_url=source_url or companion.source_url,
    )
    return Brought(path, document, parsed, country, year, companion)


def store(brought, *, dry_run, actor=None, succession=None):
    """Import it, or only look whether it could be. Returns: (report, made), or (None, False) of a dry run.

    Args:
        actor: who imports it; None for nobody in particular.
        succession: what it takes over from the report before it.

    Raises: Refused, ValidationError.
    """
    if dry_run:
        conflict = conflicting_report(parsed=brought.parsed)
        if conflict:
            raise Refused(conflict)
        return None, False
    return import_report(
        document=brought.document,
        now=timezone.now(),
        source_name=brought.path.name,
        country=brought.country,
        year=brought.year,
        companion=brought.companion,
        corrected=brought.parsed,
        actor=actor,
        succession=succession,
    )


def said_by(reason):
    """Return the sentence of one of ``REASONS``."""
    return " ".join(reason.messages) if isinstance(reason, ValidationError) else str(reason)


def companion_of(path, document):
    """Return what a JSON file of the same name adds to a narrative: our titles, pillars, its origin.

    Its ``sha256`` must be that of the narrative: titles of ours beside other words would mislead.
    """
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return Companion()
    try:
        said = json.loads(beside.read_text(encoding="utf-8"))
        companion = Companion(
            source_url=said.get("source_url", ""),
            released_on=date.fromisoformat(said["released_on"]),
            titles={row["position"]: (row["short_title"], row["pillar"]) for row in said["recommendations"]},
        )
        expected = said["sha256"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommandError(f"{beside} is next to the narrative but cannot be used: {error!r}.") from error
    if document.sha256 != expected:
        raise CommandError(
            f"{path} is not the document that {beside.name} describes (its SHA-256 differs). Restore "
            "the file, or remove the JSON file."
        )
    return companion
