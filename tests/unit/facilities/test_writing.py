"""Text that a spreadsheet would run never leaves as such, and comes back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.escape import unescape

from facilities.tabular.writing import csv_text, from_csv_text, is_risky, write_cell, write_csv

RUN = ["=1+1", "+62812", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "'=1", "''+1",
       "=cmd|' /C calc'!A0", "＝1+1", "=HYPERLINK(\"http://x\")"]  # fmt: skip
HARMLESS = ["", "Desa Baru", "'kutipan'", "a=b", "3-5", "rujuk + obati", "5", "'"]


@pytest.mark.parametrize("text", RUN)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert is_risky(text)
    assert csv_text(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert csv_text(text) == text == from_csv_text(text)


@pytest.mark.parametrize("value", [-5, 0, 1.5, -2.5, None, dt.date(2026, 1, 1)])
def test_numbers_and_dates_stay_numbers(value):
    assert csv_text(value) == value


@given(st.text() | st.sampled_from("'=+-@\t\r\n ").flatmap(lambda c: st.text().map(c.__add__)))
def test_text_comes_back_from_csv_as_it_was(text):
    written = csv_text(text)
    assert isinstance(written, str)
    assert from_csv_text(written) == text
    assert written.lstrip()[:1] not in {"=", "+", "-", "@"}


def test_a_whole_csv_is_harmless():
    file = io.StringIO()
    write_csv(file, ["=a", "b"], [["@x", -3], ["biasa", None]])
    assert list(csv.reader(io.StringIO(file.getvalue()))) == [["'=a", "b"], ["'@x", "-3"],
                                                              ["biasa", ""]]  # fmt: skip


@given(st.lists(st.text(max_size=40), min_size=1, max_size=20))
@example(["_x0000_"])
@example(["\x0c="])  # the form feed goes, so what is stored begins with no space
def test_text_in_a_workbook_is_text_and_comes_back(texts):
    book = Workbook()
    for row, text in enumerate([*RUN, "#N/A", *texts], start=1):
        write_cell(book.active.cell(row, 1), text)
    file = io.BytesIO()
    book.save(file)
    sheet = load_workbook(file).active
    for row, text in enumerate([*RUN, "#N/A", *texts], start=1):
        cell = sheet.cell(row, 1)
        stored = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text)
        # XML knows one line break; everything else is kept to the character.
        expected = stored.replace("\r\n", "\n").replace("\r", "\n")
        assert cell.data_type != "f"
        # openpyxl leaves the escapes of a file as they are; a spreadsheet does not.
        assert unescape(cell.value or "") == expected
        assert bool(cell.quotePrefix) == is_risky(stored)


def test_numbers_in_a_workbook_are_numbers():
    cell = write_cell(Workbook().active.cell(1, 1), -7)
    assert (cell.value, cell.data_type) == (-7, "n")
