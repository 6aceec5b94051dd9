"""Any cells and any bytes: Hypothesis looks for what nobody thought of."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.actions import check_counts
from facilities.tabular.errors import FileRefused
from facilities.tabular.workbook import Page, RawCell, Workbook
from facilities.text.numbers import LARGEST_COUNT
from reports.figures.queries.facility_lines import indicators_for
from reports.sheets.xlsx.form import read_form
from reports.sheets.xlsx.layout import COLUMNS, ENTRIES, HEADER_ROW, HIDDEN, LONGEST_NOTE
from reports.sheets.xlsx.preview import compare
from tests.integration.reports.sheets.conftest import as_bytes

pytestmark = pytest.mark.django_db
SHARED = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
LETTERS = [column.letter for column in COLUMNS]
KINDS = "nsdbfe"
NUMBERS = (
    st.integers(-5, 30).map(str)
    | st.integers().map(str)
    | st.floats().map(repr)
    | st.sampled_from(["1e400", "-0.0", "inf", "nan", "5.0", "9999999", "10000000"])
)
CELLS = st.one_of(
    NUMBERS.map(lambda text: RawCell("n", text)),
    st.builds(RawCell, st.sampled_from("sdbfe"), st.text(min_size=1, max_size=40)),
    st.sampled_from(["=1+1", "@x", "0", "12", "1.284", "ya", "\x00", "x" * 400]).map(
        lambda text: RawCell("s", text)
    ),
)
RANGES = st.sampled_from(["I6:I9", "A1:M80", "K7:L7", "B9", "I6:J6", "ZZ1:ZZ9", "1:3", "A:C", ":"])


def page(rows: dict[int, dict[str, RawCell]], merged: tuple[str, ...] = ()) -> Page:
    return Page(ENTRIES, rows, merged, frozenset(), is_cut=False)


def text_page(*rows: tuple[str, str]) -> Page:
    return page(
        {
            number: {"A": RawCell("s", key), "B": RawCell("s", value)}
            for number, (key, value) in enumerate(rows, start=1)
        }
    )


@settings(SHARED, max_examples=150)
@given(data=st.data())
def test_any_cells_end_as_entries_or_messages(desk, data):
    review = desk.review
    indicators = {row.code: row for row in indicators_for("pustu", review.week)}
    known = st.sampled_from(sorted(indicators))
    rows: dict[int, dict[str, RawCell]] = {
        HEADER_ROW: {column.letter: RawCell("s", column.heading) for column in COLUMNS}
    }
    for number in data.draw(st.lists(st.integers(6, 60), max_size=8, unique=True)):
        code = data.draw(known)
        cells = {
            "A": RawCell("s", code),
            "C": RawCell("s", indicators[code].name_id),
            **data.draw(st.dictionaries(st.sampled_from(["I", "J", "K", "M"]), CELLS)),
            **data.draw(st.dictionaries(st.sampled_from([*LETTERS, "P"]), CELLS, max_size=1)),
        }
        for gone in data.draw(st.lists(st.sampled_from("AC"), max_size=1)):
            cells.pop(gone)
        rows[number] = cells
    merged = tuple(data.draw(st.lists(RANGES, max_size=2)))
    identity = text_page(
        ("formulir", "pantau-ilp-evaluasi"), ("versi", "1"),
        ("fasilitas", review.facility.code), ("minggu", str(review.week)),
    )  # fmt: skip
    book = Workbook((ENTRIES, HIDDEN), {ENTRIES.casefold(): page(rows, merged), HIDDEN: identity})
    form = read_form(book, review.facility, review.week, indicators)

    wrong = {error.row for error in form.errors}
    good = {entry.row for entry in form.entries}
    assert not wrong & good
    assert wrong | good == {number for number in rows if number > HEADER_ROW} | (
        wrong - set(rows)  # never: every message belongs to a row that is there
    )
    assert len({entry.code for entry in form.entries}) == len(form.entries)
    assert all(error.message and error.cell for error in form.errors)
    for entry in form.entries:
        assert not check_counts(indicators[entry.code], entry.numerator, entry.denominator)
        assert len(entry.note) <= LONGEST_NOTE
        assert "\0" not in entry.note
        for count in (entry.numerator, entry.denominator):
            assert count is None or 0 <= count <= LARGEST_COUNT
    shown = compare(review.facility, review.week, form.entries, indicators)
    assert len(shown.rows) + shown.unchanged == len(form.entries)


PAGES = st.dictionaries(
    st.sampled_from([ENTRIES.casefold(), HIDDEN, "petunjuk"]),
    st.dictionaries(
        st.integers(1, 40), st.dictionaries(st.sampled_from(LETTERS), CELLS, max_size=4), max_size=5
    ).map(page),
)


@settings(SHARED, max_examples=100)
@given(pages=PAGES)
def test_any_workbook_is_refused_in_words(desk, pages):
    book = Workbook(tuple(pages), pages)
    with pytest.raises(FileRefused) as refused:
        read_form(book, desk.review.facility, desk.review.week, {})
    assert str(refused.value)


def _outcome(desk: Any, content: bytes) -> int:
    response = desk.upload(content)
    assert response.status_code in {302, 422}
    assert not desk.values()
    return int(response.status_code)


@settings(SHARED, max_examples=12)
@given(
    typed=st.dictionaries(
        st.tuples(st.sampled_from("ACIJKLMQ"), st.integers(1, 70)),
        st.one_of(
            st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(),
            st.dates(min_value=dt.date(1901, 1, 1)),
            st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60),
            st.sampled_from(["=1+1", "=cmd|'x'!A0", "#REF!"]),
        ),
        max_size=25,
    )
)  # fmt: skip
def test_any_typing_into_the_real_form(desk, typed):
    book = desk.book()
    for (letter, row), value in typed.items():
        book[ENTRIES][f"{letter}{row}"] = value
    _outcome(desk, as_bytes(book))


@settings(SHARED, max_examples=20)
@given(data=st.data())
def test_any_damage_to_the_bytes(desk, data):
    """Places in thousandths of the file: its length changes with the second it is made in."""
    content = bytearray(as_bytes(desk.book()))
    thousandths = st.integers(0, 999)
    for place in data.draw(st.lists(thousandths, max_size=12)):
        content[place * len(content) // 1000] = data.draw(st.integers(0, 255))
    cut = data.draw(st.none() | thousandths)
    _outcome(desk, bytes(content if cut is None else content[: cut * len(content) // 1000]))


@settings(SHARED, max_examples=30)
@given(content=st.binary(max_size=2000) | st.binary(max_size=500).map(b"PK\x03\x04".__add__))
def test_any_bytes(desk, content):
    assert _outcome(desk, io.BytesIO(content).getvalue()) == 422
