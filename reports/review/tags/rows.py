"""Words and small drawings of the review, problem and report pages."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django import forms, template
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.weeks import Week
from reports.figures.queries import replaced_sums
from reports.figures.status_words import signal_words
from reports.figures.tags import number
from reports.figures.wording import date_span, shortfall, week_words
from reports.models import ReportDocument
from reports.models.document import DocumentState
from reports.review.queries import row_decisions
from reports.shapes import Line, ProblemRow, ReplacedSum, RowDecisionRow

register = template.Library()


@register.simple_tag
def record_url(kwargs: dict[str, Any], code: str, back: str) -> str:
    """Where a case of an alert row is recorded; from there it goes ``back``."""
    query = {"facility": kwargs["code"], "week": kwargs["week"], "indicator": code, "next": back}
    return f"{reverse('reports:event-record')}?{urlencode(query)}"


def _day(day: dt.date, pattern: str) -> str:
    return formats.date_format(day, pattern)


@register.filter
def week_text(week: Week | str) -> str:
    """«minggu ke-24 (9–15 Juni)»: a bare «minggu» could also mean Sunday."""
    week = Week.parse(week) if isinstance(week, str) else week
    return week_words(week)


@register.filter
def week_dates(week: Week | str) -> str:
    """«9–15 Juni 2026»."""
    week = Week.parse(week) if isinstance(week, str) else week
    return f"{date_span(week.start, week.end)} {week.end.year}"


@register.simple_tag
def gap(line: Line) -> SafeString:
    """The signed gap in people, in ink: the colour of a row is that of its status alone."""
    value = line.figures.gap
    if value is None:
        return format_html('<span class="muted">{}</span>', "–")
    sign = "+" if value > 0 else "−" if value < 0 else ""
    number = formats.number_format(abs(value), use_l10n=True, force_grouping=True)
    return format_html("<span>{}{}</span>", sign, number)


# Words and marks of the weekly signal: target to date (upright line) and achievement (dot).
_SIGNALS = {"on_track": ("jalur", 20), "behind": ("ting", 12.5), "far_behind": ("jauh", 5)}


@register.simple_tag
def week_signal(line: Line) -> SafeString:
    """The signal of the week in words and ink, where the line has one; else the gap in people.
    Never a colour: that belongs to the status of a closed period."""
    known = _SIGNALS.get(getattr(line.figures, "signal", None) or "")
    if known is None:
        text = shortfall(line)
        kind = "none" if line.figures.gap is None else "gap"
        return format_html('<span class="sig {}">{}</span>', kind, text)
    kind, at = known
    words = signal_words(line)
    return format_html(
        '<span class="sig {}"><svg width="26" height="14" viewBox="0 0 28 16" fill="none" '
        'aria-hidden="true">{}<path d="M20 1V15" stroke="currentColor" stroke-width="2"/>'
        '<circle cx="{}" cy="8" r="4" fill="currentColor"/></svg>{}</span>',
        kind, _way(at), str(at), words,
    )  # fmt: skip


def _way(at: float) -> SafeString:
    """The dotted way that is left from the dot to the line."""
    if at == 20:
        return SafeString("")
    return format_html(
        '<path d="M{} 8H20" stroke="currentColor" stroke-width="1.4" stroke-dasharray="1.8 1.8"/>',
        str(at),
    )


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
