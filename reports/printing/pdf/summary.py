"""A week in one sentence, and what a reader must know first."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.figures.event_words import event_words
from reports.printing.pdf import rows
from reports.printing.pdf.charts import bullet
from reports.shapes import DistrictSheet, Line, ReviewSheet

MOST_EXCEPTIONS = 8
MOST_EVENTS, FEW_EVENTS = 6, 3


def summary_context(sheet: ReviewSheet, most: int) -> dict[str, Any]:
    below = exceptions(sheet.lines)
    return {
        "sentence": sentence(sheet),
        "exceptions": [exception_row(line) for line in below[:most]],
        "more_exceptions": max(0, len(below) - most),
        "urgent": [rows.line_row(line) for line in sheet.lines if is_urgent(line)],
        **event_context(sheet, MOST_EVENTS),
    }


def event_context(sheet: ReviewSheet | DistrictSheet, most: int) -> dict[str, Any]:
    """The first block: open events in order of date; None where the sheet does not know."""
    if sheet.events is None:
        return {"events": None}
    own = sheet.facility.id if isinstance(sheet, ReviewSheet) else sheet.district.id
    return {
        "events": [event_words(row, own=own) for row in sheet.events[:most]],
        "more_events": max(0, len(sheet.events) - most),
    }


def is_urgent(line: Line) -> bool:
    """A death, an outbreak: an alert indicator with a case this week."""
    return line.indicator.is_alert and bool(line.figures.week_count)


def exceptions(lines: tuple[Line, ...]) -> list[Line]:
    """Lines below target, the largest gaps in people first. Deaths and events have no gap: they
    stand above, in order of date."""
    below = [
        line.at_closing
        for line in lines
        if line.figures.is_on_target is False and not line.indicator.is_alert
    ]
    return sorted(below, key=lambda line: -abs(_gap(line)))


def _gap(line: Line) -> int:
    return line.figures.gap or 0


def exception_row(line: Line) -> dict[str, Any]:
    return {
        "row": rows.line_row(line),
        "bullet": bullet(line),
        "people": rows.people_of(line),
        "compare": rows.compare(line),
    }


def sentence(sheet: ReviewSheet) -> str:
    """The whole report in one sentence."""
    tally = sheet.tally
    parts = [
        _("Of %(indicators)d indicators, %(on)d are on target and %(below)d below target")
        % {"indicators": tally.indicators, "on": tally.on_target, "below": tally.below_target}
        if tally.on_target or tally.below_target
        else _("No indicator can be judged yet")
    ]
    if sheet.filings:
        parts.append(
            _("%(received)d of %(expected)d Pustu have reported")
            % {"received": _received(sheet), "expected": len(sheet.filings)}
        )
    else:
        parts.append(
            _("%(filled)d of %(due)d indicators due this week are filled in")
            % {"filled": tally.filled, "due": tally.due}
        )
    parts.append(_problems_part(sheet))
    return "; ".join(parts) + "."


def _problems_part(sheet: ReviewSheet) -> str:
    problems = sum(not row.is_closed for row in sheet.carried_problems + sheet.new_problems)
    if not problems:
        return _("no problem is open")
    opened, overdue = follow_up_counts(sheet)
    return _("%(problems)d problems are open with %(open)d follow-ups, %(overdue)d overdue") % {
        "problems": problems,
        "open": opened,
        "overdue": overdue,
    }


def follow_up_counts(sheet: ReviewSheet) -> tuple[int, int]:
    """(open, overdue) follow-ups."""
    open_rows = [
        row
        for problem in sheet.carried_problems + sheet.new_problems
        if not problem.is_closed
        for row in problem.follow_ups
        if row.done_on is None
    ]
    return len(open_rows), sum(row.is_overdue for row in open_rows)


def _received(sheet: ReviewSheet) -> int:
    return sum(filing.is_reported for filing in sheet.filings)
