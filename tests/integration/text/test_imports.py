"""Strings of every kind in cells of CSV and XLSX files that are imported."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from clusters.models import Achievement, Indicator
from facilities.models import Facility
from facilities.text.cleaning import for_workbook
from tests.factories.world import World, build_world, last_week
from tests.text_cases import TextCase, cases

pytestmark = pytest.mark.django_db
HEADER = ["kode_faskes", "indikator", "minggu", "jumlah", "catatan"]
Load = Callable[[list[list[Any]], str], list[str]]
LONG = "text-501"


@pytest.fixture
def world() -> World:
    return build_world()


def as_cell(case: TextCase) -> Any:
    """As a spreadsheet writes it: control characters as escapes, underscores of those doubled."""
    if case.is_workbook_only or not isinstance(case.value, str):
        return case.value
    plain = for_workbook(case.value).replace("\r", "_x000D_")
    return ILLEGAL_CHARACTERS_RE.sub(lambda found: f"_x{ord(found[0]):04X}_", plain)


@pytest.fixture
def load(tmp_path: Path, capsys: pytest.CaptureFixture[str], world: World) -> Load:
    def run(rows: list[list[Any]], ending: str, command: str = "load_achievements") -> list[str]:
        path = tmp_path / f"uji.{ending}"
        if ending == "xlsx":
            book = Workbook()
            assert book.active is not None
            book.active.title = "capaian" if command == "load_achievements" else "fasilitas"
            for row in rows:
                book.active.append(["" if one is None else one for one in row])
                for cell in book.active[book.active.max_row]:
                    if isinstance(cell.value, str):
                        cell.data_type = "s"  # not a formula
            book.save(path)
        else:
            file = io.StringIO()
            csv.writer(file).writerows(rows)
            path.write_text(file.getvalue(), encoding="utf-8-sig", newline="")
        with contextlib.suppress(CommandError):
            call_command(command, path)
        printed = capsys.readouterr()
        return (printed.out + printed.err).splitlines()

    return run


def codes(count: int) -> list[tuple[str, str]]:
    """(indicator, week) of as many rows."""
    plain = [
        one.code for one in Indicator.objects.in_week(last_week()).filter(level="pustu")
        if not one.needs_denominator
    ]  # fmt: skip
    weeks = [str(last_week() - back) for back in range(30)]
    return [(code, week) for week in weeks for code in plain][:count]


def table(world: World, chosen: Sequence[TextCase], ending: str) -> list[list[Any]]:
    rows: list[list[Any]] = [HEADER]
    for case, (code, week) in zip(chosen, codes(len(chosen)), strict=True):
        value = as_cell(case) if ending == "xlsx" else case.value
        number, note = (value, "") if case.field == "count" else (1, value)
        rows.append([world.pustu.code, code, week, number, note])
    return rows


def of(field: str, ending: str) -> list[TextCase]:
    return [
        one for one in cases(field, door="import")
        if ending == "xlsx" or not (one.is_workbook_only or "\0" in str(one.value))
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_notes_that_are_taken(world: World, load: Load, ending: str) -> None:  # T02 to T11
    chosen = [one for one in of("text", ending) if one.do != "refuse"]
    said = load(table(world, chosen, ending), ending)
    stored = {(row.indicator_code, str(row.week)): row.note for row in Achievement.objects.all()}
    assert stored, said
    for case, place in zip(chosen, codes(len(chosen)), strict=True):
        assert stored[place] == case.one_line, case.id


def _errors(lines: list[str], column: str) -> dict[int, str]:
    found = [re.match(rf"Baris (\d+), kolom {column}: (.+)", line) for line in lines]
    numbered = [(int(one[1]), one[2]) for one in found if one]
    assert len(dict(numbered)) == len(numbered)  # one message a cell
    return dict(numbered)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_notes_that_are_refused(world: World, load: Load, ending: str) -> None:  # T01, T05, T09
    chosen = [one for one in of("text", ending) if one.do == "refuse"]
    errors = _errors(load(table(world, chosen, ending), ending), "catatan")
    assert set(errors) == set(range(2, len(chosen) + 2))
    assert not Achievement.objects.exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_counts(world: World, load: Load, ending: str) -> None:  # T12
    chosen = [one for one in of("count", ending) if one.value]
    lines = load(table(world, chosen, ending), ending)
    errors = _errors(lines, "jumlah")
    for number, case in enumerate(chosen, 2):
        assert number not in errors or case.may_be_refused, case.id
        assert number in errors or case.do == "clean", case.id
    assert not Achievement.objects.exists()
    good = [one for one in chosen if one.do == "clean"]
    load(table(world, good, ending), ending)
    stored = {
        (row.indicator_code, str(row.week)): row.numerator for row in Achievement.objects.all()
    }
    for case, place in zip(good, codes(len(good)), strict=True):
        assert stored[place] == int(case.becomes), case.id


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_names_of_facilities(world: World, load: Load, ending: str) -> None:  # T03, T05, T11
    header = ["kode", "jenis", "nama", "kode_induk"]
    chosen = of("name", ending)

    def rows(some: Sequence[TextCase]) -> list[list[Any]]:
        body = [
            [f"P1-PT9{number:02}", "Pustu", as_cell(one) if ending == "xlsx" else one.value, "P1"]
            for number, one in enumerate(some)
        ]
        return [header, *body]

    errors = _errors(load(rows(chosen), ending, command="load_facilities"), "nama")  # type: ignore[call-arg]
    for number, case in enumerate(chosen, 2):
        assert (number in errors) == (case.do == "refuse" or len(case.value) > 100), case.id
    good = [one for number, one in enumerate(chosen, 2) if number not in errors]
    load(rows(good), ending, command="load_facilities")  # type: ignore[call-arg]
    for number, case in enumerate(good):
        assert Facility.objects.get(code=f"P1-PT9{number:02}").name == case.becomes, case.id


def test_a_number_of_sixteen_digits_is_refused_in_every_writing(world: World, load: Load) -> None:
    """T05, nik-as-number-cell: 1,11E+15 is how it is shown, not how it is stored."""
    head = [HEADER, *([world.pustu.code, code, week, 1] for code, week in codes(3))]
    for row, value in zip(head[1:], (1111111111111111, 1111111111111111.0, 3.2e15), strict=True):
        row.append(value)
    assert set(_errors(load(head, "xlsx"), "catatan")) == {2, 3, 4}
