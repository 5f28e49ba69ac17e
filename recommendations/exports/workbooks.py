"""Tables as workbooks: the rows on the first sheet, what is said of them on the second."""

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format as XlsxFormat
from xlsxwriter.worksheet import Worksheet

from recommendations.exports.tables import Cell, Table, inert, written_first

# What a cell of a workbook can hold (Excel's limit), with room for saying that it was cut.
LONGEST_CELL = 32_000


def xlsx_of(table: Table) -> Iterator[bytes]:
    """Yield a table as a workbook."""
    yield from written_first(partial(_write_workbook, table))


def _write_workbook(table: Table, path: Path) -> None:
    options = {
        "constant_memory": True,
        "tmpdir": str(path.parent),
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
        for place, head in enumerate(table.heads()):
            sheet.write_string(0, place, head, bold)
        sheet.freeze_panes(1, 0)
        formats = (day, instant, wrapped)
        for number, values in enumerate(table.values(), start=1):
            for place, value in enumerate(values):
                _write_cell(sheet, number, place, value, formats)
        about = book.add_worksheet(_("About this file"))
        about.set_column(0, 0, 80)
        for number, words in enumerate([table.title, *table.face]):
            about.write_string(number, 0, inert(words), bold if number == 0 else wrapped)


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
