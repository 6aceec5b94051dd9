"""Forms on paper, for a meeting without electricity: printed empty, filled in by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from reports.figures.columns import columns_of
from reports.figures.tables import Table, TableColumn, TableView
from reports.printing.pdf import words
from reports.printing.pdf.assets import BLANK_STYLESHEET
from reports.printing.pdf.engine import html_to_pdf
from reports.printing.pdf.frame import letterhead
from reports.printing.press import PRESS
from reports.shapes import Line, ProblemRow
from reports.sheets.queries import BlankSheet, Head, PosyanduSheet

NEW_PROBLEMS, MORE_PEOPLE, CONCLUSION_LINES = 6, 4, 4


@dataclass(frozen=True, slots=True)
class BlankRow:
    """One indicator: what is known is printed, what is asked for is an empty box."""

    line: Line
    code: str
    name: str
    needs_denominator: bool
    recorded: str  # «sudah diisi 5»: entered before the form was printed


def _write(column: TableColumn, row: BlankRow) -> str:
    return "" if column.place.is_input else words.figure(column, row.line)


_CELLS = "reports/sheets/cells"
PAPER = TableView(columns_of(Table.PAPER), _CELLS, _write)
PAPER_WITH_SUMS = TableView(columns_of(Table.PAPER_WITH_SUMS), _CELLS, _write)


@dataclass(frozen=True, slots=True)
class BlankGroup:
    name: str
    rows: tuple[BlankRow, ...]


def blank_review_html(sheet: BlankSheet) -> str:
    """The review of a Puskesmas or a Pustu as an empty form, in Indonesian."""
    with translation.override("id"):
        return render_to_string("reports/sheets/blank_review.html", _context(sheet))


def blank_review_pdf(sheet: BlankSheet) -> bytes:
    """The same as a PDF. Raises PdfError."""
    return draw(blank_review_html(sheet))[0]


def draw(html: str) -> tuple[bytes, int]:
    """PDF and number of pages of a form, drawn outside this process."""
    return PRESS.draw(html_to_pdf, html, BLANK_STYLESHEET)


def page_context(sheet: BlankSheet | PosyanduSheet, title: str) -> dict[str, Any]:
    """What ``reports/printing/pdf/base.html`` and its head need, for a page that is no report."""
    week = sheet.week
    return {
        "sheet": sheet,
        "lang": "id",
        "letterhead": letterhead(sheet.letterhead),
        "heading": title,
        "week_line": _("Week %(week)d of %(year)d (%(dates)s)")
        % {"week": week.number, "year": week.year, "dates": words.week_dates(week)},
        "foot": f"{sheet.facility.name} - " + _("Week %(week)d") % {"week": week.number},
        "foot_end": "",
        "foot_document": "",
        "demo": _("Sample data, not real figures") if sheet.is_demo else "",
        "is_draft": False,
    }


def _context(sheet: BlankSheet) -> dict[str, Any]:
    is_puskesmas = sheet.facility.kind == "puskesmas"
    seat = sheet.letterhead.seat
    return page_context(sheet, _("WEEKLY EVALUATION FORM")) | {
        "is_puskesmas": is_puskesmas,
        "table": PAPER_WITH_SUMS if is_puskesmas else PAPER,
        "due": words.moment(sheet.deadline_at, sheet.timezone, sheet.zone_name),
        "groups": _groups(sheet, is_due=True),
        "later": _groups(sheet, is_due=False),
        "carried": [_carried(row) for row in sheet.carried],
        "new_lines": range(1, NEW_PROBLEMS + 1),
        "people": [*sheet.invited, *[Head("", "", "")] * MORE_PEOPLE],
        "conclusion_lines": range(CONCLUSION_LINES),
        "place_date": f"{seat}, {'.' * 24}" if seat else "." * 24,
        "head": sheet.head,
    }


def _groups(sheet: BlankSheet, *, is_due: bool) -> list[BlankGroup]:
    """The clusters with their indicators asked for this week, or with the others."""
    groups = (
        BlankGroup(block.name_id, tuple(_row(x) for x in block.lines if x.is_due == is_due))
        for block in sheet.clusters
    )
    return [group for group in groups if group.rows]


def _row(line: Line) -> BlankRow:
    recorded = ""
    if line.own_count is not None:
        recorded = words.number(line.own_count)
        if line.own_denominator is not None:
            recorded += f"/{words.number(line.own_denominator)}"
    return BlankRow(
        line=line,
        code=line.indicator.code,
        name=line.indicator.name_id,
        needs_denominator=line.indicator.needs_denominator,
        recorded=recorded,
    )


def _carried(row: ProblemRow) -> dict[str, str]:
    """A problem still open, with its latest follow-up; the decision is ticked by hand."""
    last = row.follow_ups[-1] if row.follow_ups else None
    return {
        "title": row.title,
        "place": ", ".join(filter(None, [row.facility.name, row.village])),
        "owner": last.owner if last else words.NOTHING,
        "due": words.date(last.due_on) if last else words.NOTHING,
    }
