from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilities.tabular import cells
from facilities.text.numbers import LARGEST_COUNT


@given(st.integers(0, LARGEST_COUNT))
def test_whole_numbers_are_read_however_a_spreadsheet_writes_them(number):
    assert cells.count(number) == cells.count(str(number)) == cells.count(float(number)) == number


@pytest.mark.parametrize("value", [-1, 1.5, "-1", "1,5", "1.28", "٣", "1e3", True, "satu", "+1"])
def test_anything_else_is_no_count(value):
    with pytest.raises(cells.CellRefused):
        cells.count(value)


def test_empty_count_is_unknown_not_zero():
    assert cells.count(None) is None


@pytest.mark.parametrize("value", [19.06, dt.date(2026, 1, 2), None, False])
def test_code_a_spreadsheet_made_a_number_of_is_refused(value):
    with pytest.raises(cells.CellRefused):
        cells.code(value)


def test_code_of_digits_is_kept_as_text():
    assert cells.code(1012406) == "1012406"


@pytest.mark.parametrize("value", ["91", -90.5, "utara"])
def test_latitude_outside_the_globe_is_refused(value):
    with pytest.raises(cells.CellRefused):
        cells.degrees(value, 90)


def test_degrees_with_a_decimal_comma():
    assert str(cells.degrees("-2,861947", 90)) == "-2.861947"
