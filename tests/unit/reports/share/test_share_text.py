"""The chat message of a week: bounded, honest about what is missing, without anybody's words."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.shapes import DistrictSheet, Line, ReviewSheet
from reports.share import LIMIT, share_text
from tests.factories import sheets

ADDRESS = "https://pantau.example.org/reviews/2026-W24/1012406/"
SHEET = sheets.review_sheet()
PUSTU = sheets.pustu_sheet()
DISTRICT = sheets.district_sheet()
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=130)
NAMES = st.one_of(WORDS, st.sampled_from(["Pustu *Lalang*", "a_b", "x" * 130, "kata " * 26]))


def _nothing(line: Line) -> Line:
    """The line of a facility that has reported nothing at all."""
    return sheets.line(line.indicator, random.Random(1), is_missing=True)


def _is_counted(line: Line) -> bool:
    """A meeting that nobody entered was not held; anything else that nobody entered is unknown."""
    return line.indicator.calc_type != "planned"


def _with_lines(sheet: ReviewSheet, change: Any) -> ReviewSheet:
    blocks = tuple(
        replace(block, lines=tuple(change(line) for line in block.lines if _is_counted(line)))
        for block in sheet.clusters
    )
    lines = tuple(line for block in blocks for line in block.lines)
    return replace(sheet, clusters=blocks, tally=sheets.tally(lines))


def _nobody_filed(sheet: ReviewSheet) -> ReviewSheet:
    filings = tuple(replace(row, is_reported=False, status="missing") for row in sheet.filings)
    return replace(sheet, filings=filings, carried_problems=(), new_problems=())


@st.composite
def review_sheets(draw: st.DrawFn) -> ReviewSheet:
    """A sheet with odd names, any number of Pustu, problems and missing lines."""
    base = draw(st.sampled_from([SHEET, PUSTU]))
    names = draw(st.lists(NAMES, max_size=40))
    filings = tuple(
        replace(
            SHEET.filings[0],
            facility=replace(SHEET.filings[0].facility, short_name=name, name=name),
            is_reported=draw(st.booleans()),
        )
        for name in names
    )
    missing = draw(st.sets(st.integers(0, 84)))
    longer = draw(st.sets(st.integers(0, 84), max_size=9))
    counter = iter(range(1000))
    name = draw(NAMES)

    def change(line: Line) -> Line:
        number = next(counter)
        if number in longer:
            line = replace(line, indicator=replace(line.indicator, name_id=name))
        return _nothing(line) if number in missing else line

    problems = tuple(
        sheets.problem(n, is_new=False, facility=replace(sheets.PUSKESMAS, id=900 + n, name=name))
        for n in range(draw(st.integers(0, 12)))
    )
    return replace(
        _with_lines(base, change),
        facility=replace(base.facility, name=draw(NAMES)),
        filings=filings if base is SHEET else (),
        carried_problems=problems,
    )


@settings(max_examples=60, deadline=None)
@given(review_sheets(), st.booleans(), st.integers(30, 250))
def test_always_fits_and_ends_with_the_address(
    sheet: ReviewSheet, is_draft: bool, length: int
) -> None:
    address = "https://" + "a" * (length - 8)
    text = share_text(sheet, address, is_draft=is_draft)
    assert len(text) <= LIMIT
    assert text.endswith(address)
    assert "contoh" in text
    assert ("DRAF" in text.replace(sheet.facility.name, "")) or not is_draft


@settings(max_examples=60, deadline=None)
@given(review_sheets())
def test_no_word_is_cut(sheet: ReviewSheet) -> None:
    """Every word of an item is a word of the sheet, of the message's own, or a number."""
    text = share_text(sheet, ADDRESS, is_draft=False)
    names = {line.indicator.name_id: None for line in sheet.lines}
    for row in re.findall(r"^• (.*?): (?:kurang|lebih) ", text, re.MULTILINE):
        told = row.removesuffix(" …")
        plain = (re.sub(r"[*_~`\s]+", " ", name).strip() for name in names)
        assert row == "…" or any(name == told or name.startswith(f"{told} ") for name in plain)


@settings(max_examples=60, deadline=None)
@given(review_sheets())
def test_who_has_not_reported_is_told_or_counted(sheet: ReviewSheet) -> None:
    text = share_text(sheet, ADDRESS, is_draft=False)
    missing = [row for row in sheet.filings if not row.is_reported]
    if not missing:
        return
    assert "elum lapor" in text
    if len(missing) == len(sheet.filings):
        assert f"dari {len(missing)}" in text


def test_missing_is_never_zero() -> None:
    """Nothing reported: no figure is said, least of all a 0."""
    for base in (SHEET, PUSTU):
        sheet = _nobody_filed(_with_lines(base, _nothing))
        text = share_text(sheet, ADDRESS, is_draft=True)
        body = text.replace(ADDRESS, "").replace(sheet.facility.name, "")
        assert re.search(r"(?<![\d.,])0(?![\d.,])", body) is None
        assert "belum lapor" in body
        assert "kurang" not in body


@settings(max_examples=40, deadline=None)
@given(st.sets(st.integers(0, 84), min_size=1))
def test_a_line_without_a_figure_is_no_gap(missing: set[int]) -> None:
    counter = iter(range(1000))
    names: set[str] = set()

    def change(line: Line) -> Line:
        if next(counter) not in missing:
            return line
        made = _nothing(line)
        if made.figures.gap is None:
            names.add(line.indicator.name_id)
        return made

    sheet = _with_lines(SHEET, change)
    text = share_text(sheet, ADDRESS, is_draft=False)
    gaps = set(re.findall(r"^• (.*?): (?:kurang|lebih) ", text, re.MULTILINE))
    assert not gaps & names


def test_people_stand_before_percentages() -> None:
    text = share_text(SHEET, ADDRESS, is_draft=False)
    rows = re.findall(r"^• .*%.*$", text, re.MULTILINE)
    assert len(rows) == 5
    for row in rows:
        assert re.search(r": kurang [\d.]+ \w[\w ]* \(.*%", row)


def test_nothing_written_by_hand_leaves_the_site() -> None:
    """Titles, causes, notes and names of people stay behind the sign-in."""
    for sheet in (SHEET, PUSTU, DISTRICT):
        text = share_text(sheet, ADDRESS, is_draft=False)
        problems = (
            sheet.overdue
            if isinstance(sheet, DistrictSheet)
            else sheet.carried_problems + sheet.new_problems
        )
        for row in problems:
            assert row.title not in text
            assert row.cause not in text
        assert sheet.signature.head_name not in text


def test_whose_reports_are_missing() -> None:
    text = share_text(SHEET, ADDRESS, is_draft=False)
    assert "7 dari 8 Pustu sudah lapor." in text
    assert "Belum lapor: Kurnia Jaya." in text


def test_district_names_the_place_of_each_gap() -> None:
    text = share_text(DISTRICT, ADDRESS, is_draft=True)
    assert len(text) <= LIMIT
    assert text.startswith("*Rekap evaluasi mingguan ILP, Kabupaten Belitung Timur*\n")
    assert "6 dari 7 Puskesmas sudah lapor." in text
    assert "Belum lapor: Kelapa Kampit." in text
    assert len(re.findall(r"^• .*, Puskesmas .*: kurang", text, re.MULTILINE)) >= 3
    assert "DRAF" in text


def test_indonesian_whatever_the_reader_chose() -> None:
    with translation.override("en"):
        assert share_text(SHEET, ADDRESS, is_draft=False) == share_text(
            SHEET, ADDRESS, is_draft=False
        )
        assert "Perlu perhatian" in share_text(SHEET, ADDRESS, is_draft=False)


def test_names_bring_no_formatting() -> None:
    sheet = replace(SHEET, facility=replace(SHEET.facility, name="Puskesmas *A* _B_ ~C~ `D`"))
    assert share_text(sheet, ADDRESS, is_draft=False).startswith(
        "*Evaluasi mingguan ILP, Puskesmas A B C D*\n"
    )


def test_real_figures_are_not_called_samples() -> None:
    assert "contoh" not in share_text(replace(SHEET, is_demo=False), ADDRESS, is_draft=False)


def test_an_address_beyond_bounds_is_refused() -> None:
    with pytest.raises(ValueError, match="address"):
        share_text(SHEET, "https://" + "a" * 300, is_draft=False)
