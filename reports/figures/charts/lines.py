"""Sparklines: eight weeks in the space of a word, with gaps where nothing was reported."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.figures.charts.svg import FILLS, joined, number

WIDTH, HEIGHT, EDGE = 78.0, 24.0, 4.0


def sparkline(
    values: Sequence[float | int | None], target: float | None = None, *, title: str = ""
) -> SafeString:
    """A line through the known values, broken at None; ``target`` is a dashed level line.

    Starts at zero, so that a small number looks small.
    """
    known = [float(value) for value in values if value is not None]
    top = max([*known, target or 0.0, 1.0])

    def y(value: float) -> float:
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * value / top

    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    points = [
        None if value is None else (EDGE + index * step, y(float(value)))
        for index, value in enumerate(values)
    ]
    parts = []
    if target is not None:
        parts.append(
            format_html(
                '<path class="spark-t" d="M{} {}H{}" stroke="{}" stroke-width="1" fill="none" '
                'stroke-dasharray="2 2.5"/>',
                number(EDGE / 2),
                number(y(target)),
                number(WIDTH - EDGE / 2),
                "#76837f",
            )
        )
    parts += [
        format_html(
            '<polyline class="spark" fill="none" stroke="{}" stroke-width="1.5" points="{}"/>',
            FILLS["ink-2"],
            " ".join(f"{number(px)},{number(py)}" for px, py in run),
        )
        for run in _runs(points)
    ]
    if points and points[-1] is not None:
        parts.append(
            format_html(
                '<circle class="spark-e" cx="{}" cy="{}" r="2.4" fill="{}"/>',
                number(points[-1][0]),
                number(points[-1][1]),
                FILLS["ink"],
            )
        )
    named = format_html("<title>{}</title>", title) if title else SafeString("")
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="78" height="24" viewBox="0 0 78 24" {}>'
        "{}{}</svg>",
        SafeString('role="img"' if title else 'aria-hidden="true"'), named, joined(parts),
    )  # fmt: skip


def _runs(
    points: Sequence[tuple[float, float] | None],
) -> list[list[tuple[float, float]]]:
    """Neighbours that are known; a lone point is drawn as a dot-long line."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run if len(run) > 1 else [run[0], (run[0][0] + 0.5, run[0][1])] for run in runs if run]
