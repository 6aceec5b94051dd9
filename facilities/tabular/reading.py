"""CSV and XLSX files as rows under a known header; the caller judges the cells."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl.utils.cell import column_index_from_string, get_column_letter

from facilities.tabular.archive import MOST_ROWS, check_size, too_many_rows
from facilities.tabular.cells import Cell, CellRefused, Unread
from facilities.tabular.errors import CellError, FileRefused, refuse
from facilities.tabular.workbook import (
    OLD_EXCEL,
    DamagedError,
    Limits,
    Page,
    RawCell,
    TooMuchError,
    read_workbook,
)
from facilities.text.cleaning import clean
from facilities.text.errors import UnfitText

_LIMITS = Limits(
    sheets=(),
    rows=MOST_ROWS + 1,  # and the header
    columns=None,
    longest=32_767,  # all that a cell can hold
    text=30_000_000,
    memory=1024 * 1024 * 1024,
    processor=60,
    clock=900,  # a busy machine; the processor time is what bounds it
)
_DELIMITERS = ",;\t"
_SEPARATOR_LINE = re.compile(r'"?sep=([^\w"\r\n])"?', re.IGNORECASE)
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_INTEGER = re.compile(r"-?[0-9]+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Value = Cell | Unread
Row = tuple[int, dict[str, Value]]
Numbered = tuple[int, list[Value]]


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
    # Numbers that were written otherwise than they are read, for whoever loads the file.
    readings: list[CellError] = field(default_factory=list)
    is_workbook: bool = False  # a number that stands as text there is worth a word
    wrap: Callable[[Iterable[Row]], Iterable[Row]] = iter  # a progress bar, for one

    def __iter__(self) -> Iterator[Row]:
        return iter(self.wrap(self.rows))

    def error(self, row: int, key: str, message: str) -> None:
        self.errors.append(CellError(row, self.headings.get(key, key), message))

    def take[T](self, row: Row, key: str, judge: Callable[[Cell], T]) -> T | None:
        """The judged value of a cell; None, and the error noted, when it is refused."""
        number, cells = row
        value = cells.get(key)
        if isinstance(value, Unread):
            self.error(number, key, value.message)
            return None
        try:
            result = judge(value)
        except CellRefused as error:
            self.error(number, key, str(error))
            return None
        is_text = isinstance(value, str) and (self.is_workbook or value != str(result))
        if is_text and isinstance(result, int):
            message = _("‘{value}’ is read as {number}.").format(value=value, number=result)
            self.readings.append(CellError(number, self.headings.get(key, key), message))
        return result

    def check(self) -> None:
        """FileRefused when anything is wrong with the file."""
        if self.errors:
            raise FileRefused(self.errors)


def read_table(path: Path, columns: Sequence[Column], *, sheet: str) -> Table:
    """The rows of a CSV file (comma, semicolon or tab; UTF-8 or UTF-16) or of one XLSX sheet.

    Empty cells are None, text is stripped, empty rows are left out. FileRefused when the file
    cannot be read at all; what is wrong with single cells is collected in ``errors``.
    """
    if not path.is_file():
        raise refuse(_("There is no file {path}.").format(path=path))
    check_size(path)
    errors: list[CellError] = []
    with path.open("rb") as file:
        is_workbook = file.read(8).startswith((b"PK\x03\x04", OLD_EXCEL))
    if is_workbook or path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        rows = _workbook_rows(path, sheet, errors)
    else:
        rows = _csv_rows(path)
    table = _table(rows, columns, errors)
    table.is_workbook = is_workbook
    return table


def _table(rows: Iterator[Numbered], columns: Sequence[Column], errors: list[CellError]) -> Table:
    rows = (row for row in rows if any(cell is not None for cell in row[1]))
    first, header = next(rows, (1, []))
    _note_unread(first, header, range(0), errors)
    places, headings = _places(first, header, columns)
    table = Table(headings, errors=errors)
    for number, cells in rows:
        if len(table.rows) >= MOST_ROWS:
            raise too_many_rows(MOST_ROWS)
        _note_unread(number, cells, places.values(), errors)
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


def _note_unread(
    number: int, cells: list[Value], asked: Container[int], errors: list[CellError]
) -> None:
    """An error for what could not be read where nobody will ask for it; ``take`` says the others
    under their heading."""
    for place, cell in enumerate(cells):
        if isinstance(cell, Unread) and place not in asked:
            errors.append(CellError(number, get_column_letter(place + 1), cell.message))
            cells[place] = None


def _places(
    number: int, header: list[Value], columns: Sequence[Column]
) -> tuple[dict[str, int], dict[str, str]]:
    """Where each column stands, and its heading; FileRefused naming all missing ones."""
    found = [str(cell or "").strip().casefold().replace(" ", "_") for cell in header]
    places: dict[str, int] = {}
    errors: list[CellError] = []
    for column in columns:
        matching = [place for place, heading in enumerate(found) if column.matches(heading)]
        if len(matching) > 1:
            message = _("The column “{column}” is there twice. Delete one.")
            errors.append(CellError(number, "", message.format(column=found[matching[1]])))
        elif matching:
            places[column.key] = matching[0]
        elif column.is_required:
            message = _("The column “{column}” is missing. Found: {found}.")
            names = ", ".join(heading for heading in found if heading)
            heading = column.also[0] if column.also else column.key
            text = message.format(column=heading, found=names or "–")
            errors.append(CellError(number, "", text))
    if errors:
        raise FileRefused(errors)
    return places, {key: found[place] for key, place in places.items()}


def _csv_rows(path: Path) -> Iterator[Numbered]:
    text = _text(path.read_bytes())
    first, _break, rest = text.partition("\n")
    start = 0
    if said := _SEPARATOR_LINE.fullmatch(first.rstrip("\r")):
        # How Excel is told what separates the cells; it is no row of the table.
        start, delimiter, text = 1, said[1], rest
    else:
        header = text.lstrip("\r\n").partition("\n")[0]
        delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        # Rows as a spreadsheet counts them: a cell with line breaks is still in one.
        for number, cells in enumerate(reader, start + 1):
            yield number, [_text_value(cell) for cell in cells]
    except csv.Error as error:
        message = _("Row {row} cannot be read: a quotation mark is missing or misplaced.")
        raise refuse(message.format(row=start + reader.line_num)) from error


def _text(content: bytes) -> str:
    # A spreadsheet's «Unicode text» is UTF-16; its mark at the beginning tells.
    encoding = "utf-16" if content.startswith(_UTF16_MARKS) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(_("The file is not UTF-8 text. Save it as “CSV UTF-8”.")) from error
    if "\0" in text:
        raise refuse(_("The file is not a text file. Save it as “CSV UTF-8” or XLSX."))
    return text


def _workbook_rows(path: Path, sheet: str, errors: list[CellError]) -> Iterator[Numbered]:
    key = sheet.strip().casefold()
    try:
        workbook = read_workbook(path, replace(_LIMITS, sheets=(key,)))
    except TooMuchError as error:
        raise _too_large() from error
    except DamagedError as error:
        raise refuse(_("The workbook is damaged. Save it again as XLSX or CSV.")) from error
    page = workbook.pages.get(key)
    if page is None:
        message = _("The workbook has no sheet “{sheet}”. Found: {found}.")
        raise refuse(message.format(sheet=sheet, found=", ".join(workbook.sheets)))
    if page.is_cut:
        raise too_many_rows(MOST_ROWS) if len(page.rows) > MOST_ROWS else _too_large()
    for cells in page.merged:
        message = _("The cells {range} are merged. Unmerge them: one value per cell.")
        errors.append(CellError(0, "", message.format(range=cells)))
    return _page_rows(page)


def _too_large() -> FileRefused:
    return refuse(_("The workbook is too large to be read. Split it, or save it as CSV."))


def _page_rows(page: Page) -> Iterator[Numbered]:
    for number, cells in page.rows.items():
        places = {column_index_from_string(letter): cell for letter, cell in cells.items()}
        row: list[Value] = [None] * max(places)
        for place, cell in places.items():
            row[place - 1] = _value(cell)
        yield number, row


def _value(cell: RawCell) -> Value:
    match cell.kind:
        case "f":
            message = _("The cell holds a formula. Paste its value: ‘{value}’.")
            return Unread(message.format(value=cell.text))
        case "e":
            message = _("The cell holds an error: ‘{value}’. Enter a value.")
            return Unread(message.format(value=cell.text))
        case "b":
            return cell.text == "True"
        case "n":
            return int(cell.text) if _INTEGER.fullmatch(cell.text) else float(cell.text)
        case "d" if _DATE.fullmatch(cell.text):
            return dt.date.fromisoformat(cell.text)
    return _text_value(cell.text)


def _text_value(text: str) -> Value:
    """Text as it is meant, None when nothing is left of it."""
    try:
        return clean(text, has_lines=True) or None
    except UnfitText as error:
        return Unread(str(error))
