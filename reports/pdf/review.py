"""Sections I to XII and annexes of a Puskesmas report; the short report of a Pustu."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.pdf import rows, words
from reports.pdf.annex import annex_tables
from reports.pdf.charts import bullet, region_charts
from reports.pdf.decisions import decision_lines, escalation_lines
from reports.pdf.minutes import meeting_day, minutes_context, sent_line
from reports.queries.shapes import Line, ReviewSheet

MOST_EXCEPTIONS = 8


def review_context(sheet: ReviewSheet) -> dict[str, Any]:
    """Everything the Puskesmas template prints beside the frame."""
    problems = sheet.carried_problems + sheet.new_problems
    lines = sheet.lines
    return {
        **summary_context(sheet, MOST_EXCEPTIONS),
        **minutes_context(sheet),
        "introduction": introduction(sheet),
        "carried": rows.follow_up_lines(sheet.carried_problems),
        "clusters": clusters(sheet),
        "charts": region_charts(sheet.charts, whole="Puskesmas"),
        "home_visits": _starting(lines, "KR"),
        "posyandu": _starting(lines, "POS", "KAD", "GIZ01", "LAN02"),
        "early_warning": _starting(lines, "SUR"),
        "new": rows.follow_up_lines(sheet.new_problems),
        "decisions": rows.follow_up_lines(problems),
        "row_decisions": decision_lines(sheet),
        "escalations": escalation_lines(
            sheet.escalations,
            filter(rows.is_escalated, problems),
            sheet.timezone,
            sheet.zone_name,
        ),
        "attendance": sheet.attendance,
        "annex": annex_tables(sheet),
        "filings": _filings(sheet),
        "missing": [row for row in _filings(sheet) if not row.is_reported],
    }


def pustu_context(sheet: ReviewSheet, most_problems: int) -> dict[str, Any]:
    """The same for a Pustu; problems beyond ``most_problems`` are counted, not listed."""
    problems = tuple(
        row for row in sheet.carried_problems + sheet.new_problems if not row.is_closed
    )
    return {
        **summary_context(sheet, 5),
        **minutes_context(sheet),
        "clusters": clusters(sheet),
        **_decided(sheet),
        "decisions": rows.follow_up_lines(problems[:most_problems]),
        "more_problems": max(0, len(problems) - most_problems),
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


def summary_context(sheet: ReviewSheet, most: int) -> dict[str, Any]:
    below = exceptions(sheet.lines)
    return {
        "sentence": sentence(sheet),
        "boxes": boxes(sheet),
        "exceptions": [exception_row(line) for line in below[:most]],
        "more_exceptions": max(0, len(below) - most),
        "urgent": [rows.line_row(line) for line in sheet.lines if is_urgent(line)],
    }


def is_urgent(line: Line) -> bool:
    """A death, an outbreak: an alert indicator with a case this week."""
    return line.indicator.is_alert and bool(line.figures.week_count)


def exceptions(lines: tuple[Line, ...]) -> list[Line]:
    """Lines below target: alerts first, then the largest gaps in people."""
    below = [line for line in lines if line.figures.is_on_target is False]
    return sorted(below, key=lambda line: (not line.indicator.is_alert, -abs(_gap(line))))


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


def boxes(sheet: ReviewSheet) -> list[tuple[str, str, str]]:
    """(label, figure, explanation) of section II."""
    tally, (opened, overdue) = sheet.tally, follow_up_counts(sheet)
    reports = (
        (_("Pustu reports"), _("%(n)d of %(of)d")
         % {"n": _received(sheet), "of": len(sheet.filings)}, _("received"))
        if sheet.filings
        else (_("Filled in"), _("%(n)d of %(of)d") % {"n": tally.filled, "of": tally.due},
              _("indicators due"))
    )  # fmt: skip
    urgent = sum(is_urgent(line) for line in sheet.lines)
    return [
        (_("Green"), words.number(tally.green), _("above 90% of the target to date")),
        (_("Yellow"), words.number(tally.yellow), _("above 80 to 90%")),
        (_("Red"), words.number(tally.red), _("80% or less")),
        reports,
        (_("Urgent events"), words.number(urgent), _("this week")),
        (_("Open follow-ups"), words.number(opened), _("%(n)d overdue") % {"n": overdue}),
    ]


def introduction(sheet: ReviewSheet) -> list[tuple[str, str]]:
    present = sum(row.is_present for row in sheet.attendance)
    return [
        (_("Basis"), sheet.letterhead.legal_basis or words.NOTHING),
        (_("Day and date"), meeting_day(sheet)),
        (_("Place"), sheet.meeting_place or words.NOTHING),
        (_("Chair"), sheet.chair_name or words.NOTHING),
        (_("Present"), _("%(n)d of %(of)d people") % {"n": present, "of": len(sheet.attendance)}
         if sheet.attendance and sheet.meeting_on else words.NOTHING),
        (_("Sent"), sent_line(sheet)),
    ]  # fmt: skip


def clusters(sheet: ReviewSheet) -> list[dict[str, Any]]:
    return [
        {"name": block.name_id, "rows": [rows.line_row(line) for line in block.lines]}
        for block in sheet.clusters
    ]


def _starting(lines: tuple[Line, ...], *codes: str) -> list[rows.LineRow]:
    return [rows.line_row(line) for line in lines if line.indicator.code.startswith(codes)]


def _filings(sheet: ReviewSheet) -> list[rows.FilingRow]:
    return [rows.filing_row(row, sheet.timezone, sheet.zone_name) for row in sheet.filings]
