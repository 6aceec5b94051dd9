"""Rows of the report's tables as text, so that templates only place them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.figures import status_words, wording
from reports.figures.columns import columns_of
from reports.figures.queries.replaced_sums import replaced_change, replaced_text
from reports.figures.tables import Table, TableColumn, TableView
from reports.printing.pdf import words
from reports.shapes import FilingState, FollowUpRow, Line, ProblemRow


@dataclass(frozen=True, slots=True)
class LineRow:
    """One indicator in section C of the weekly review: its line, and what more than a figure
    stands in a cell."""

    line: Line
    code: str
    name: str
    remarks: str  # «target mulai minggu ke-30», «periksa data», the author's note
    week: str
    reported: str  # «4/5»: how many units below are in the week's figure
    trend: str
    status_class: str
    glyph: str
    status: str
    period: str
    signal: str
    replaced: str = ""  # «Jumlah laporan 52, dipakai 48: alasan», said below the table


def line_row(line: Line) -> LineRow:
    figures, indicator = line.figures, line.indicator
    status_class, glyph, status = words.status(line)
    is_missing = words.is_missing(line)
    # None of the units, and still a figure: it is the facility's own alone.
    is_partial = line.is_due and figures.week_count is not None and line.reported < line.expected
    return LineRow(
        line=line,
        code=indicator.code,
        name=indicator.name_id,
        remarks=remarks(line),
        week=_("not reported") if is_missing else _with_base(line),
        reported=f"{line.reported}/{line.expected}" if is_partial else "",
        trend=words.trend(figures.trend),
        status_class=status_class,
        glyph=glyph,
        status=status,
        period=words.status_period(line),
        signal=status_words.signal_words(line),
        replaced=_replaced(line),
    )


def _write(column: TableColumn, row: LineRow) -> str:
    """A cell that is just a figure."""
    return words.figure(column, row.line)


LONG_NUMBER = 8  # letters, from which on the usual columns of a portrait page are too narrow


def has_long_numbers(lines: Iterable[Line]) -> bool:
    """Whether a figure needs a wider column than «12.345,6»."""
    columns = [cell.column for cell in SHORT_REPORT.cells if cell.column.column.unit != "text"]
    return any(
        len(words.figure(column, line)) > LONG_NUMBER for line in lines for column in columns
    )


_CELLS = "reports/printing/pdf/cells"
REPORT = TableView(columns_of(Table.REPORT), _CELLS, _write)
SHORT_REPORT = TableView(columns_of(Table.SHORT_REPORT), _CELLS, _write)


def _replaced(line: Line) -> str:
    row = line.replaced
    if row is None:
        return ""
    said = [replaced_text(row, words.number), replaced_change(row, words.number)]
    return " ".join(filter(None, said))


def _with_base(line: Line) -> str:
    """The week's count; «9/12» where the report carries a denominator of its own."""
    figures = line.figures
    if figures.week_count is None or figures.week_denominator is None:
        return words.number(figures.week_count)
    return f"{words.number(figures.week_count)}/{words.number(figures.week_denominator)}"


def remarks(line: Line) -> str:
    """What a reader must know before trusting the line, in one short text."""
    said = []
    figures = line.figures
    checks = figures.checks
    if "not_started" in checks and line.indicator.starts_in_week:  # of sheets signed before
        week = line.indicator.starts_in_week
        said.append(_("target starts in week %(week)d") % {"week": week})
    if "over_100" in checks:
        said.append(_("over 100%: check the data"))
    if figures.judged is None:  # said by the status since
        if "small_population" in checks:
            said.append(_("target population below 10"))
        if "no_population" in checks:
            said.append(_("no target population"))
    if completeness := status_words.completeness_words(line):
        said.append(completeness)
    if line.note:
        said.append(line.note)
    return "; ".join(said)


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One problem with one follow-up; a problem without any still has its row."""

    number: int
    title: str
    place: str
    cluster: str
    indicator: str
    people: str
    cause: str
    action: str
    owner: str
    due: str
    overdue: str
    priority: str
    status: str
    escalated_to: str
    evidence: str
    is_first: bool
    age: str = ""


def follow_up_lines(problems: tuple[ProblemRow, ...]) -> list[FollowUpLine]:
    """Section D's table: one row each follow-up, numbered by problem."""
    rows = []
    for number, problem in enumerate(problems, 1):
        follow_ups: tuple[FollowUpRow | None, ...] = problem.follow_ups or (None,)
        for place, follow_up in enumerate(follow_ups):
            rows.append(_follow_up_line(number, problem, follow_up, is_first=place == 0))
    return rows


def _follow_up_line(
    number: int, problem: ProblemRow, follow_up: FollowUpRow | None, *, is_first: bool
) -> FollowUpLine:
    count = problem.people_count
    place = ", ".join(filter(None, [problem.facility.name, problem.village]))
    return FollowUpLine(
        number=number,
        title=problem.title,
        place=place,
        cluster=problem.cluster_code,
        indicator=problem.indicator_name,
        people="" if count is None else _("%(count)s people") % {"count": words.number(count)},
        cause=problem.cause or words.NOTHING,
        action=(follow_up.action if follow_up else "") or words.NOTHING,
        owner=(follow_up.owner if follow_up else "") or words.NOTHING,
        due=words.date(follow_up.due_on) if follow_up else words.NOTHING,
        overdue=_overdue(follow_up),
        priority=words.priority(problem.priority),
        status=words.problem_status(problem.status),
        escalated_to=(follow_up.escalated_to if follow_up else "") or words.NOTHING,
        evidence=follow_up.evidence if follow_up else "",
        is_first=is_first,
        age=_("running for %(weeks)d weeks") % {"weeks": problem.age_weeks}
        if problem.age_weeks
        else "",
    )


def _overdue(follow_up: FollowUpRow | None) -> str:
    if follow_up is None:
        return ""
    if follow_up.done_on:
        return _("done on %(date)s") % {"date": words.date(follow_up.done_on)}
    if follow_up.is_overdue:
        return _("overdue by %(days)d days") % {"days": follow_up.days_overdue}
    return ""


@dataclass(frozen=True, slots=True)
class FilingRow:
    name: str
    code: str
    is_reported: bool
    status: str
    sent: str
    late: str


def filing_row(filing: FilingState, timezone: str, zone_name: str) -> FilingRow:
    """A Pustu's (or Puskesmas') report: «belum lapor» until it is in."""
    return FilingRow(
        name=filing.facility.name,
        code=filing.facility.code,
        is_reported=filing.is_reported,
        status=words.filing(filing.status) if filing.is_reported else _("not reported"),
        sent=words.moment(filing.submitted_at, timezone, zone_name) or words.NOTHING,
        late=_("late by %(days)d days") % {"days": filing.days_late} if filing.days_late else "",
    )


def people_of(line: Line) -> str:
    """«kurang 62 bayi» for a line below target, «lebih 2 kasus» where fewer is better."""
    if line.indicator.is_alert:
        return wording.event_count(line)
    gap = line.figures.gap
    if gap is None:
        return words.NOTHING
    amount = {"people": words.people(line, abs(gap))}
    return _("short of %(people)s") % amount if gap < 0 else _("over by %(people)s") % amount


def compare(line: Line) -> str:
    """«Mei: 31,2%, target 46,2%»; empty where there is no percentage."""
    figures = line.figures
    if figures.coverage is None:
        return ""
    text = _("%(coverage)s, target %(target)s") % {
        "coverage": words.percent(figures.coverage),
        "target": words.percent(figures.target_percent),
    }
    period = words.status_period(line)
    return f"{period}: {text}" if period else text
