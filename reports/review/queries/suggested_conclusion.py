"""A conclusion from what the meeting recorded, for people to take over and change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from reports.models import WeeklyReview
from reports.review.queries.carried import carried_decisions
from reports.review.queries.priorities import is_meeting_event
from reports.shapes import ReviewSheet

LONGEST = 3000


def suggested_conclusion(review: WeeklyReview, sheet: ReviewSheet) -> str:
    """Events, what became of earlier problems, what was decided and what is behind; in the
    country's language, as it is kept. One query."""
    with translation.override("id"):
        parts = (
            _events(sheet),
            _carried(carried_decisions(review, sheet)),
            _decided(review, sheet),
            _behind(sheet),
        )
        text = "\n".join(part for part in parts if part)
        return text[:LONGEST] or _("Nothing had to be decided this week.")


def _list(names: Sequence[str]) -> str:
    return "; ".join(names)


def _events(sheet: ReviewSheet) -> str:
    found = [
        f"{line.indicator.name_id} {line.figures.week_count}"
        for line in sheet.lines
        if is_meeting_event(line) and line.figures.week_count
    ]
    return _("Events: %(names)s.") % {"names": _list(found)} if found else ""


def _carried(decisions: dict[int, str]) -> str:
    if not decisions:
        return ""
    counted = Counter(decisions.values())
    return _("Earlier problems: %(done)s done, %(continue)s continue, %(escalate)s escalated.") % {
        name: counted[name] for name in ("done", "continue", "escalate")
    }


def _decided(review: WeeklyReview, sheet: ReviewSheet) -> str:
    week = str(review.week)
    names = [row.indicator_name for row in sheet.row_decisions if row.kind and row.week == week]
    return _("Decided: %(names)s.") % {"names": _list(names)} if names else ""


def _behind(sheet: ReviewSheet) -> str:
    names = [
        line.indicator.name_id
        for line in sheet.lines
        if line.is_priority and line.is_far_behind_again
    ]
    return _("Far behind again: %(names)s.") % {"names": _list(names)} if names else ""
