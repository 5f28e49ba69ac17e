"""The kinds of file that a table can become: each is one function, and a line in ``FORMATS``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from recommendations.exports.csv_files import csv_of, zip_of
from recommendations.exports.tables import Table
from recommendations.exports.workbooks import xlsx_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Format:
    """A kind of file: its name, its type, and the function that makes it."""

    label: "StrOrPromise"
    content_type: str
    make: Callable[[Table], Iterator[bytes]]


FORMATS = {
    "xlsx": Format(
        _("XLSX, for Excel and LibreOffice; a second sheet says what the file is"),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        xlsx_of,
    ),
    "csv": Format(
        _("CSV, for other programs: one table and nothing else"), "text/csv; charset=utf-8", csv_of
    ),
    "zip": Format(_("CSV in a ZIP archive, beside a text that says what it is"), "application/zip", zip_of),
}
