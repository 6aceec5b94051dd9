"""The bars of the printed papers: as long as their figures, apart in grey, named for who hears."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from reports.figures.charts.axis import axis_top
from reports.figures.charts.columns import HEIGHT, pws_column
from reports.printing.pdf.charts import WIDTH, bar, region_chart
from reports.shapes import RegionChart
from tests.factories.sheets import district_sheet

SVG = "{http://www.w3.org/2000/svg}"
STATUSES = ("baik", "kurang", "cukup", "jelek")


@pytest.fixture
def chart() -> RegionChart:
    found = district_sheet().chart
    assert found is not None
    return found


def parsed(drawing: str) -> ElementTree.Element:
    """Well-formed XML, or the test fails."""
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing


def length(drawing: str) -> float:
    """Of the bar itself, as a share of its track."""
    bars = [box for box in parsed(drawing).iter(f"{SVG}rect") if box.get("class") != "f-track"]
    return float(bars[0].attrib["width"]) / WIDTH


def test_page_and_paper_draw_the_same_figures(chart: RegionChart) -> None:
    rows = region_chart(chart, whole="Kabupaten")
    for cell, row in zip(chart.cells, rows["cells"], strict=True):
        column = parsed(pws_column(chart, cell))
        (shown,) = [
            box for box in column.iter(f"{SVG}rect")
            if box.get("class") == f"f-{cell.status or 'none'}"
        ]  # fmt: skip
        assert length(row["bar"]) == pytest.approx(
            float(shown.attrib["height"]) / HEIGHT, abs=0.001
        )


def test_target_stands_at_the_same_place_in_every_row(chart: RegionChart) -> None:
    rows = region_chart(chart, whole="Kabupaten")
    ticks = {re.search(r'class="tick" d="M([\d.]+)', row["bar"])[1] for row in rows["cells"]}  # type: ignore[index]
    wanted = WIDTH * float(chart.target_percent) / axis_top(chart)
    assert [float(tick) for tick in ticks] == [pytest.approx(wanted, abs=0.01)]


def test_bars_of_the_four_statuses_differ_without_colour() -> None:
    drawn = {re.sub(r'(class|fill)="[^"]*"', "", bar(60, 80, 100, status=s)) for s in STATUSES}
    assert len(drawn) == 4


@pytest.mark.parametrize("make", [
    lambda: bar(Decimal("62.4"), Decimal(80), 100, status="cukup"),
    lambda: bar(3, 4, 7),
    lambda: bar(0, None, 10),
])  # fmt: skip
def test_every_bar_is_named_and_needs_no_style(make: Callable[[], str]) -> None:
    drawing = make()
    assert parsed(drawing).find(f"{SVG}title").text  # type: ignore[union-attr]
    assert "style" not in drawing
    for shape in parsed(drawing).iter():
        if shape.tag.removeprefix(SVG) in {"rect", "path"}:
            colours = {shape.get("fill"), shape.get("stroke")} - {None, "none"}
            assert all(re.fullmatch(r"#[0-9a-f]{6}", colour or "") for colour in colours)


@pytest.mark.parametrize(("value", "share"), [(250, 1.0), (-5, 0.0), (0, 0.0), (50, 0.5)])
def test_bar_stays_on_its_track(value: int, share: float) -> None:
    assert length(bar(value, None, 100)) == share


def test_nothing_is_drawn_without_a_figure(chart: RegionChart) -> None:
    assert bar(None, 80, 100) == ""
    gone = chart.cells[0].facility
    rows = region_chart(chart, whole="Kabupaten", missing={gone.id})["cells"]
    assert (rows[-1]["name"], rows[-1]["bar"], rows[-1]["rank"]) == (gone.short_name, "", "-")
    assert rows[0]["rank"] == "1"


def test_names_are_never_cut(chart: RegionChart) -> None:
    long = "Puskesmas " + "N" * 90
    cell = replace(chart.cells[0], facility=replace(chart.cells[0].facility, short_name=long))
    rows = region_chart(replace(chart, cells=(cell, *chart.cells[1:])), whole="Kabupaten")
    assert rows["cells"][0]["name"] == long
