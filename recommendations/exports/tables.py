"""Exports as a table: CSV and XLSX of rows that were already limited to what their reader can see.

A format is one function in ``FORMATS`` that turns a ``Table`` into a file; the rest (columns, what is said on
the face, what may not be mistaken for a formula) is the same for all of them.
"""

import csv
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from xlsxwriter.format import Format as XlsxFormat
from xlsxwriter.worksheet import Worksheet

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What spreadsheets take for the beginning of a formula or a command.
FORMULA_STARTS = frozenset("=+-@\t\r\n\0|%＝＋－＠")
# Rows that are fetched at once; memory does not grow with how many there are.
CHUNK = 1000
BLOCK = 64 * 1024
# What a cell of a workbook can hold (Excel's limit), with room for saying that it was cut.
LONGEST_CELL = 32_000
BOM = "\ufeff"

# What a cell holds: text that no spreadsheet computes, a number, a day or an instant.
type Cell = str | int | float | date | datetime


@dataclass(frozen=True)
class Column:
    """One column: its public name, its head, and what it reads of a row.

    ``path`` is a field or annotation of the row's queryset. ``words`` are the labels of a vocabulary.
    What is ``internal`` never goes out with what is published; ``outside`` is the path of what is told there
    instead, where it is not the same. Of an ``instant`` the head says in
    which time zone it is told: a cell of a workbook cannot.
    """

    name: str
    label: "StrOrPromise"
    path: str
    words: Mapping[Any, str] | None = None
    usual: bool = True
    internal: bool = False
    instant: bool = False
    outside: str = ""


@dataclass
class Table:
    """What is taken out, and what is said of it above the rows.

    ``face`` are lines such as "As of: …"; ``zone`` is the reader's, in which instants are told.
    """

    name: str
    title: str
    face: list[str]
    columns: list[Column]
    rows: QuerySet[Any]
    zone: tzinfo

    def heads(self) -> list[str]:
        return [inert(self._head(column)) for column in self.columns]

    def _head(self, column: Column) -> str:
        words = {"what": column.label, "zone": self.zone}
        return _("%(what)s (time in %(zone)s)") % words if column.instant else str(column.label)

    def values(self) -> Iterator[list[Cell]]:
        """Yield the values of each row: text that no spreadsheet computes, numbers, dates and instants."""
        paths = [column.path for column in self.columns]
        vocabularies = [column.words for column in self.columns]
        for row in self.rows.values_list(*paths).iterator(chunk_size=CHUNK):
            yield [self._value(value, words) for value, words in zip(row, vocabularies, strict=True)]

    def _value(self, value: Any, words: Mapping[Any, str] | None) -> Cell:
        if words is not None:
            value = words.get(value, value)
        if value is None:
            return ""
        if isinstance(value, datetime):
            return value.astimezone(self.zone)
        if isinstance(value, (int, float, date)) and not isinstance(value, bool):
            return value
        return inert(str(value))

    @property
    def filename(self) -> str:
        """The name of the file, without what says its format."""
        return self.name


def inert(text: str, through: str = "") -> str:
    """Return ``text`` so that no spreadsheet computes it: with a ``'`` before what begins like a formula.

    Spaces and invisible characters before it are ignored, as spreadsheets do.

    Args:
        through: what is looked through as well.
    """
    for character in text:
        if character in FORMULA_STARTS:
            return f"'{text}"
        if character not in through and unicodedata.category(character) not in ("Zs", "Zl", "Zp", "Cf"):
            return text
    return text


# --- CSV ---------------------------------------------------------------------------------------
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
    """Yield a table as CSV (RFC 4180) in UTF-8, whose mark at the beginning tells spreadsheets so."""
    line = csv.writer(_Line(), lineterminator="\r\n")
    rest = [""] * (len(table.columns) - 1)
    head = [[inert(words), *rest] for words in [table.title, *table.face, ""]]
    block = BOM + "".join(line.writerow(map(_plain, row)) for row in [*head, table.heads()])
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


# --- XLSX --------------------------------------------------------------------------------------
def xlsx_of(table: Table) -> Iterator[bytes]:
    """Yield a table as a workbook, written to a folder of ours first, which is gone before it is sent."""
    folder = Path(tempfile.mkdtemp(prefix="export-", dir=settings.DATA_DIR))
    try:
        path = folder / "table.xlsx"
        _write_workbook(table, path, folder)
        stream = path.open("rb")
    finally:
        shutil.rmtree(folder)
    with stream:
        while block := stream.read(BLOCK):
            yield block


def _write_workbook(table: Table, path: Path, folder: Path) -> None:
    options = {
        "constant_memory": True,
        "tmpdir": str(folder),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet(table.name[:31].capitalize())
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "valign": "top", "align": "left"})
        sheet.set_column(0, len(table.columns) - 1, 22)
        number = 0
        for number, words in enumerate([table.title, *table.face]):
            sheet.write_string(number, 0, inert(words), bold if number == 0 else None)
        number += 2
        for place, head in enumerate(table.heads()):
            sheet.write_string(number, place, head, bold)
        sheet.freeze_panes(number + 1, 0)
        formats = (day, instant, wrapped)
        for values in table.values():
            number += 1
            for place, value in enumerate(values):
                _write_cell(sheet, number, place, value, formats)


def _write_cell(
    sheet: Worksheet, row: int, place: int, value: Cell, formats: tuple[XlsxFormat, XlsxFormat, XlsxFormat]
) -> None:
    """Write one cell as what it is: an instant, a day, a number, or text."""
    day, instant, wrapped = formats
    if isinstance(value, datetime):
        sheet.write_datetime(row, place, value, instant)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, day)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, place, value, wrapped)
    else:
        sheet.write_string(row, place, _fitting(value), wrapped)


def _fitting(text: str) -> str:
    """Return the text, or as much of it as a cell holds, with the words that it was cut."""
    if len(text) <= LONGEST_CELL:
        return text
    return text[:LONGEST_CELL] + " … " + _("[cut here: a cell cannot hold more; export as CSV]")


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, its type, and the function that makes it."""

    label: "StrOrPromise"
    content_type: str
    make: Callable[[Table], Iterator[bytes]]


FORMATS = {
    "csv": Format(gettext_lazy("CSV, for any program"), "text/csv; charset=utf-8", csv_of),
    "xlsx": Format(
        gettext_lazy("XLSX, for Excel and LibreOffice"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx_of,
    ),
}
