"""Which rows a meeting looks at: one place decides, whatever marks a row as a priority."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.translation import gettext_lazy as _

from reports.review.queries.row_decisions import is_red
from reports.shapes import Line

MOST = 15
# Events that the catalogue does not mark as urgent: signs of danger, and outbreaks.
EVENT_CODES = frozenset({"KR03", "SUR04"})

NEVER_MONITORED = _(
    "A death, an outbreak or a sign of danger is not only monitored: follow it up or escalate it."
)


def priority_lines(lines: Sequence[Line], decided: Collection[str]) -> tuple[Line, ...]:
    """The rows of the meeting in the order of the sheet, deaths and events left out: they stand
    in a part of their own.

    Rows marked as a priority are all of them. Where no row is marked: those that are red, that
    were decided on (``decided``: codes) or that are behind, the worst first, at most fifteen.
    """
    rows = [line for line in lines if not is_meeting_event(line)]
    marked = [line for line in rows if getattr(line, "is_priority", False)]
    if marked:
        return tuple(marked)

    def rank(line: Line) -> tuple[bool, bool, float]:
        share = line.figures.percent_of_target
        return (
            not is_red(line),
            line.indicator.code not in decided,
            float(share) if share is not None else float("inf"),
        )

    worth = [
        line
        for line in rows
        if is_red(line) or line.indicator.code in decided or line.figures.is_on_target is False
    ]
    chosen = {line.indicator.code for line in sorted(worth, key=rank)[:MOST]}
    return tuple(line for line in rows if line.indicator.code in chosen)


def is_meeting_event(line: Line) -> bool:
    """Whether the meeting asks about each single case of it."""
    return line.indicator.is_alert or line.indicator.code in EVENT_CODES
