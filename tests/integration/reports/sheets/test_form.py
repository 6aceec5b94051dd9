"""The form as it leaves: what can be filled in, what is locked, whose it is."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from clusters.models import Achievement
from reports.figures.queries.facility_lines import indicators_for
from reports.sheets.xlsx.layout import BY_KEY, COLUMNS, ENTRIES, FIRST_ROW, HEADER_ROW, HIDDEN
from reports.sheets.xlsx.writing import review_form

pytestmark = pytest.mark.django_db


def test_one_row_for_each_indicator_in_the_order_of_the_page(desk):
    sheet = desk.book()[ENTRIES]
    codes = [sheet[f"A{row}"].value for row in range(FIRST_ROW, sheet.max_row + 1)]
    wanted = [row.code for row in indicators_for("pustu", desk.review.week)]
    assert sorted(codes) == sorted(wanted)
    assert len(set(codes)) == len(codes)
    assert [cell.value for cell in sheet[HEADER_ROW]] == [column.heading for column in COLUMNS]


def test_only_input_cells_are_open(desk):
    sheet = desk.book()[ENTRIES]
    needs = {row.code: row.needs_denominator for row in indicators_for("pustu", desk.review.week)}
    assert sheet.protection.sheet
    assert not sheet.protection.password
    for row in range(FIRST_ROW, sheet.max_row + 1):
        open_cells = {cell.column_letter for cell in sheet[row] if not cell.protection.locked}
        has_base = needs[sheet[f"A{row}"].value]
        assert open_cells == ({"I", "J", "K"} if has_base else {"I", "K"})


def test_counts_are_checked_by_the_spreadsheet_too(desk):
    sheet = desk.book()[ENTRIES]
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert (rules["whole"].formula1, rules["whole"].formula2) == ("0", "9999999")
    assert rules["textLength"].formula1 == "300"
    covered = rules["whole"].sqref
    assert f"I{FIRST_ROW}" in covered
    assert f"I{sheet.max_row}" in covered


def test_prints_on_a4_with_repeated_heads(desk):
    sheet = desk.book()[ENTRIES]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToWidth == 1
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.freeze_panes == f"D{FIRST_ROW}"


def test_says_whose_it_is_where_nobody_looks(desk):
    book = desk.book()
    hidden = book[HIDDEN]
    said = {row[0].value: row[1].value for row in hidden.iter_rows()}
    assert hidden.sheet_state == "veryHidden"
    assert said["fasilitas"] == "P1-PT01"
    assert said["minggu"] == str(desk.review.week)
    assert book[ENTRIES].column_dimensions[BY_KEY["version"].letter].hidden


def test_shows_what_is_stored_and_keeps_zero_apart_from_nothing(desk):
    desk.enter("KIA01", 0)
    desk.enter("KIA02", 4)
    sheet = desk.book()[ENTRIES]
    assert sheet[f"I{desk.row(sheet, 'KIA01')}"].value == 0
    assert sheet[f"I{desk.row(sheet, 'KIA02')}"].value == 4
    assert sheet[f"M{desk.row(sheet, 'KIA02')}"].value == 1
    assert sheet[f"I{desk.row(sheet, 'KIA03')}"].value is None
    assert sheet[f"M{desk.row(sheet, 'KIA03')}"].value == 0


def test_instructions_are_indonesian_for_every_reader(desk):
    desk.client.cookies["django_language"] = "en"
    content = desk.client.get(desk.url("sheet-download")).content
    text = " ".join(str(row[0].value) for row in load_workbook(io.BytesIO(content)).worksheets[0])
    assert "Kosong bukan nol" in text
    assert "Pustu P1-PT01" in text
    assert "Tenggat" in text
    assert "Data contoh" not in text


def test_demo_data_say_so(desk):
    desk.review.facility.district.is_demo = True
    book = desk.book()
    assert "Data contoh" in str(book.worksheets[0]["A3"].value)
    assert "Data contoh" in str(book[ENTRIES]["A3"].value)


def test_text_that_looks_like_a_formula_stays_text(desk):
    desk.review.facility.name = "=HYPERLINK(0)"
    Achievement.objects.create(
        facility=desk.review.facility, week=desk.review.week, year=desk.review.week.year,
        indicator_code="KIA01", numerator=1, note="=cmd|' /C calc'!A0", source="page",
    )  # fmt: skip
    book = desk.book()
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    note = book[ENTRIES][f"K{desk.row(book[ENTRIES], 'KIA01')}"]
    assert note.value == "=cmd|' /C calc'!A0"
    assert note.quotePrefix


def test_another_reader_finds_the_same(desk):
    desk.enter("KIA02", 4)
    book = CalamineWorkbook.from_filelike(io.BytesIO(review_form(desk.review)))
    assert book.sheet_names[:2] == ["Petunjuk", "Isian"]
    rows = book.get_sheet_by_name("Isian").to_python()
    by_code = {row[0]: row for row in rows}
    assert by_code["KIA02"][8] == 4


def test_no_cells_are_merged(desk):
    assert not any(sheet.merged_cells.ranges for sheet in desk.book())
