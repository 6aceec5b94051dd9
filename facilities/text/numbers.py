"""A whole number as people write it. The same answer on pages, in files and from the API."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from facilities.text.cleaning import clean, shown
from facilities.text.errors import UnfitText

LARGEST_COUNT = 9_999_999  # fits a PositiveIntegerField; nobody counts more people in a week
_PLAIN = re.compile(r"[0-9]{1,12}")
# As the page itself writes large numbers: 1.284
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+")


def not_whole(value: str) -> str:
    return _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {
        "value": shown(value, 40)
    }


def too_large(value: str) -> str:
    return _("This number is too large: ‘%(value)s’.") % {"value": shown(value, 40)}


def whole_number(value: str) -> int | None:
    """Whole number from 0, or None for an empty field. UnfitText carries the sentence shown.

    Blanks around a number do not count; between digits they may as well part two numbers.
    """
    try:
        text = clean(value, has_lines=True).strip()
    except UnfitText as error:
        raise UnfitText(not_whole(value)) from error
    if not text:
        return None
    digits = text.replace(".", "") if _GROUPED.fullmatch(text) else text
    if digits.isascii() and digits.isdigit() and len(digits) > 12:
        raise UnfitText(too_large(text))
    if not _PLAIN.fullmatch(digits):
        raise UnfitText(not_whole(value))
    if int(digits) > LARGEST_COUNT:
        raise UnfitText(too_large(text))
    return int(digits)
