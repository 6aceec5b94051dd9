"""PWS charts: one indicator over the places below a facility."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from clusters.targets import rank
from facilities.models import Facility
from reports.figures.queries.references import facility_ref
from reports.shapes import Line, RegionCell, RegionChart

MOST_CHARTS = 6  # weekly review guide F, section V


def _cell(facility: Facility, line: Line, place: int | None) -> RegionCell:
    figures, judged = line.figures, line.figures.judged
    return RegionCell(
        facility=facility_ref(facility),
        coverage=judged.coverage if judged else figures.coverage,
        cumulative=judged.cumulative if judged else figures.cumulative,
        population=figures.population,
        recent_percent=figures.recent_percent,
        previous_percent=figures.previous_percent,
        trend=figures.trend,
        status=figures.status,
        colour=figures.colour,
        gap=judged.gap if judged else figures.gap,
        rank=place,
    )


def chart(
    whole: Facility,
    total: Line,
    parts: Sequence[tuple[Facility, Line]],
    past: Sequence[tuple[Facility, Line]] = (),
) -> RegionChart:
    """Best place first, places without a figure last, then ``past`` (who reports no more, but is
    in the sum), the whole beside them."""
    coverages = [_ranked(line) for _facility, line in parts]
    places = rank(coverages, total.indicator.direction)
    cells = [
        _cell(facility, line, place) for (facility, line), place in zip(parts, places, strict=True)
    ]
    cells.sort(key=lambda cell: (cell.rank is None, cell.rank or 0, cell.facility.name))
    return RegionChart(
        indicator=total.indicator,
        target_percent=_target(total),
        cells=(
            *cells,
            *(_cell(*part, None) for part in past if part[1].figures.cumulative is not None),
        ),
        whole=_cell(whole, total, None),
    )


def _target(line: Line) -> Decimal:
    judged = line.figures.judged
    if judged is None or judged.target_percent is None:
        return line.figures.target_percent
    return judged.target_percent


def _ranked(line: Line) -> Decimal | None:
    """Coverage in the closed period; what is not judged has no rank."""
    judged = line.figures.judged
    if judged is None or judged.status in (None, "incomplete", "check"):
        return None
    return judged.coverage


def priority_codes(totals: Sequence[Line], codes_below: set[str]) -> list[str]:
    """The indicators most worth a chart: furthest behind first, those of the SPM before others,
    and only where the places below report them in percent."""

    def shortfall(line: Line) -> tuple[bool, Decimal]:
        judged = line.figures.judged
        percent = judged.percent_of_target if judged else None
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
        and _ranked(line) is not None
    ]
    useful.sort(key=lambda line: (*shortfall(line), not line.indicator.is_spm))
    return [line.indicator.code for line in useful[:MOST_CHARTS]]
