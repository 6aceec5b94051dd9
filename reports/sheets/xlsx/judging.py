"""Single cells of the form: a value, or the sentence that says what to do."""

from __future__ import annotations

from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from facilities.tabular.cells import CellRefused
from facilities.tabular.workbook import RawCell
from facilities.text import cleaning
from facilities.text.errors import UnfitText
from facilities.text.numbers import whole_number
from facilities.text.rules import fit
from reports.sheets.xlsx.layout import LONGEST_NOTE

LONGEST_SHOWN = 60


def shown(cell: RawCell | None) -> str:
    """What stands in a cell, short enough for a sentence."""
    text = "" if cell is None else cell.text.strip()
    if cell is not None and cell.kind == "n":
        text = text.replace(".", ",")
    return cleaning.shown(text, LONGEST_SHOWN)


def _check_kind(cell: RawCell) -> None:
    if cell.kind == "f":
        raise CellRefused(_("The cell holds a formula. Type the value itself."))
    if cell.kind == "e":
        raise CellRefused(_("The cell holds an error of the spreadsheet. Type the value itself."))


def count(cell: RawCell | None) -> int | None:
    """A whole number from 0, None for an empty cell. CellRefused otherwise."""
    if cell is None:
        return None
    _check_kind(cell)
    if cell.kind == "d":
        raise CellRefused(
            _("The spreadsheet made a date of this. Set the cell's format to General and type the"
              " number again.")
        )  # fmt: skip
    text = cell.text
    if cell.kind == "n":
        number = float(text)
        # 5.0 is how some programs write 5; 1.284 as a number is a fraction, not 1,284.
        text = str(int(number)) if number.is_integer() and abs(number) < 1e12 else f"{number:g}"
        text = text.replace(".", ",")
    try:
        return whole_number(text)
    except UnfitText as error:
        raise CellRefused(str(error)) from error


def note(cell: RawCell | None) -> str:
    """The text of a note on one line, '' for an empty cell. CellRefused when too long
    or not fit to be kept."""
    if cell is None:
        return ""
    _check_kind(cell)
    try:
        text = fit(cell.text.removesuffix(".0") if cell.kind == "n" else cell.text)
    except UnfitText as error:
        raise CellRefused(str(error)) from error
    if len(text) > LONGEST_NOTE:
        raise CellRefused(_("A note has at most %(limit)s characters.") % {"limit": LONGEST_NOTE})
    return text


def version(cell: RawCell | None) -> int:
    """The version of the row the form was made from; -1 when it can no longer be told, which
    matches no row: the writer is asked to choose."""
    if cell is None or cell.kind not in {"n", "s"}:
        return -1
    text = cell.text.strip().removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def plain(text: str) -> str:
    """A label as it is compared: spaces do not count."""
    return " ".join(ILLEGAL_CHARACTERS_RE.sub("\ufffd", text).split())
