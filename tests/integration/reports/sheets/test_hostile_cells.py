"""What people and programs do to single cells: each ends in a message at its cell, the other
rows stay usable, nothing is saved by half."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest

from reports.sheets.xlsx.layout import ENTRIES, FIRST_ROW
from tests.integration.reports.sheets.conftest import as_bytes, sheet_xml

pytestmark = pytest.mark.django_db
WHOLE = "Isi angka bulat 0 atau lebih."

# By indicator: what is typed into its count, and how the message begins (None: taken as it is).
COUNTS: dict[str, tuple[Any, str | None]] = {
    "KIA01": ("lima", WHOLE),
    "KIA02": (-1, WHOLE),
    "KIA03": (1.5, WHOLE),
    "KIA04": (1e300, WHOLE),
    "KIA05": ("1e400", WHOLE),
    "KIA06": (dt.date(2026, 1, 2), "Lembar kerja mengubah isian ini menjadi tanggal."),
    "KIA07": (
        dt.datetime.combine(dt.date(2026, 1, 2), dt.time(3, 4)),
        "Lembar kerja mengubah isian ini menjadi tanggal.",
    ),
    "KIA14": (dt.time(3, 4), "Lembar kerja mengubah isian ini menjadi tanggal."),
    "KIA15": ("=SUM(I1:I5)", "Sel ini berisi rumus."),
    "IMM01": ("=cmd|' /C calc'!A0", "Sel ini berisi rumus."),
    "SPM01": (True, WHOLE),
    "SPM02": ("#N/A", "Sel ini berisi galat"),
    "SPM03": (10_000_000, "Angka ini terlalu besar"),
    "SPM06": ("5 orang", WHOLE),
    "SPM07": ("٥", WHOLE),  # a digit, but not one of ours
    "SPM08": ("2026-01-02", WHOLE),
    "SPM09": ("-", WHOLE),
    "SPM10": ("1,5", WHOLE),
    "SPM11": ("A" * 30_000, WHOLE),
    "TBC03": (" 7 ", None),
    "KR01": ("1.284", None),
    "KR02": (3.0, None),
}
TAKEN = {"TBC03": 7, "KR01": 1284, "KR02": 3}


def test_counts(desk):
    content = desk.fill(**{f"I_{code}": value for code, (value, _text) in COUNTS.items()})
    assert desk.upload(content).status_code == 302
    sheet = desk.book()[ENTRIES]
    expected = {
        f"I{desk.row(sheet, code)}": text for code, (_value, text) in COUNTS.items() if text
    }
    errors = desk.errors()
    assert set(errors) == set(expected)
    for cell, text in expected.items():
        assert errors[cell].startswith(text), (cell, errors[cell])
    assert desk.save().status_code == 422
    assert not desk.values()
    desk.save(without_wrong="yes")
    assert {code: values[0] for code, values in desk.values().items()} == TAKEN


def test_page_of_errors_is_escaped_and_short(desk):
    desk.upload(desk.fill(I_KIA01="<script>alert(1)</script>" + "x" * 20_000))
    page = desk.client.get(desk.url("sheet-preview", public_id=desk.last().public_id))
    text = page.content.decode()
    assert "<script>alert" not in text
    assert "x" * 200 not in text


def test_notes(desk):
    book = desk.book()
    sheet = book[ENTRIES]

    def cell(code: str) -> Any:
        return sheet[f"K{desk.row(sheet, code)}"]

    texts = {
        "KIA01": ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        "KIA02": ("@rujuk ke\nPuskesmas", "@rujuk ke Puskesmas"),
        "KIA03": ("  dua   spasi ", "dua spasi"),
        "KIA04": ("<b>tebal</b> & 'kutip'", "<b>tebal</b> & 'kutip'"),
        "KIA05": ("_x005F_x0000_ kosong", "_x0000_ kosong"),  # T04
        "KIA06": ("🏥 ibu َ", "🏥 ibu َ"),
    }
    for code, (typed, _read) in texts.items():
        cell(code).value = typed
        cell(code).data_type = "s"
    cell("KIA07").value = 12
    cell("SPM01").value = "y" * 301
    cell("SPM02").value = "=1+1"
    cell("SPM03").value = "_x0000_ kosong"  # T01: how a workbook writes a NUL
    desk.upload(as_bytes(book))
    assert set(desk.errors()) == {cell(f"SPM0{n}").coordinate for n in (1, 2, 3)}
    desk.save(without_wrong="yes")
    notes = {code: values[2] for code, values in desk.values().items()}
    assert notes == {code: read for code, (_typed, read) in texts.items()} | {"KIA07": "12"}


def test_a_note_comes_back_to_the_character(desk):
    """Out, in, and out again: nothing is added and nothing removed."""
    book = desk.book()
    cell = book[ENTRIES][f"K{desk.row(book[ENTRIES], 'KIA01')}"]
    cell.value, cell.data_type = "'=1+1", "s"
    desk.upload(as_bytes(book))
    desk.save()
    assert desk.values()["KIA01"][2] == "'=1+1"
    again = desk.book()[ENTRIES]
    assert again[f"K{desk.row(again, 'KIA01')}"].value == "'=1+1"


def test_merged_cells(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    first = desk.row(sheet, "KIA01")
    for row in range(first, first + 3):
        sheet[f"I{row}"] = 5
    sheet.merge_cells(f"I{first}:I{first + 2}")
    desk.upload(as_bytes(book))
    content = desk.last().content
    assert {error["row"] for error in content["errors"]} == {first, first + 1, first + 2}
    assert all(error["found"] == f"I{first}:I{first + 2}" for error in content["errors"])
    assert not {row["row"] for row in content["entries"]} & {first, first + 1, first + 2}


def test_merged_title_is_nobodys_business(desk):
    book = desk.book()
    book[ENTRIES].merge_cells("A1:F1")
    desk.upload(as_bytes(book))
    assert not desk.errors()


def test_hidden_rows_are_read_and_marked(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    row = desk.row(sheet, "KIA01")
    sheet[f"I{row}"] = 5
    sheet.row_dimensions[row].hidden = True
    desk.upload(as_bytes(book))
    page = desk.client.get(desk.url("sheet-preview", public_id=desk.last().public_id))
    assert "baris tersembunyi" in page.content.decode()
    (change,) = page.context["preview"].changes
    assert change.entry.is_hidden


def test_changed_labels(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    rows = {code: desk.row(sheet, code) for code in ("KIA01", "KIA02", "KIA03", "KIA04")}
    for row in rows.values():
        sheet[f"I{row}"] = 5
    sheet[f"C{rows['KIA01']}"] = "Cakupan K4"  # as when one column is sorted alone
    sheet[f"A{rows['KIA02']}"] = "KIA99"
    sheet[f"A{rows['KIA03']}"] = None
    sheet[f"A{rows['KIA04']}"] = "=KIA04"
    desk.upload(as_bytes(book))
    errors = desk.errors()
    assert errors[f"C{rows['KIA01']}"].startswith("Nama baris berubah: KIA01")
    assert "tidak ada pada formulir" in errors[f"A{rows['KIA02']}"]
    assert any(cell.endswith(str(rows["KIA03"])) for cell in errors)
    assert f"A{rows['KIA04']}" in errors
    desk.save(without_wrong="yes")
    assert not desk.values()


def test_an_indicator_of_another_level_is_not_taken(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    row = desk.row(sheet, "KIA01")
    sheet[f"A{row}"], sheet[f"C{row}"], sheet[f"I{row}"] = "MAN04", "Lokakarya mini", 5
    desk.upload(as_bytes(book))
    assert f"A{row}" in desk.errors()


def test_duplicated_rows_are_all_refused(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    first, copy = desk.row(sheet, "KIA01"), sheet.max_row + 1
    sheet[f"I{first}"] = 5
    for letter in "ABCM":
        sheet[f"{letter}{copy}"] = sheet[f"{letter}{first}"].value
    sheet[f"I{copy}"] = 6
    desk.upload(as_bytes(book))
    assert set(desk.errors()) == {f"A{first}", f"A{copy}"}
    desk.save(without_wrong="yes")
    assert "KIA01" not in desk.values()


def test_deleted_and_sorted_rows_are_fine(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=FIRST_ROW)]
    rows.sort(key=lambda row: row[0], reverse=True)
    kept = [row for row in rows if row[0] not in {"KIA02", "KIA03"}]
    sheet.delete_rows(FIRST_ROW, len(rows))
    for number, row in enumerate(kept, start=FIRST_ROW):
        for place, value in enumerate(row, start=1):
            sheet.cell(number, place).value = 5 if row[0] == "KIA01" and place == 9 else value
    desk.upload(as_bytes(book))
    assert not desk.errors()
    desk.save()
    assert desk.values() == {"KIA01": (5, None, "")}


def test_moved_columns_are_found_by_their_heading(desk):
    book = desk.book()
    book[ENTRIES].insert_cols(9)
    sheet = book[ENTRIES]
    sheet[f"J{desk.row(sheet, 'KIA01')}"] = 5
    desk.upload(as_bytes(book))
    assert not desk.errors()
    desk.save()
    assert desk.values() == {"KIA01": (5, None, "")}


def test_cells_nobody_reads_are_pointed_out(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    row = desk.row(sheet, "KIA01")
    sheet[f"P{row}"] = "lihat lampiran"
    sheet[f"B{sheet.max_row + 3}"] = "Jumlah"
    desk.upload(as_bytes(book))
    errors = desk.errors()
    assert errors[f"P{row}"] == "Kolom ini tidak dibaca. Tulis di kolom “Catatan”."
    assert len(errors) == 2


def put(value: bytes, xml: bytes) -> bytes:
    return xml.replace(b"<v>4242</v>", b"<v>" + value + b"</v>")


def test_numbers_the_format_cannot_hold(desk):
    """Written by hand into the XML: infinity, minus zero, exponents, endless digits."""
    for value, is_taken in ((b"1e400", False), (b"1E2", True), (b"-0", True),
                            (b"5e-324", False), (b"0.0", True), (b"9" * 300, False)):  # fmt: skip
        content = desk.fill(I_KIA01=4242)
        content = sheet_xml(content, partial(put, value))
        response = desk.upload(content)
        assert response.status_code == 302, value
        assert bool(desk.errors()) != is_taken, value


def test_a_hundred_wrong_cells_stay_a_page(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    for row in range(FIRST_ROW, sheet.max_row + 400):
        sheet[f"I{row}"] = "x"
    desk.upload(as_bytes(book))
    page = desk.client.get(desk.url("sheet-preview", public_id=desk.last().public_id))
    assert page.status_code == 200
    assert len(page.content) < 150_000
    assert "lagi" in page.content.decode()
