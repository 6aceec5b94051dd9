"""Section G: the district's recap of the same week."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.figures.status_words import status_word
from reports.printing.pdf import rows, words
from reports.printing.pdf.charts import bullet, region_chart, rollout_bar
from reports.printing.pdf.decisions import escalation_lines
from reports.printing.pdf.summary import MOST_EVENTS, event_context
from reports.shapes import DistrictSheet, GapRow, PuskesmasRow, RolloutBar, TimelinessRow

KIND_NAMES = {"puskesmas": "Puskesmas", "pustu": "Pustu", "posyandu": "Posyandu"}


def district_context(sheet: DistrictSheet) -> dict[str, Any]:
    """Everything the district template prints beside the frame."""
    return {
        "sentence": sentence(sheet),
        "boxes": boxes(sheet),
        "missing": [row.facility.name for row in sheet.puskesmas if not row.filing.is_reported],
        "puskesmas": [_puskesmas(row, sheet) for row in sheet.puskesmas],
        **event_context(sheet, MOST_EVENTS),
        "punctual": [_punctual(row) for row in sheet.timeliness],
        "gaps": [_gap(gap) for gap in sheet.gaps],
        "chart": region_chart(sheet.chart, whole=_kind_of_district(sheet)) if sheet.chart else None,
        "overdue": rows.follow_up_lines(sheet.overdue),
        "escalations": escalation_lines(
            sheet.escalation_rows, sheet.escalations, sheet.timezone, sheet.zone_name
        ),
        "rollout": [_rollout(bar) for bar in sheet.rollout],
        "table": rows.REPORT,
        "rows": [rows.line_row(line) for line in sheet.lines],
    }


def _kind_of_district(sheet: DistrictSheet) -> str:
    """«Kabupaten» or «Kota»: what the last bar of a chart is called."""
    return sheet.district_name.partition(" ")[0]


def sentence(sheet: DistrictSheet) -> str:
    """The whole recap in one sentence."""
    tally = sheet.tally
    parts = [
        _("%(filed)d of %(expected)d Puskesmas have sent their evaluation")
        % {"filed": sheet.filed, "expected": sheet.expected},
        _("%(below)d of %(indicators)d district indicators are below target")
        % {"below": tally.below_target, "indicators": tally.indicators},
        _("%(open)d problems are open, %(overdue)d of them overdue")
        % {"open": sheet.open_problems, "overdue": sheet.overdue_problems},
    ]
    return "; ".join(parts) + "."


def boxes(sheet: DistrictSheet) -> list[tuple[str, str, str]]:
    """(label, figure, explanation) under the sentence."""
    tally, before = sheet.tally, sheet.tally_last_week
    share = _("%(n)d of %(of)d")
    return [
        (_("Evaluations received"), share % {"n": sheet.filed, "of": sheet.expected},
         _("last week %(n)d") % {"n": sheet.filed_last_week}),
        (_("Indicators on target"), share % {"n": tally.on_target, "of": tally.indicators},
         _("last week %(n)d") % {"n": before.on_target}),
        (_("Red indicators"), words.number(tally.red), _("last week %(n)d") % {"n": before.red}),
        (_("Open problems"), words.number(sheet.open_problems),
         _("%(n)d overdue") % {"n": sheet.overdue_problems}),
        (_("Closed problems"), words.number(sheet.closed_this_week), _("this week")),
    ]  # fmt: skip


def _puskesmas(row: PuskesmasRow, sheet: DistrictSheet) -> dict[str, Any]:
    judged = row.tally.green + row.tally.yellow + row.tally.red
    filing = rows.filing_row(row.filing, sheet.timezone, sheet.zone_name)
    return {
        "name": row.facility.short_name,
        "below": _("%(pustu)d Pustu, %(posyandu)d Posyandu")
        % {"pustu": row.pustu, "posyandu": row.posyandu},
        "filing": filing,
        "figures_week": "" if row.figures_week == sheet.week.label else row.figures_week,
        "green": _share(row.tally.green, judged),
        "red": words.number(row.tally.red),
        "statuses": [
            (status, words.GLYPHS[status], status_word(status),
             words.number(getattr(row.tally, status)))
            for status in ("baik", "kurang", "cukup", "jelek")
        ],
        "open": words.number(row.open_problems),
        "overdue": words.number(row.overdue_problems),
        "escalations": words.number(row.escalations),
        "rollout": [(KIND_NAMES.get(bar.kind, bar.kind), _of_plan(bar)) for bar in row.rollout],
    }  # fmt: skip


def _punctual(row: TimelinessRow) -> dict[str, Any]:
    """«7 dari 8 (88%)»: without anything due there is no percentage."""
    return {
        "name": row.facility.short_name if row.facility else _("All Puskesmas"),
        "is_whole": row.facility is None,
        "reported": _of_due(row.reported, row.expected),
        "in_time": _of_due(row.in_time, row.expected),
    }


def _of_due(part: int, whole: int) -> str:
    if not whole:
        return words.NOTHING
    return f"{_('%(n)d of %(of)d') % {'n': part, 'of': whole}} ({_share(part, whole)})"


def _share(part: int, whole: int) -> str:
    """A whole percentage of the indicators that could be judged."""
    return f"{(part * 200 + whole) // (whole * 2)}%" if whole else words.NOTHING


def _of_plan(bar: RolloutBar) -> str:
    """Done against the target of the year: «3/4»."""
    return f"{words.number(bar.implemented)}/{words.number(bar.planned)}"


def _gap(gap: GapRow) -> dict[str, Any]:
    row = rows.line_row(gap.line)
    return {
        "row": row,
        "place": gap.facility.name,
        "bullet": bullet(gap.line),
        "people": rows.people_of(gap.line),
        "compare": rows.compare(gap.line),
        "weeks": _("below target for %(weeks)d weeks") % {"weeks": gap.weeks_below}
        if gap.weeks_below
        else "",
    }


def _rollout(bar: RolloutBar) -> dict[str, Any]:
    return {
        "name": KIND_NAMES.get(bar.kind, bar.kind),
        "svg": rollout_bar(bar),
        "implemented": words.number(bar.implemented),
        "planned": words.number(bar.planned),
        "total": words.number(bar.total),
    }
