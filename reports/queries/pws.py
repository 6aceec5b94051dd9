"""PWS charts: one indicator over the places below a facility."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from clusters.targets import rank
from facilities.models import Facility
from reports.queries.references import facility_ref
from reports.queries.shapes import Line, RegionCell, RegionChart

MOST_CHARTS = 6  # weekly review guide F, section V


def _cell(facility: Facility, line: Line, place: int | None) -> RegionCell:
    figures = line.figures
    return RegionCell(
        facility=facility_ref(facility),
        coverage=figures.coverage,
        cumulative=figures.cumulative,
        population=figures.population,
        recent_percent=figures.recent_percent,
        previous_percent=figures.previous_percent,
        trend=figures.trend,
        status=figures.status,
        colour=figures.colour,
        gap=figures.gap,
        rank=place,
    )


def chart(whole: Facility, total: Line, parts: Sequence[tuple[Facility, Line]]) -> RegionChart:
    """Best place first, places without a figure last, the whole beside them."""
    coverages = [line.figures.coverage for _facility, line in parts]
    places = rank(coverages, total.indicator.direction)
    cells = [
        _cell(facility, line, place) for (facility, line), place in zip(parts, places, strict=True)
    ]
    cells.sort(key=lambda cell: (cell.rank is None, cell.rank or 0, cell.facility.name))
    return RegionChart(
        indicator=total.indicator,
        target_percent=total.figures.target_percent,
        cells=tuple(cells),
        whole=_cell(whole, total, None),
    )


def priority_codes(totals: Sequence[Line], codes_below: set[str]) -> list[str]:
    """The indicators most worth a chart: furthest behind first, those of the SPM before others,
    and only where the places below report them in percent."""

    def shortfall(line: Line) -> tuple[bool, Decimal]:
        percent = line.figures.percent_of_target
        behind = line.figures.is_on_target is False
        if percent is None:
            return not behind, Decimal("Infinity")
        if line.indicator.direction == "lower":
            percent = Decimal(10_000) / percent if percent else Decimal("Infinity")
        return not behind, percent

    useful = [
        line
        for line in totals
        if line.indicator.code in codes_below
        and line.indicator.calc_type != "count"
        and line.figures.coverage is not None
    ]
    useful.sort(key=lambda line: (*shortfall(line), not line.indicator.is_spm))
    return [line.indicator.code for line in useful[:MOST_CHARTS]]
