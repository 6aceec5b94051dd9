"""The short report of a Pustu."""

from __future__ import annotations

from typing import Any

from reports.printing.pdf import rows
from reports.printing.pdf.decisions import decision_lines
from reports.printing.pdf.fitting import Fit
from reports.printing.pdf.minutes import minutes_context
from reports.printing.pdf.summary import MOST_EXCEPTIONS, summary_context
from reports.shapes import ReviewSheet


def pustu_context(sheet: ReviewSheet, fit: Fit) -> dict[str, Any]:
    """The same for a Pustu; problems beyond ``fit.most_problems`` are counted, not listed."""
    problems = tuple(
        row for row in sheet.carried_problems + sheet.new_problems if not row.is_closed
    )
    return {
        **summary_context(sheet, fit.most_exceptions),
        **minutes_context(sheet),
        "table": rows.SHORT_REPORT,
        "clusters": clusters(sheet),
        "has_long_numbers": rows.has_long_numbers(sheet.lines),
        **_decided(sheet),
        "decisions": rows.follow_up_lines(problems[: fit.most_problems]),
        "more_problems": max(0, len(problems) - fit.most_problems),
    }


def _decided(sheet: ReviewSheet) -> dict[str, Any]:
    """The decisions on red rows in one paragraph; open problems stand in the table below it."""
    lines = decision_lines(sheet)
    said = [row for row in lines if not row.is_waiting and not row.has_problem]
    return {
        "row_decisions": said[:MOST_EXCEPTIONS],
        "more_decisions": max(0, len(said) - MOST_EXCEPTIONS),
        "undecided": sum(row.is_waiting for row in lines),
    }


def clusters(sheet: ReviewSheet) -> list[dict[str, Any]]:
    return [
        {"name": block.name_id, "rows": [rows.line_row(line) for line in block.lines]}
        for block in sheet.clusters
    ]
