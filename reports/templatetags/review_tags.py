"""Words and small drawings of the review, problem and report pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms, template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.weeks import Week
from reports.models import ReportDocument
from reports.models.document import DocumentState
from reports.queries import replaced_sums, row_decisions
from reports.queries.shapes import Line, ProblemRow, ReplacedSum, RowDecisionRow
from reports.templatetags.ilp import number

register = template.Library()


def _day(day: dt.date, pattern: str) -> str:
    return formats.date_format(day, pattern)


def date_span(start: dt.date, end: dt.date) -> str:
    """«9–15 Juni», or «28 Juni–4 Juli» over the end of a month."""
    first = _day(start, "j") if start.month == end.month else _day(start, "j F")
    return f"{first}–{_day(end, 'j F')}"


@register.filter
def week_text(week: Week | str) -> str:
    """«minggu ke-24 (9–15 Juni)»: a bare «minggu» could also mean Sunday."""
    week = Week.parse(week) if isinstance(week, str) else week
    return _("week %(number)s (%(dates)s)") % {
        "number": week.number,
        "dates": date_span(week.start, week.end),
    }


@register.filter
def week_dates(week: Week | str) -> str:
    """«9–15 Juni 2026»."""
    week = Week.parse(week) if isinstance(week, str) else week
    return f"{date_span(week.start, week.end)} {week.end.year}"


@register.simple_tag
def gap(line: Line) -> SafeString:
    """The signed gap in people; coloured by whether it is on the right side of the target."""
    value = line.figures.gap
    if value is None:
        return format_html('<span class="muted">{}</span>', "–")
    on_target = line.figures.is_on_target
    kind = "muted" if on_target is None else "plus" if on_target else "minus"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    number = formats.number_format(abs(value), use_l10n=True, force_grouping=True)
    return format_html('<span class="{}">{}{}</span>', kind, sign, number)


@register.simple_tag
def share_bar(done: int, whole: int) -> SafeString:
    """A plain progress bar in the brand colour."""
    width = round(100 * done / whole, 1) if whole else 100
    return format_html(
        '<svg class="bullet" viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="f-track" y="2" width="100" height="12"/>'
        '<rect class="f-brand" y="4.5" width="{}" height="7"/></svg>',
        str(width),
    )


@register.simple_tag
def due_tag(row: ProblemRow) -> SafeString:
    """«lewat 3 hari» or «tenggat 18 Juni»; nothing for a closed problem."""
    waiting = [step for step in row.follow_ups if step.done_on is None]
    if row.is_closed or not waiting:
        return SafeString("")
    first = min(waiting, key=lambda step: step.due_on)
    if first.is_overdue:
        text = ngettext("%(n)s day overdue", "%(n)s days overdue", first.days_overdue)
        return format_html('<span class="tag bad">{}</span>', text % {"n": first.days_overdue})
    text = _("due %(day)s") % {"day": _day(first.due_on, "j F")}
    return format_html('<span class="tag warn">{}</span>', text)


@register.simple_tag
def document_step(document: ReportDocument) -> str:
    """«2 dari 4: menggambar grafik dan tabel»."""
    if document.state == DocumentState.QUEUED:
        return _("Waiting for its turn")
    steps = [
        _("reading the figures"),
        _("drawing charts and pages"),
        _("storing the file"),
        _("finishing"),
    ]
    at = min(document.progress, len(steps) - 1)
    return _("%(step)s of %(all)s: %(what)s") % {
        "step": at + 1,
        "all": len(steps),
        "what": steps[at],
    }


@register.filter
def field(form: forms.BaseForm, name: str) -> Any:
    """A field of a form by its name."""
    return form[name]


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.filter
def replaced_text(row: ReplacedSum) -> str:
    """«Jumlah laporan 52, dipakai 48: alasan»."""
    return replaced_sums.replaced_text(row, number)


@register.filter
def replaced_change(row: ReplacedSum) -> str:
    return replaced_sums.replaced_change(row, number)


@register.filter
def decision_of(sheet: Any, code: str) -> RowDecisionRow | None:
    """What was decided on a row of a sheet; None for a row that needs nothing."""
    rows = getattr(sheet, "row_decisions", ())
    return next((row for row in rows if row.indicator_code == code), None)


@register.filter
def is_red(line: Line) -> bool:
    """Whether a row needs a decision."""
    return row_decisions.is_red(line)
