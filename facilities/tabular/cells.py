"""Judging single cells: a value, or the sentence that says what to enter instead."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

Cell = str | int | float | dt.date | None
LARGEST_COUNT = 9_999_999
_WHOLE = re.compile(r"[0-9]{1,12}")


class CellRefused(ValueError):
    """``str(error)`` is for the reader: the value found and what to do."""


def shown(value: Cell) -> str:
    """A value as its writer would recognise it: decimal comma, dates as in the file."""
    return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _whole(value: Cell) -> int | None:
    """The number if it is one from 0; a spreadsheet writes 5 also as 5.0."""
    match value:
        case bool():
            return None
        case int() if value >= 0:
            return value
        case float() if value >= 0 and value.is_integer():
            return int(value)
        case str() if _WHOLE.fullmatch(value):
            return int(value)
    return None


def count(value: Cell) -> int | None:
    """A whole number from 0, None when empty; CellRefused for anything else."""
    if value is None:
        return None
    number = _whole(value)
    if number is None:
        raise CellRefused(
            _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {"value": shown(value)}
        )
    if number > LARGEST_COUNT:
        raise CellRefused(_("This number is too large: ‘%(value)s’.") % {"value": number})
    return number


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
    return str(value)


def text(value: Cell, longest: int) -> str:
    """Text, '' when empty; CellRefused when too long."""
    result = "" if value is None else shown(value)
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
        result = Decimal(str(value).replace(",", ".")).quantize(Decimal("0.000001"))
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
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise CellRefused(
            _("Enter a date like 2026-01-31. You entered ‘{value}’.").format(value=shown(value))
        ) from error
