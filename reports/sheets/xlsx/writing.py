"""The form: instructions, one row for each indicator, a hidden sheet that says whose it is."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from clusters.computed import not_typed
from clusters.models import Indicator
from facilities.tabular.writing import write_cell
from facilities.text.numbers import LARGEST_COUNT
from reports.deadlines.days import deadline
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.queries.references import by_cluster, week_ref
from reports.models import WeeklyReview
from reports.printing.pdf import words
from reports.shapes import ClusterBlock, Line
from reports.sheets.xlsx.layout import (
    BY_KEY,
    COLUMNS,
    ENTRIES,
    FIRST_ROW,
    FIRST_SCROLLED,
    FORM,
    FORM_VERSION,
    HEADER_ROW,
    HIDDEN,
    INPUTS,
    INSTRUCTIONS,
    LAST,
    LONGEST_NOTE,
)

_THIN = Side(style="thin", color="C3CBC7")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_HEAD = PatternFill("solid", fgColor="EDF0EE")
_INPUT = PatternFill("solid", fgColor="FFF9E5")
_CLOSED = PatternFill("solid", fgColor="E7EBEA")
_WRAP = Alignment(wrap_text=True, vertical="center")
_OPEN = Protection(locked=False)
A4 = 9


def review_form(review: WeeklyReview) -> bytes:
    """The review of one facility and week as an XLSX file, with what is stored by now. Always
    in Indonesian: it is passed on to people, not to one reader."""
    with translation.override("id"):
        book = Workbook()
        book.properties.creator = "Pantau ILP"
        book.properties.title = _title(review)
        _instructions(book.active, review)
        _entries(book.create_sheet(ENTRIES), review)
        _identity(book.create_sheet(HIDDEN), review)
        book.security.lockStructure = True  # no password: against accidents, not against people
        book.active = 0
        file = io.BytesIO()
        book.save(file)
        return file.getvalue()


def _title(review: WeeklyReview) -> str:
    week = week_ref(review.week)
    return _("%(name)s, week %(number)d of %(year)d (%(dates)s)") % {
        "name": review.facility.name,
        "number": week.number,
        "year": week.year,
        "dates": words.week_dates(week),
    }


def _demo(review: WeeklyReview) -> str:
    is_demo = review.facility.district.is_demo
    return _("Demo data: all figures and texts are invented.") if is_demo else ""


def _protect(sheet: Any) -> None:
    sheet.protection.sheet = True  # without a secret: whoever must, may unlock it
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False


def _page(sheet: Any, orientation: str) -> None:
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    # &P and &N are the spreadsheet's own page numbers.
    sheet.oddFooter.right.text = _("Page") + " &P / &N"
    sheet.oddFooter.left.text = "Pantau ILP"


def _instructions(sheet: Any, review: WeeklyReview) -> None:
    sheet.title = INSTRUCTIONS
    district = review.facility.district
    due = deadline(district, review.week, review.facility.kind).astimezone(district.zone)
    lines = [
        (_("Form of the weekly evaluation"), True),
        (_title(review), True),
        (_demo(review), True),
        (
            _("Due: %(moment)s")
            % {"moment": words.moment(due, district.timezone, district.zone_name)},
            True,
        ),
        ("", False),
        *((f"{number}. {text}", False) for number, text in enumerate(_steps(review), start=1)),
    ]
    row = 0
    for text, is_strong in lines:
        if not text and is_strong:
            continue
        row += 1
        cell = write_cell(sheet.cell(row, 1), text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=is_strong, size=14 if row == 1 else 11)
        sheet.row_dimensions[row].height = 20 if row == 1 else 16 * (1 + len(text) // 88)
    sheet.column_dimensions["A"].width = 96
    sheet.sheet_view.showGridLines = False
    _protect(sheet)
    _page(sheet, "portrait")


def _steps(review: WeeklyReview) -> list[str]:
    filled = ", ".join(f"«{column.heading}»" for column in INPUTS)
    own = review.facility.kind == "puskesmas"
    return [
        _("Fill in the yellow cells of the sheet “%(sheet)s”: the columns %(columns)s.")
        % {"sheet": ENTRIES, "columns": filled},
        _("Empty is not zero: leave the cell empty when there are no data yet; write 0 when there"
          " really was none."),
        _("Whole numbers from 0 only. No formulas, no merged cells, no dates, no “5 people”."),
        _("The denominator is asked for only where its cell is yellow; the last column says what"
          " is counted."),
        _("The reports of the Pustu are added up already. Enter only what the Puskesmas itself"
          " did.") if own else
        _("Enter what this Pustu and its Posyandu did this week."),
        _("Do not change codes, names or the order of columns."),
        _("No names, NIK or addresses of patients in the notes."),
        _("To send it in: open the weekly review of this facility and week in Pantau ILP, choose"
          " “%(button)s”, check what will change and save.") % {"button": _("Upload Excel form")},
        _("If someone changed a figure after this form was downloaded, both values are shown and"
          " you choose."),
        _("This form belongs to this facility and this week only. Download a new one for each"
          " week."),
    ]  # fmt: skip


def _entries(sheet: Any, review: WeeklyReview) -> None:
    indicators = {row.code: row for row in Indicator.objects.in_week(review.week)}
    lines = facility_lines([review.facility], review.week)[review.facility.pk]
    blocks = by_cluster(lines, {code: row.cluster_id for code, row in indicators.items()})
    write_cell(sheet["A1"], _("Form of the weekly evaluation")).font = Font(bold=True, size=14)
    write_cell(sheet["A2"], _title(review)).font = Font(bold=True)
    write_cell(sheet["A3"], _demo(review)).font = Font(bold=True, color="87182A")
    _heads(sheet)
    row = FIRST_ROW
    for block in blocks:
        for line in block.lines:
            _row(sheet, row, block, line, indicators[line.indicator.code])
            row += 1
    _validate(sheet, blocks)
    sheet.freeze_panes = f"{FIRST_SCROLLED}{FIRST_ROW}"
    sheet.column_dimensions[BY_KEY["version"].letter].hidden = True
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_area = f"A1:{LAST}{row - 1}"
    sheet.sheet_view.zoomScale = 100
    _protect(sheet)
    _page(sheet, "landscape")


def _heads(sheet: Any) -> None:
    for column in COLUMNS:
        cell = write_cell(sheet[f"{column.letter}{HEADER_ROW}"], column.heading)
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _BOX
        cell.alignment = Alignment(wrap_text=True, vertical="bottom")
        sheet.column_dimensions[column.letter].width = column.width
    sheet.row_dimensions[HEADER_ROW].height = 48


def _row(sheet: Any, row: int, block: ClusterBlock, line: Line, indicator: Indicator) -> None:
    meaning = indicator.numerator
    if line.indicator.needs_denominator:
        meaning += _(" — out of: ") + indicator.denominator
    if line.computed_from:
        meaning += " — " + not_typed(line.computed_from)
    said: dict[str, Any] = {  # in words, or of more than the line
        "cluster": block.name_id.partition(" - ")[0],
        "asked": _("yes") if line.is_due else "",
        "note": line.note or None,
        "meaning": meaning,
    }
    for column in COLUMNS:
        value = said[column.key] if column.key in said else column.declared.column.value(line)
        cell = write_cell(sheet[f"{column.letter}{row}"], _plain(value))
        cell.border, cell.alignment = _BOX, _WRAP
        if column.is_figure:
            cell.number_format = "#,##0.##" if isinstance(cell.value, float) else "#,##0"
        if column.is_input:
            is_open = not line.computed_from and (
                column.key != "denominator" or line.indicator.needs_denominator
            )
            cell.fill = _INPUT if is_open else _CLOSED
            # The General format on purpose: a date typed by mistake then shows that it is one.
            cell.protection = _OPEN if is_open else Protection(locked=True)
    longest = max(len(line.indicator.name_id) / 36, len(meaning) / 46, len(line.note) / 30)
    sheet.row_dimensions[row].height = 16 * (1 + int(longest))


def _plain(value: Any) -> Any:
    """Whole numbers without decimals; XLSX knows no exact decimals."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == int(value) else float(value)


def _validate(sheet: Any, blocks: Sequence[ClusterBlock]) -> None:
    whole = DataValidation(
        type="whole", operator="between", formula1="0", formula2=str(LARGEST_COUNT),
        allow_blank=True, showErrorMessage=True, showInputMessage=True,
        errorTitle=_("Whole number"), error=_("Enter a whole number, 0 or more."),
        promptTitle=_("Whole number"), prompt=_("Empty = no data yet, 0 = none happened."),
    )  # fmt: skip
    text = DataValidation(
        type="textLength", operator="lessThanOrEqual", formula1=str(LONGEST_NOTE),
        allow_blank=True, showErrorMessage=True,
        errorTitle=_("Note"),
        error=_("A note has at most %(limit)s characters.") % {"limit": LONGEST_NOTE},
    )  # fmt: skip
    row = FIRST_ROW
    for block in blocks:
        for line in block.lines:
            if line.computed_from:
                row += 1
                continue
            whole.add(f"{BY_KEY['numerator'].letter}{row}")
            if line.indicator.needs_denominator:
                whole.add(f"{BY_KEY['denominator'].letter}{row}")
            text.add(f"{BY_KEY['note'].letter}{row}")
            row += 1
    sheet.add_data_validation(whole)
    sheet.add_data_validation(text)


def _identity(sheet: Any, review: WeeklyReview) -> None:
    """Whose form it is. Not a secret and not trusted: it only keeps honest people from loading
    the wrong file."""
    rows = (
        ("formulir", FORM),
        ("versi", FORM_VERSION),
        ("fasilitas", review.facility.code),
        ("minggu", str(review.week)),
        ("revisi", str(review.revision)),
    )
    for number, (key, value) in enumerate(rows, start=1):
        write_cell(sheet.cell(number, 1), key)
        write_cell(sheet.cell(number, 2), value)
    sheet.sheet_state = "veryHidden"
    _protect(sheet)
