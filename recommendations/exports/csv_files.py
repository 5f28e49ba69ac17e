"""Tables as CSV: alone, for programs; and in an archive, beside a text that says what it is."""

import csv
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from recommendations.exports.tables import BLOCK, Cell, Table, inert, written_first

# Where a cell begins for a reader that parts cells at another sign than the comma, as spreadsheets do in
# much of Europe: it takes the quotation mark in the middle of a cell for a sign like others.
OTHER_SEPARATORS = re.compile(r"([;\t\r\n])")


def inert_throughout(text: str) -> str:
    """Return text that was made inert so that none of what another reader takes for a cell is computed."""
    first, *rest = OTHER_SEPARATORS.split(text)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return first + "".join(sign + inert(part, through='"') for sign, part in pairs)


class _Line:
    """Takes a line from the csv module and hands it on."""

    def write(self, line: str) -> str:
        """Return the line, which ``writerow`` returns in turn."""
        return line


def csv_of(table: Table) -> Iterator[bytes]:
    """Yield a table as CSV (RFC 4180) in UTF-8: the heads in the first line, and nothing above them."""
    line = csv.writer(_Line(), lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    block = line.writerow([_plain(head) for head in table.heads()])
    for values in table.values():
        block += line.writerow([_plain(value) for value in values])
        if len(block) > BLOCK:
            yield block.encode()
            block = ""
    yield block.encode()


def _plain(value: Cell) -> str | int | float:
    """Return a value as CSV tells it: dates as 2024-09-02, instants with their distance from UTC."""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    return inert_throughout(value) if isinstance(value, str) else value


def zip_of(table: Table) -> Iterator[bytes]:
    """Yield an archive of a table as CSV, and of a text with what is said of it."""

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("about.txt", "\r\n".join([table.title, *table.face, ""]))
            with archive.open(f"{table.name}.csv", "w", force_zip64=True) as rows:
                for block in csv_of(table):
                    rows.write(block)

    yield from written_first(write)
