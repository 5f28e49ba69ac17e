"""Exports as a table: rows that were already limited to what their reader can see, and what is said of them.

The columns, and what may not be mistaken for a formula, are the same for all formats (``exports.formats``).
"""

import shutil
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# What spreadsheets take for the beginning of a formula or a command.
FORMULA_STARTS = frozenset("=+-@\t\r\n\0|%＝＋－＠")
# Rows that are fetched at once; memory does not grow with how many there are.
CHUNK = 1000
BLOCK = 64 * 1024

# What a cell holds: text that no spreadsheet computes, a number, a day or an instant.
type Cell = str | int | float | date | datetime


@dataclass(frozen=True)
class Column:
    """One column: its public name, its head, and what it reads of a row.

    ``path`` is a field or annotation of the row's queryset. ``words`` are the labels of a vocabulary.
    What is ``internal`` never goes out with what is published; ``outside`` is the path of what is told there
    instead, where it is not the same. Of an ``instant`` the head says in
    which time zone it is told: a cell of a workbook cannot. ``page`` is the name of the page whose address is
    told; what ``path`` reads says of which row.
    """

    name: str
    label: "StrOrPromise"
    path: str
    words: Mapping[Any, str] | None = None
    usual: bool = True
    internal: bool = False
    instant: bool = False
    outside: str = ""
    page: str = ""


@dataclass
class Table:
    """What is taken out, and what is said of it beside the rows.

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
        for row in self.rows.values_list(*paths).iterator(chunk_size=CHUNK):
            yield [self._value(value, column) for value, column in zip(row, self.columns, strict=True)]

    def _value(self, value: Any, column: Column) -> Cell:
        if column.words is not None:
            value = column.words.get(value, value)
        if value is None:
            return ""
        if column.page:
            return settings.SITE_URL + reverse(column.page, args=[value])
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


def written_first(write: Callable[[Path], None]) -> Iterator[bytes]:
    """Yield a file that is written to a folder of ours first, which is gone before the file is sent."""
    folder = Path(tempfile.mkdtemp(prefix="export-", dir=settings.DATA_DIR))
    try:
        path = folder / "table"
        write(path)
        stream = path.open("rb")
    finally:
        shutil.rmtree(folder)
    with stream:
        while block := stream.read(BLOCK):
            yield block
