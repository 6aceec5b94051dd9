"""The rule every free text keeps: clean, and nobody's patient in it."""

from __future__ import annotations

from facilities.errors import InvalidInput
from facilities.text.cleaning import clean
from facilities.text.errors import UnfitText
from facilities.text.privacy import check_private


def fit(value: str, *, has_lines: bool = False, is_name: bool = False) -> str:
    """The text as it is stored; UnfitText where it cannot be.

    ``has_lines``: line breaks stay. ``is_name``: of an official or a place, not a sentence.
    """
    value = clean(value, has_lines=has_lines, is_name=is_name)
    if value:
        check_private(value, is_name=is_name)
    return value


def fit_field(field: str, value: str, *, has_lines: bool = False, is_name: bool = False) -> str:
    """The same for an action: InvalidInput on ``field``."""
    try:
        return fit(value, has_lines=has_lines, is_name=is_name)
    except UnfitText as error:
        raise InvalidInput({field: str(error)}) from error
