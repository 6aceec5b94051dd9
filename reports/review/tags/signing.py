"""Words of revisions, corrections and minutes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters.weeks import Week
from facilities.models.user import Role
from reports.figures.columns import columns_of
from reports.figures.tables import Table
from reports.figures.tags import DASH, number, percent
from reports.figures.wording import is_english
from reports.models import WeeklyReview
from reports.models.decision import RowDecisionKind
from reports.models.problem import Priority, ProblemCategory, ProblemStatus
from reports.review.queries.minutes import Minutes, minutes
from reports.review.queries.revision_diff import FieldChange
from reports.shapes import CorrectionRow, TimelinessRow

register = template.Library()

LABELS: dict[str, Any] = {
    "meeting_on": gettext_lazy("Meeting held on"),
    "meeting_place": gettext_lazy("Place"),
    "chair_name": gettext_lazy("Chair"),
    "minutes_by": gettext_lazy("Minutes by"),
    "conclusion": gettext_lazy("Conclusion and agreements"),
    "undecided_reason": gettext_lazy("Reason for rows without decision"),
    "no_meeting_reason": gettext_lazy("Reason for no meeting"),
    "empty_reason": gettext_lazy("Reason for empty indicators"),
    "doubts_reason": gettext_lazy("Reason for figures not confirmed"),
    "problems_reason": gettext_lazy("Reason for problems without decision"),
    "events_reason": gettext_lazy("Reason for cases without an event record"),
    "title": gettext_lazy("Problem"),
    "priority": gettext_lazy("Priority"),
    "category": gettext_lazy("Category"),
    "cause": gettext_lazy("Root cause"),
    "village": gettext_lazy("Village"),
    "people_count": gettext_lazy("People concerned"),
    "follow_ups": gettext_lazy("Follow-ups"),
    "kind": gettext_lazy("Decision"),
    "reason": gettext_lazy("Reason"),
    "problem_title": gettext_lazy("Problem"),
    "action": gettext_lazy("Follow-up"),
    "owner": gettext_lazy("Person in charge"),
    "due_on": gettext_lazy("Due"),
    "text": gettext_lazy("Decision"),
    "is_withdrawn": gettext_lazy("Withdrawn"),
    "is_present": gettext_lazy("Present"),
    "name": gettext_lazy("Name"),
    "is_reported": gettext_lazy("Report received"),
}
_COLUMNS = {column.code: column for column in columns_of(Table.CHANGES)}
_STATUS = {"baik": "Baik", "kurang": "Kurang", "cukup": "Cukup", "jelek": "Jelek"}
_CODES: dict[str, dict[str, Any]] = {
    "status": dict(ProblemStatus.choices),
    "priority": dict(Priority.choices),
    "category": dict(ProblemCategory.choices),
    "kind": dict(RowDecisionKind.choices),
}


@register.filter
def change_label(change: FieldChange) -> str:
    if change.name in _COLUMNS:
        return str(_COLUMNS[change.name].heading)
    return str(LABELS.get(change.name, change.name))


@register.simple_tag
def changed(change: FieldChange, side: str) -> SafeString | str:
    """The value before or after; «belum ada» where there was none, never zero."""
    value = getattr(change, side)
    if value is None or value in ("", ()):
        return format_html('<span class="muted">{}</span>', _("none yet"))
    writers: dict[str, Callable[[Any], SafeString | str]] = {
        "people": number,
        "percent": percent,
        "day": lambda day: formats.date_format(day, "j F Y"),
        "yes": lambda yes: _("yes") if yes else _("no"),
        "status": lambda code: _STATUS.get(code, code),
        "code": lambda code: str(_CODES.get(change.name, {}).get(code, code)),
        "list": _follow_ups,
    }
    return writers.get(change.kind, str)(value)


def _follow_ups(rows: tuple[tuple[Any, ...], ...]) -> SafeString:
    return format_html(
        "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_follow_up(row),) for row in rows))
    )


def _follow_up(row: tuple[Any, ...]) -> str:
    action, owner, due_on, done_on, evidence = row
    parts = [action, owner, _("due %(day)s") % {"day": _day(due_on)}]
    if done_on:
        parts.append(_("done %(day)s") % {"day": _day(done_on)})
    return ", ".join(str(part) for part in (*parts, evidence) if part)


def _day(day: dt.date) -> str:
    return formats.date_format(day, "j F Y")


@register.filter
def role_name(code: str) -> str:
    return str(Role(code).label) if code in Role.values else ""


@register.filter
def correction_change(row: CorrectionRow) -> str:
    """«12 → 14», «3 dari 9 → 4 dari 9»; the cumulative figure where the week itself is as it
    was."""
    was, now = (row.before_count, row.before_denominator), (row.after_count, row.after_denominator)
    if was == now:
        return _("cumulative %(before)s → %(after)s") % {
            "before": number(row.before_cumulative),
            "after": number(row.after_cumulative),
        }
    return f"{_of(*was)} → {_of(*now)}"


def _of(count: int | None, denominator: int | None) -> str:
    if denominator is None:
        return number(count) if count is not None else _("none yet")
    return _("%(n)s of %(of)s") % {"n": number(count), "of": number(denominator)}


@register.filter
def week_number(label: str) -> int | str:
    try:
        return Week.parse(label).number
    except ValueError:
        return DASH


@register.simple_tag
def minutes_of(review: WeeklyReview) -> Minutes:
    return minutes(review)


@register.simple_tag
def new_key() -> str:
    """A key of its own for each form drawn: sent twice, it is one decision."""
    return str(uuid.uuid4())


@register.filter
def decision_key(number: int) -> str:
    return f"decision-{number}"


@register.filter
def seen(at: dt.datetime) -> str:
    """The moment a row was saved, exactly: what its form gives back as its version."""
    return at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f%z")


@register.filter
def n_of_m(row: TimelinessRow, part: str) -> str:
    """«7 dari 8 (88%)», or a dash where nothing was due."""
    if not row.expected:
        return DASH
    count = getattr(row, part)
    share = (count * 200 + row.expected) // (row.expected * 2)
    return f"{_('%(n)s of %(of)s') % {'n': count, 'of': row.expected}} ({share}%)"


@register.filter
def correction_name(row: CorrectionRow) -> str:
    """The indicator in the reader's language."""
    english = is_english()
    return row.indicator_name_en if english else row.indicator_name
