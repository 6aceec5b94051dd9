"""Charts: numbers in, SVG out; the same drawing for page and PDF."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.utils.safestring import SafeString

from reports.figures.charts.bars import bullet_bar
from reports.figures.charts.columns import HEIGHT, pws_column, pws_scale
from reports.figures.charts.glyphs import ARROWS, status_glyph
from reports.figures.charts.lines import sparkline
from reports.figures.charts.segments import WIDTH, status_bar
from reports.figures.charts.svg import FILLS
from reports.shapes import RegionChart, Tally
from tests.factories.sheets import district_sheet

EVIL = "<script>alert(1)</script>\"'&"
SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> ElementTree.Element:
    """Well-formed XML, or the test fails."""
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own drawing


def boxes(drawing: str, name: str) -> list[dict[str, str]]:
    return [box.attrib for box in parsed(drawing).iter(f"{SVG}rect") if box.get("class") == name]


def tally(**counts: int) -> Tally:
    sample = district_sheet().tally
    return replace(sample, **{"baik": 0, "kurang": 0, "cukup": 0, "jelek": 0, **counts})


@pytest.fixture
def chart() -> RegionChart:
    found = district_sheet().chart
    assert found is not None
    return found


# ── what every chart keeps to ───────────────────────────────────────────────────────────────────

DRAWINGS: dict[str, Callable[[], str]] = {
    "bullet": lambda: bullet_bar(40, 50, title=EVIL),
    "sparkline": lambda: sparkline([1, None, 3, 4], 2.5, title=EVIL),
    "status bar": lambda: status_bar(tally(baik=3, jelek=2), title=EVIL),
    "pws column": lambda: pws_column(_evil_chart(), _evil_chart().whole),
    "pws scale": lambda: pws_scale(_evil_chart(), EVIL),
}


def _evil_chart() -> RegionChart:
    found = district_sheet().chart
    assert found is not None
    place = replace(found.cells[0].facility, name=EVIL, short_name=EVIL)
    return replace(found, cells=(replace(found.cells[0], facility=place), *found.cells[1:]))


@pytest.mark.parametrize("name", DRAWINGS)
def test_labels_are_escaped_and_nothing_needs_a_style_or_script(name: str) -> None:
    drawing = DRAWINGS[name]()
    assert isinstance(drawing, SafeString)
    tags = {item.tag.removeprefix(SVG) for item in parsed(drawing).iter()}
    assert tags <= {"svg", "title", "desc", "rect", "path", "text", "polyline", "circle"}
    assert "<script" not in drawing
    assert "style" not in drawing
    # Neither reaches the PDF engine inside an SVG.
    assert "var(" not in drawing
    assert "currentColor" not in drawing


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_shape_has_a_colour_of_its_own_for_the_pdf(name: str) -> None:
    for shape in parsed(DRAWINGS[name]()).iter():
        if shape.tag.removeprefix(SVG) in {"rect", "circle", "polyline", "path"}:
            colours = {shape.get("fill"), shape.get("stroke")} - {None, "none"}
            assert colours, ElementTree.tostring(shape)
            assert all(re.fullmatch(r"#[0-9a-f]{6}", colour or "") for colour in colours)


def test_a_drawing_without_a_title_is_decoration() -> None:
    for drawing in (bullet_bar(1, 2), sparkline([1, 2])):
        assert 'aria-hidden="true"' in drawing
        assert "role=" not in drawing
    for drawing in (bullet_bar(1, 2, title="Isi"), sparkline([1, 2], title="Isi")):
        assert 'role="img"' in drawing
        assert "<title>Isi</title>" in drawing


# ── bullet bar ──────────────────────────────────────────────────────────────────────────────────


def test_bullet_is_as_long_as_its_share_of_the_whole() -> None:
    drawing = bullet_bar(Decimal(81), 90, fill="cukup", whole=180)
    assert boxes(drawing, "f-cukup")[0]["width"] == "45"
    assert 'd="M50 0L50 16"' in drawing


@pytest.mark.parametrize(("value", "width"), [(250, "100"), (-5, "0"), (0, "0")])
def test_bullet_stays_on_its_track(value: int, width: str) -> None:
    assert boxes(bullet_bar(value, None), "f-brand")[0]["width"] == width


def test_bullet_without_data_is_the_track_only() -> None:
    drawing = bullet_bar(None, None)
    assert len(boxes(drawing, "f-track")) == 1
    assert not boxes(drawing, "f-brand")
    assert "tick" not in drawing


def test_bullet_of_an_empty_whole_draws_no_length() -> None:
    assert boxes(bullet_bar(3, 2, whole=0), "f-brand")[0]["width"] == "0"


# ── sparkline ───────────────────────────────────────────────────────────────────────────────────


def test_sparkline_breaks_where_nothing_was_reported() -> None:
    drawing = sparkline([1, 2, None, 4, 5])
    assert len(list(parsed(drawing).iter(f"{SVG}polyline"))) == 2
    assert "circle" in drawing
    assert "circle" not in sparkline([1, 2, None])  # the last week has no figure


def test_sparkline_tells_zero_from_no_data() -> None:
    assert "polyline" in sparkline([0, 0, 0])
    assert "polyline" not in sparkline([None, None, None])
    assert "polyline" not in sparkline([])


def test_sparkline_starts_at_zero() -> None:
    points = next(parsed(sparkline([0, 10])).iter(f"{SVG}polyline")).attrib["points"].split()
    assert [float(point.split(",")[1]) for point in points] == [20, 4]


# ── status bar ──────────────────────────────────────────────────────────────────────────────────


def test_status_bar_shares_its_width_by_counts_with_the_tick_between_the_pairs() -> None:
    drawing = status_bar(tally(baik=20, kurang=10, cukup=5, jelek=5), title="Sebaran")
    widths = {
        name: float(boxes(drawing, f"f-{name}")[0]["width"])
        for name in ("baik", "kurang", "cukup", "jelek")
    }
    assert widths == {"baik": 114.5, "kurang": 56.5, "cukup": 27.5, "jelek": 27.5}
    at = WIDTH * 30 / 40 - 0.75
    assert f'd="M{at:g} -3L{at:g} 25"' in drawing
    assert [item.text for item in parsed(drawing).iter(f"{SVG}text")] == ["20", "10", "5", "5"]
    assert 'aria-label="Sebaran"' in drawing


def test_status_bar_without_a_judged_indicator_is_a_track() -> None:
    drawing = status_bar(tally(), title="Belum ada data")
    assert len(boxes(drawing, "f-track")) == 1
    assert "tick" not in drawing


@pytest.mark.parametrize("only", ["baik", "jelek"])
def test_tick_stays_visible_when_all_are_on_one_side(only: str) -> None:
    found = re.search(r'd="M([\d.]+) -3', status_bar(tally(**{only: 9}), title="x"))
    assert found is not None
    assert 0 < float(found[1]) < WIDTH


# ── PWS chart of the page; that of the PDF: tests/unit/reports/printing/test_pdf_charts.py ──────


def test_bars_stand_in_the_ratio_of_their_figures(chart: RegionChart) -> None:
    for cell in (*chart.cells, chart.whole):
        column = boxes(pws_column(chart, cell), f"f-{cell.status or 'none'}")[0]
        target = float(boxes(pws_column(chart, cell), "f-tick")[0]["y"]) + 1
        assert cell.coverage is not None
        ratio = float(column["height"]) / (HEIGHT - target)
        assert ratio == pytest.approx(float(cell.coverage / chart.target_percent), abs=0.01)


def test_place_without_a_figure_has_no_column(chart: RegionChart) -> None:
    empty = replace(chart.cells[0], coverage=None, status=None)
    some = replace(chart, cells=(empty, *chart.cells[1:]))
    assert not boxes(pws_column(some, empty), "f-none")


def test_target_label_stands_inside_the_drawing(chart: RegionChart) -> None:
    for percent in ("0", "0.5", "50", "100"):
        drawing = pws_scale(replace(chart, target_percent=Decimal(percent)), "target")
        at = float(next(parsed(drawing).iter(f"{SVG}text")).attrib["y"])
        assert 12 <= at <= HEIGHT - 18


# ── glyphs ──────────────────────────────────────────────────────────────────────────────────────


def test_each_status_has_its_own_glyph() -> None:
    drawings = {status_glyph(name, FILLS["ink"]) for name in (*ARROWS, None)}
    assert len(drawings) == 5
    assert "stroke-dasharray" in status_glyph(None)
    assert status_glyph("tidak dikenal") == status_glyph(None)
