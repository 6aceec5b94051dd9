"""The minutes of a meeting: its numbered decisions."""

from __future__ import annotations

from reports.models import MeetingDecision, WeeklyReview
from reports.queries.shapes import MeetingDecisionRow


def meeting_decision_rows(review: WeeklyReview) -> tuple[MeetingDecisionRow, ...]:
    """In order of number, the withdrawn ones with them."""
    if review.pk is None:
        return ()
    return tuple(
        MeetingDecisionRow(row.number, row.text, row.is_withdrawn)
        for row in MeetingDecision.objects.filter(review=review)
    )
