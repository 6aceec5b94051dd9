"""The one way text leaves in a file: a spreadsheet never runs what a person typed.

A cell that begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break is a formula to Excel,
LibreOffice and Google Sheets, and a formula may start programs or send data away. Numbers and
dates are written as such and need nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import IO, Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from facilities.text.cleaning import for_workbook

LONGEST_CELL = 32_767  # characters an XLSX cell holds
# The full-width forms too: a spreadsheet on an East Asian system reads them as the plain ones.
_RISKY = re.compile(r"['\s]*[=+\-@\t\r\n＝＋－＠]")
Value = str | int | float | Decimal | dt.date | None


def is_risky(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula, also behind spaces or
    apostrophes, which some programs strip."""
    return _RISKY.match(text) is not None


def csv_text(value: Value) -> Value:
    """A value for a CSV cell: risky text gets a leading apostrophe, anything else is as it was."""
    return f"'{value}" if isinstance(value, str) and is_risky(value) else value


def from_csv_text(text: str) -> str:
    """What ``csv_text`` was given. Only for files this product wrote: elsewhere an apostrophe
    may be the writer's own."""
    return text[1:] if text.startswith("'") and is_risky(text[1:]) else text


def write_csv(file: IO[str], header: Iterable[str], rows: Iterable[Iterable[Value]]) -> None:
    """A header and rows as CSV, every text made harmless."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow([csv_text(name) for name in header])
    writer.writerows([csv_text(value) for value in row] for row in rows)


def write_cell(cell: Any, value: Value) -> Any:
    """Put a value into an openpyxl cell. Text stays text whatever it looks like, without
    characters XML cannot hold; risky text is marked as quoted, so that editing the cell in a
    spreadsheet does not turn it into a formula either. Returns the cell."""
    if not isinstance(value, str):
        cell.value = value
        return cell
    # One kind of line break: whether a lone CR survives depends on the XML library installed.
    lines = value.replace("\r\n", "\n").replace("\r", "\n")
    text = for_workbook(ILLEGAL_CHARACTERS_RE.sub("\ufffd", lines))[:LONGEST_CELL]
    cell.value = text
    cell.data_type = "s"  # openpyxl would make a formula of «=…» and an error of «#N/A»
    cell.quotePrefix = is_risky(text)
    return cell
