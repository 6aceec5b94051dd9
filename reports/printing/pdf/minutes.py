"""What the minutes add to a report: deadlines kept or not, numbered decisions, corrections of
earlier weeks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports.printing.pdf import words
from reports.shapes import CorrectionRow, ReviewSheet


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    week: str
    code: str
    name: str
    count: str
    cumulative: str
    remark: str


def minutes_context(sheet: ReviewSheet) -> dict[str, Any]:
    return {
        "corrections": [_correction(row, sheet) for row in sheet.corrections],
        "meeting_decisions": sheet.meeting_decisions,
        "answer_due": words.moment(sheet.answer_due_at, sheet.timezone, sheet.zone_name),
    }


def _correction(row: CorrectionRow, sheet: ReviewSheet) -> CorrectionLine:
    signed = row.signed_at.astimezone(dt.UTC)
    revised = _("revision %(revision)d of %(moment)s") % {
        "revision": row.revision,
        "moment": words.moment(signed, sheet.timezone, sheet.zone_name),
    }
    return CorrectionLine(
        week=", ".join(
            part
            for part in (
                _("Week %(week)d") % {"week": row.week_number},
                row.place.name if row.place else "",
            )
            if part
        ),
        code=row.indicator_code,
        name=row.indicator_name,
        count=_change(
            _of(row.before_count, row.before_denominator),
            _of(row.after_count, row.after_denominator),
        ),
        cumulative=_change(words.number(row.before_cumulative), words.number(row.after_cumulative)),
        remark=f"{revised}: {row.reason}" if row.reason else revised,
    )


def _change(before: str, after: str) -> str:
    """«12 → 14»; once where nothing changed."""
    return after if before == after else f"{before} → {after}"


def _of(count: int | None, denominator: int | None) -> str:
    if denominator is None:
        return words.number(count)
    return _("%(n)s of %(of)s") % {"n": words.number(count), "of": words.number(denominator)}


def meeting_day(sheet: ReviewSheet) -> str:
    """«Selasa, 17 November 2026 (late by 2 days)»; why there was none."""
    if sheet.meeting_on is None and sheet.no_meeting_reason:
        return _("no meeting: %(reason)s") % {"reason": sheet.no_meeting_reason}
    day = words.full_date(sheet.meeting_on)
    if sheet.meeting_on is None or not sheet.meeting_days_late:
        return day
    return f"{day} ({late(sheet.meeting_days_late)})"


def sent_line(sheet: ReviewSheet, *, is_draft: bool = False) -> str:
    """When it was sent, in time or how late; a deadline only while it is not."""
    due = words.moment(sheet.deadline_at, sheet.timezone, sheet.zone_name)
    if sheet.submitted_at is None or is_draft:
        return _("due %(moment)s") % {"moment": due}
    sent = words.moment(sheet.submitted_at, sheet.timezone, sheet.zone_name)
    if sheet.days_late:
        kept = late(sheet.days_late)
    elif sheet.submitted_at > sheet.deadline_at:  # a correction of what came in time
        kept = _("first sent in time")
    else:
        kept = _("in time")
    return _("%(sent)s (%(kept)s; due %(due)s)") % {"sent": sent, "kept": kept, "due": due}


def late(days: int) -> str:
    return _("late by %(days)d days") % {"days": days}
