"""Tables as CSV and workbooks: what no spreadsheet may compute, and that every word comes back."""

import csv
import io
import tracemalloc
from datetime import UTC, date, datetime
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.exports.csv_files import csv_of, zip_of
from recommendations.exports.tables import FORMULA_STARTS, Column, Table, inert
from recommendations.exports.workbooks import xlsx_of
from tests.support.exports import rows_of, unpacked


@pytest.fixture(autouse=True)
def own_scratch(settings, tmp_path):
    settings.DATA_DIR = tmp_path


# --- What no spreadsheet may compute -------------------------------------------------------------
@pytest.mark.parametrize("sign", sorted(FORMULA_STARTS))
@pytest.mark.parametrize("before", ["", " ", "\u00a0 ", "\u3000", "\ufeff", "\u200b\u202e"])
def test_what_begins_like_a_formula_is_made_inert(sign, before):
    assert inert(f"{before}{sign}SUM(A1)") == f"'{before}{sign}SUM(A1)"


@pytest.mark.parametrize("text", ["", " ", "1=1", "a+b", "북한=1", "نص", "(=1)", "'=1", "…=1"])
def test_other_text_is_left_as_it_is(text):
    assert inert(text) == text


@given(st.text(max_size=20))
def test_nothing_that_leaves_begins_like_a_formula(text):
    left = inert(text).lstrip(" \u00a0\u3000\ufeff")
    assert left == "" or left[0] not in FORMULA_STARTS
    assert inert(text) in (text, f"'{text}")


FORMULAS = "=+-@|%＝＋－＠"
HIDING = ["Report;=cmd|' /C calc'!A0", "a;\t\r\n=1", 'b; "=1', "c\td\t@x", 'e,f;""=1', "g\n-1", "h;\0=1"]


def computed(table, delimiter):
    """Return the cells that a spreadsheet which parts them at ``delimiter`` would compute."""
    words = b"".join(csv_of(table)).decode()
    cells = [cell for row in csv.reader(io.StringIO(words, newline=""), delimiter=delimiter) for cell in row]
    return [cell for cell in cells if cell.lstrip(" \t\r\n\0\u00a0\u200b").startswith(tuple(FORMULAS))]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_reader_finds_a_formula_whatever_it_parts_cells_at(delimiter):
    table = table_of([[1, word, f"{word};", word] for word in HIDING], face=HIDING)
    table.title = HIDING[0]
    table.columns[2] = Column("c", "Head;=1", "")
    table.columns[3] = Column("d", "=1", "")
    assert computed(table, delimiter) == []


@given(st.lists(st.text(alphabet='a=@; ,"\t\r\n', max_size=6), min_size=3, max_size=3))
def test_no_reader_finds_a_formula_in_any_words(words):
    table = table_of([words, words], face=words)
    assert [computed(table, delimiter) for delimiter in ",;\t"] == [[], [], []]


class Rows(list):
    """Stands for a queryset: rows of values, one after the other."""

    def values_list(self, *_paths):
        return self

    def iterator(self, chunk_size):
        return iter(self)


def table_of(rows, face=("As of: now",)):
    columns = [Column(f"c{number}", f"Column {number}", "") for number in range(len(rows[0]))]
    return Table("updates", "Updates", list(face), columns, Rows(rows), UTC)


AWKWARD = [
    'say "no"',
    "a,b;c",
    "two\r\nlines",
    "북한 인권",
    "حقوق الإنسان",
    "עברית",
    "𝄞",
    "‮evil",
    "=1+1",
    "@x",
    "x\0y",
]


def test_awkward_words_come_back_from_csv_as_they_went_in():
    data = b"".join(csv_of(table_of([AWKWARD])))
    assert data.count(b"\r\n") == data.count(b"\n")
    assert rows_of(data)[2] == [[inert(word) for word in AWKWARD]], "and no word is changed without need"


def test_awkward_words_come_back_from_xlsx_as_text_and_no_formula():
    data = b"".join(xlsx_of(table_of([AWKWARD[:-1]])))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = next(iter(sheet.iter_rows(min_row=sheet.max_row)))
    assert [cell.value.replace("_x000D_\n", "\r\n").replace("\r\n", "\n") for cell in cells] == [
        inert(word).replace("\r\n", "\n") for word in AWKWARD[:-1]
    ]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}


def test_numbers_and_dates_stay_what_they_are():
    row = [-5, 3.5, date(2024, 9, 2), datetime(2024, 9, 2, 9, tzinfo=UTC), None, "-5"]
    told = rows_of(b"".join(csv_of(table_of([row]))))[2]
    assert told == [["-5", "3.5", "2024-09-02", "2024-09-02 09:00:00+00:00", "", "'-5"]]
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_of(table_of([row]))))).active
    values = [cell.value for cell in next(iter(sheet.iter_rows(min_row=sheet.max_row)))]
    assert values[:4] == [-5, 3.5, datetime(2024, 9, 2), datetime(2024, 9, 2, 9)]
    assert values[4:] == [None, "'-5"] or values[4:] == ["", "'-5"]


def test_a_text_longer_than_a_cell_says_that_it_was_cut():
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_of(table_of([["long " * 9000]]))))).active
    assert sheet.cell(sheet.max_row, 1).value.endswith("export as CSV]")


def test_an_archive_holds_the_table_and_what_is_said_of_it():
    table = table_of([AWKWARD], face=["As of: now", "북한"])
    about, rows = unpacked(b"".join(zip_of(table)))
    assert about.decode().splitlines() == ["Updates", "As of: now", "북한"]
    assert rows == b"".join(csv_of(table)) and rows.startswith(b'"Column 0","Column 1"')


@pytest.mark.parametrize("make", [xlsx_of, zip_of])
def test_nothing_of_a_file_stays_on_the_disk(settings, make):
    stream = make(table_of([["a"]]))
    next(stream)
    assert list(settings.DATA_DIR.iterdir()) == []


@pytest.mark.parametrize("make", [csv_of, xlsx_of, zip_of])
def test_memory_does_not_grow_with_the_rows(make):
    def peak(number):
        rows = Rows([["row", 1, "words " * 20]]) * number
        table = SimpleNamespace(**{**table_of([["a", 1, "b"]]).__dict__})
        made = Table(table.name, table.title, table.face, table.columns, Rows(rows), UTC)
        tracemalloc.start()
        for _block in make(made):
            pass
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)
    assert peak(4000) - peak(400) < 2**20


# --- The door ----------------------------------------------------------------------------------
