"""CSV and XLSX files as rows under a known header; the caller judges the cells."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from facilities.tabular.archive import check_archive, check_size, merged_cells
from facilities.tabular.cells import Cell, CellRefused
from facilities.tabular.errors import CellError, FileRefused, refuse

MOST_ROWS = 200_000
Row = tuple[int, dict[str, Cell]]
Numbered = tuple[int, list[Cell]]


@dataclass(frozen=True)
class Column:
    """A column by its key; a file may also head it with one of the other names."""

    key: str
    also: tuple[str, ...] = ()
    is_required: bool = True

    def matches(self, heading: str) -> bool:
        return heading in (self.key, *self.also)


@dataclass
class Table:
    """Rows by their number in the file, with the heading each column has there."""

    headings: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    wrap: Callable[[Iterable[Row]], Iterable[Row]] = iter  # a progress bar, for one

    def __iter__(self) -> Iterator[Row]:
        return iter(self.wrap(self.rows))

    def error(self, row: int, key: str, message: str) -> None:
        self.errors.append(CellError(row, self.headings.get(key, key), message))

    def take[T](self, row: Row, key: str, judge: Callable[[Cell], T]) -> T | None:
        """The judged value of a cell; None, and the error noted, when it is refused."""
        number, cells = row
        try:
            return judge(cells.get(key))
        except CellRefused as error:
            self.error(number, key, str(error))
            return None

    def check(self) -> None:
        """FileRefused when anything is wrong with the file."""
        if self.errors:
            raise FileRefused(self.errors)


def read_table(path: Path, columns: Sequence[Column], *, sheet: str) -> Table:
    """The rows of a CSV file (comma or semicolon, UTF-8) or of one XLSX sheet.

    Empty cells are None, text is stripped, empty rows are left out. FileRefused when the file
    cannot be read at all; what is wrong with single cells is collected in ``errors``.
    """
    if not path.is_file():
        raise refuse(_("There is no file {path}.").format(path=path))
    check_size(path)
    errors: list[CellError] = []
    with path.open("rb") as file:
        is_workbook = file.read(4) == b"PK\x03\x04"
    if is_workbook or path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        rows = _workbook_rows(path, sheet, errors)
    else:
        rows = _csv_rows(path)
    return _table(rows, columns, errors)


def _table(rows: Iterator[Numbered], columns: Sequence[Column], errors: list[CellError]) -> Table:
    _number, header = next(rows, (1, []))
    places, headings = _places(header, columns)
    table = Table(headings, errors=errors)
    for number, cells in rows:
        if all(cell is None for cell in cells):
            continue
        if len(table.rows) >= MOST_ROWS:
            raise refuse(
                _("The file has more than {count} rows. Split it.").format(count=MOST_ROWS)
            )
        surplus = [cell for cell in cells[len(header) :] if cell is not None]
        if surplus:
            message = _("This row has more cells than the header: ‘{value}’.")
            errors.append(CellError(number, "", message.format(value=surplus[0])))
        values = {
            key: cells[place] if place < len(cells) else None for key, place in places.items()
        }
        table.rows.append((number, values))
    if not table.rows and not errors:
        raise refuse(_("The file has no rows below its header."))
    return table


def _places(header: list[Cell], columns: Sequence[Column]) -> tuple[dict[str, int], dict[str, str]]:
    """Where each column stands, and its heading; FileRefused naming all missing ones."""
    found = [str(cell or "").strip().casefold().replace(" ", "_") for cell in header]
    places: dict[str, int] = {}
    errors: list[CellError] = []
    for column in columns:
        matching = [place for place, heading in enumerate(found) if column.matches(heading)]
        if len(matching) > 1:
            message = _("The column “{column}” is there twice. Delete one.")
            errors.append(CellError(1, "", message.format(column=found[matching[1]])))
        elif matching:
            places[column.key] = matching[0]
        elif column.is_required:
            message = _("The column “{column}” is missing. Found: {found}.")
            names = ", ".join(heading for heading in found if heading)
            heading = column.also[0] if column.also else column.key
            errors.append(CellError(1, "", message.format(column=heading, found=names or "–")))
    if errors:
        raise FileRefused(errors)
    return places, {key: found[place] for key, place in places.items()}


def _csv_rows(path: Path) -> Iterator[Numbered]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse(_("The file is not UTF-8 text. Save it as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise refuse(_("The file is not a text file. Save it as “CSV UTF-8” or XLSX."))
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() or None for cell in cells]
    except csv.Error as error:
        message = _("Row {row} cannot be read: a quotation mark is missing or misplaced.")
        raise refuse(message.format(row=reader.line_num)) from error


def _workbook_rows(path: Path, sheet: str, errors: list[CellError]) -> Iterator[Numbered]:
    check_archive(path)
    try:
        workbook = load_workbook(path, read_only=True)
    except (InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise refuse(_("The workbook is damaged. Save it again as XLSX or CSV.")) from error
    try:
        names = {name.casefold(): name for name in workbook.sheetnames}
        if sheet.casefold() not in names:
            message = _("The workbook has no sheet “{sheet}”. Found: {found}.")
            raise refuse(message.format(sheet=sheet, found=", ".join(workbook.sheetnames)))
        worksheet: Any = workbook[names[sheet.casefold()]]
        merged = merged_cells(path, worksheet._worksheet_path.lstrip("/"))  # noqa: SLF001
        for cells in merged:
            message = _("The cells {range} are merged. Unmerge them: one value per cell.")
            errors.append(CellError(0, "", message.format(range=cells)))
        worksheet.reset_dimensions()  # the file's own claim may be wrong
        for number, row in enumerate(worksheet.iter_rows(), start=1):
            yield number, [_workbook_cell(cell, number, errors) for cell in row]
    finally:
        workbook.close()


def _workbook_cell(cell: Any, number: int, errors: list[CellError]) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        message = _("The cell holds a formula. Paste its value: ‘{value}’.")
        errors.append(CellError(number, cell.column_letter, message.format(value=value)))
        return None
    if cell.data_type == "e":
        message = _("The cell holds an error: ‘{value}’. Enter a value.")
        errors.append(CellError(number, cell.column_letter, message.format(value=value)))
        return None
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, dt.datetime):
        return value.date()
    if value is None or isinstance(value, (int, float, dt.date)):
        return value
    return str(value)
