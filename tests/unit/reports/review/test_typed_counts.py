"""A count as people type it: on the page and, by the same rule, in a cell of the Excel form."""

from __future__ import annotations

import pytest

from facilities.tabular.cells import CellRefused
from facilities.tabular.workbook import RawCell
from facilities.text.numbers import whole_number as parse_count
from reports.sheets.xlsx import judging


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), (" 12 ", 12), ("\u00a012\u00a0", 12), ("1.234", 1234)]
)
def test_blanks_around_and_points_between_thousands_are_understood(text, number):
    assert parse_count(text) == number
    assert judging.count(RawCell("s", text)) == number


@pytest.mark.parametrize("text", ["12 13", "12\u00a013", "12\u202f13", "12,13", "12/13", "1 234"])
def test_two_numbers_in_one_field_are_never_one(text):  # E3, F14
    with pytest.raises(ValueError, match="‘1"):
        parse_count(text)
    with pytest.raises(CellRefused):
        judging.count(RawCell("s", text))
