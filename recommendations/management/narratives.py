"""What the commands that read a narrative from a file share."""

import re
from dataclasses import replace

from django.core.management.base import CommandError

from recommendations import documents
from recommendations.importing import YearNotStated, parse

# The exit status.
NOT_A_NARRATIVE = 2


def read(path):
    """Return the document in the file, or stop with a sentence that says why it cannot be read.

    Raises: NotANarrative where no text can be read from it.
    """
    return documents.read(bytes_of(path))


def bytes_of(path):
    """Return the bytes of the file, or stop with a sentence that says why they cannot be read."""
    try:
        if path.stat().st_size > documents.LARGEST_BYTES:
            raise CommandError(
                f"{path} is too large for the narrative of one country (over 10 MB).",
                returncode=NOT_A_NARRATIVE,
            )
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=NOT_A_NARRATIVE) from error


def parse_with_path(document, path, country, year):
    """Parse a narrative; where neither its text nor the caller says the year, take it from the path.

    Many copies of a narrative carry their year in their address alone, and so in the name they are
    saved under: ``2018-tonga.txt``, ``2018/tonga.txt``.

    Returns: (parsed report, year to import it with).
    """
    try:
        return parse(document.text, sha256=document.sha256, country=country, year=year), year
    except YearNotStated:
        named = year_in(path)
        if named is None:
            raise
    parsed = parse(document.text, sha256=document.sha256, country=country, year=named)
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
