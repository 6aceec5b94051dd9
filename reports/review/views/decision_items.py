"""A review's red rows with their decisions, as page and check page show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from clusters.models import SuggestedAction
from reports.lookup import local_today
from reports.models import WeeklyReview
from reports.problems.priorities import suggest_due_on
from reports.review.forms.decisions import RowDecisionForm
from reports.review.queries.priorities import is_meeting_event
from reports.review.queries.row_decisions import decision_rows
from reports.review.queries.suggested import suggested_actions
from reports.review.views.addresses import review_kwargs
from reports.shapes import Line, ReviewSheet, RowDecisionRow


@dataclass(frozen=True, slots=True)
class DecisionItem:
    """One red row with its decision and the form to decide."""

    row: RowDecisionRow
    line: Line
    form: RowDecisionForm
    suggested: tuple[SuggestedAction, ...]
    shows_form: bool  # nothing decided yet, or what was typed could not be saved

    @property
    def code(self) -> str:
        return self.row.indicator_code


def decision_items(
    review: WeeklyReview,
    sheet: ReviewSheet,
    refused: Mapping[str, RowDecisionForm] | None = None,
) -> list[DecisionItem]:
    """Red rows in the order of the sheet; ``refused``: forms that keep what was typed."""
    lines = {line.indicator.code: line for line in sheet.lines}
    today = local_today(review.facility)
    refused = refused or {}
    suggested = suggested_actions(row.indicator_code for row in sheet.row_decisions)
    return [
        DecisionItem(
            row=row,
            line=lines[row.indicator_code],
            form=refused.get(row.indicator_code) or _form(row, lines[row.indicator_code], today),
            suggested=suggested[row.indicator_code],
            shows_form=not row.kind or row.indicator_code in refused,
        )
        for row in sheet.row_decisions
    ]


def priority_of(line: Line) -> str:
    """Red is high (7 days), Jelek with a better colour medium (14 days)."""
    return "high" if line.figures.colour == "red" else "medium"


def posted_forms(
    review: WeeklyReview, lines: Sequence[Line], data: QueryDict
) -> list[RowDecisionForm]:
    """The posted form of each red row that was on the page, against what stands now."""
    today = local_today(review.facility)
    by_code = {line.indicator.code: line for line in lines}
    return [
        _form(row, by_code[row.indicator_code], today, data)
        for row in decision_rows(review, lines)
        if f"{row.indicator_code}-version" in data
    ]


def _form(
    row: RowDecisionRow, line: Line, today: dt.date, data: QueryDict | None = None
) -> RowDecisionForm:
    own = row.kind if row.version else ""
    planned = own == "follow_up"
    return RowDecisionForm(
        data,
        is_event=is_meeting_event(line),
        prefix=row.indicator_code,
        initial={
            "kind": own,
            "reason": row.reason if own else "",
            "action": row.action if planned else "",
            "owner_name": row.owner if planned else "",
            "due_on": (row.due_on if planned else None) or suggest_due_on(priority_of(line), today),
            "version": row.version,
        },
    )


def decisions_context(
    review: WeeklyReview,
    sheet: ReviewSheet,
    refused: Mapping[str, RowDecisionForm] | None = None,
) -> dict[str, Any]:
    # What still waits comes first; each keeps the number it has in the report.
    items = sorted(decision_items(review, sheet, refused), key=lambda item: not item.shows_form)
    return {
        "kwargs": review_kwargs(review),
        "items": items,
        "waiting": [item for item in items if not item.row.kind],
        "refused_items": [item for item in items if item.form.is_bound and item.form.errors],
        "level_above": review.facility.parent.name if review.facility.parent else "",
    }
