"""Judging single cells: a value, or the sentence that says what to enter instead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from facilities.text import cleaning, numbers
from facilities.text.errors import UnfitText
from facilities.text.rules import fit

_LONGEST_SHOWN = 60
Cell = str | int | float | dt.date | None


@dataclass(frozen=True, slots=True)
class Unread:
    """In the place of a value that could not be read; ``message`` says why."""

    message: str


class CellRefused(ValueError):
    """``str(error)`` is for the reader: the value found and what to do."""


def shown(value: Cell) -> str:
    """A value as its writer would recognise it: decimal comma, dates as in the file."""
    if isinstance(value, float):
        return str(int(value) if value.is_integer() else value).replace(".", ",")
    return cleaning.shown(str(value), _LONGEST_SHOWN)


def count(value: Cell) -> int | None:
    """A whole number from 0, None when empty; CellRefused for anything else."""
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a spreadsheet writes 5 also as 5.0
    if isinstance(value, (bool, float, dt.date)):
        raise CellRefused(numbers.not_whole(shown(value)))
    try:
        return numbers.whole_number(str(value))
    except UnfitText as error:
        raise CellRefused(str(error)) from error


def code(value: Cell) -> str:
    """A code as text; CellRefused when empty or when a spreadsheet made a number of it."""
    if value is None:
        raise CellRefused(_("Enter a code."))
    if isinstance(value, (bool, float, dt.date)):
        raise CellRefused(
            _("Format the column as text and enter the code again: ‘{value}’.").format(
                value=shown(value)
            )
        )
    return str(value).strip()


def text(value: Cell, longest: int, *, is_name: bool = False) -> str:
    """One line of text, '' when empty; CellRefused when too long or not fit to be kept.
    ``is_name``: of an official or a place."""
    written = value if isinstance(value, str) else "" if value is None else shown(value)
    try:
        result = fit(written, is_name=is_name)
    except UnfitText as error:
        raise CellRefused(str(error)) from error
    if len(result) > longest:
        raise CellRefused(
            _("At most {longest} characters; there are {count}.").format(
                longest=longest, count=len(result)
            )
        )
    return result


def degrees(value: Cell, limit: int) -> Decimal | None:
    """Latitude or longitude in degrees, None when empty."""
    if value is None:
        return None
    try:
        result = Decimal(str(value).strip().replace(",", ".")).quantize(Decimal("0.000001"))
    except InvalidOperation:
        result = Decimal(999)
    if not abs(result) <= limit:
        raise CellRefused(
            _("Enter degrees between -{limit} and {limit}. You entered ‘{value}’.").format(
                limit=limit, value=shown(value)
            )
        )
    return result


def date(value: Cell) -> dt.date | None:
    """A date, None when empty."""
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise CellRefused(
            _("Enter a date like 2026-01-31. You entered ‘{value}’.").format(value=shown(value))
        ) from error
