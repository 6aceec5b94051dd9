"""The minutes of a meeting: who else came, and its numbered decisions."""

from __future__ import annotations

from dataclasses import dataclass

from reports.models import Attendance, MeetingDecision, WeeklyReview
from reports.shapes import MeetingDecisionRow


@dataclass(frozen=True, slots=True)
class Minutes:
    """What can still be changed: rows of the database, not of a frozen sheet."""

    others: tuple[Attendance, ...]  # beside the heads of the Pustu
    decisions: tuple[MeetingDecision, ...]


def minutes(review: WeeklyReview) -> Minutes:
    """Two queries; none for a review that nobody has begun."""
    if not review.pk:
        return Minutes((), ())
    return Minutes(
        tuple(Attendance.objects.filter(review=review, facility=None)),
        tuple(MeetingDecision.objects.filter(review=review)),
    )


def meeting_decision_rows(review: WeeklyReview) -> tuple[MeetingDecisionRow, ...]:
    """In order of number, the withdrawn ones with them."""
    if not review.pk:
        return ()
    return tuple(
        MeetingDecisionRow(row.number, row.text, row.is_withdrawn)
        for row in MeetingDecision.objects.filter(review=review)
    )
