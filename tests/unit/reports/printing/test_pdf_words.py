from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation

from clusters.weeks import Week
from reports.printing.pdf import rows, words
from tests.factories import sheets


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0, "0"), (1284, "1.284"), (Decimal("1234.5"), "1.234,5"), (Decimal(7), "7,0")],
)
def test_number(value, text):
    assert words.number(value) == text


@pytest.mark.parametrize(("value", "text"), [(None, "-"), (0, "0"), (3, "+3"), (-1062, "−1.062")])
def test_signed(value, text):
    assert words.signed(value) == text


def test_dates_are_written_in_full():
    assert words.full_date(dt.date(2025, 5, 5)) == "Senin, 5 Mei 2025"
    assert words.full_date(None) == "-"


@pytest.mark.parametrize(
    ("week", "text"),
    [
        ("2025-W18", "27 April–3 Mei 2025"),
        ("2025-W24", "8–14 Juni 2025"),
        ("2025-W01", "29 Desember 2024–4 Januari 2025"),
    ],
)
def test_week_dates_say_once_what_both_ends_share(week, text):
    assert words.week_dates(sheets.week_ref(Week.parse(week))) == text


@pytest.mark.parametrize(
    ("zone", "short", "text"),
    [
        ("Asia/Jakarta", "WIB", "16 Juni 2026 10.30 WIB"),
        ("Asia/Makassar", "WITA", "16 Juni 2026 11.30 WITA"),
        ("Asia/Jayapura", "WIT", "16 Juni 2026 12.30 WIT"),
    ],
)
def test_moment_is_told_in_the_district_zone(zone, short, text):
    assert words.moment(sheets.NOON, zone, short) == text


def test_missing_line_is_not_a_zero():
    line = _line(is_missing=True)

    row = rows.line_row(line)
    figures = {column.code: rows.REPORT.write(column, row) for column in rows.REPORT.columns}

    assert row.week == "belum lapor"
    assert row.status == "belum lapor"
    assert (figures["cumulative"], figures["coverage"], figures["gap"]) == ("-", "-", "-")


def test_zero_is_a_zero():
    line = _line()
    line = replace(line, figures=replace(line.figures, week_count=0, week_denominator=None))

    assert rows.line_row(line).week == "0"


def test_partly_reported_line_says_how_many():
    assert rows.line_row(replace(_line(), reported=4, expected=5)).reported == "4/5"
    assert rows.line_row(replace(_line(), reported=5, expected=5)).reported == ""


def test_every_status_has_a_word_and_a_glyph():
    line = _line()
    seen = {
        words.status(replace(line, figures=replace(line.figures, status=status)))
        for status in ("baik", "kurang", "cukup", "jelek")
    }

    assert {word for _class, _glyph, word in seen} == {"Baik", "Kurang", "Cukup", "Jelek"}
    assert all(glyph in "▲▼" for _class, glyph, _word in seen)


def test_late_start_and_note_are_remarked():
    line = _line()
    line = replace(
        line,
        indicator=replace(line.indicator, starts_in_week=30),
        figures=replace(line.figures, checks=("not_started", "over_100")),
        note="Dua Posyandu ditunda",
    )

    assert rows.remarks(line) == (
        "target mulai minggu ke-30; di atas 100%: periksa data; Dua Posyandu ditunda"
    )


@pytest.mark.parametrize(("reported", "text"), [(0, "0/5"), (4, "4/5"), (5, "")])
def test_sum_says_how_many_units_are_in_it(reported, text):
    """Also that of a Puskesmas which counted alone: without the remark it would look whole."""
    assert rows.line_row(replace(_line(), reported=reported, expected=5)).reported == text


def _line(*, is_missing: bool = False):
    import random

    indicator = {item.code: item for _cluster, item in sheets.indicators()}["SPM01"]
    return sheets.line(indicator, random.Random(1), is_missing=is_missing)
