"""What a review must have before it is sent, or the reason given in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models import User
from facilities.text.rules import fit_field
from reports.deadlines.queries.gaps import week_gaps
from reports.events.queries.counted import recorded
from reports.figures.queries.plausibility import row_checks
from reports.models import ExcusedWeek, WeeklyReview
from reports.review.queries.carried import carried_decisions
from reports.review.queries.open_points import OpenPoint, open_points
from reports.shapes import ReviewSheet

SHORTEST_REASON = 5
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Reasons:
    """What the sender answers in place of what is open; empty: nothing."""

    undecided_reason: str = ""
    no_meeting_reason: str = ""
    empty_reason: str = ""
    doubts_reason: str = ""
    problems_reason: str = ""
    gap_reason: str = ""
    events_reason: str = ""

    def of(self, name: str) -> str:
        """One line, cut to what is kept; empty when it is too short to be one."""
        text = " ".join(str(getattr(self, name)).split()) if name else ""
        return text[:LONGEST_REASON] if len(text) >= SHORTEST_REASON else ""


class NotReady(InvalidInput):
    """The review cannot be sent yet; ``points`` say what is open and where."""

    def __init__(self, points: Sequence[OpenPoint]) -> None:
        super().__init__({point.kind: point.text for point in points})
        self.points = tuple(points)


def points_of(review: WeeklyReview, sheet: ReviewSheet) -> tuple[OpenPoint, ...]:
    """Everything that is open in a review as it stands now."""
    checks = row_checks(review.facility, review.week, sheet.lines)
    decided = carried_decisions(review, sheet)
    today = timezone.localdate(timezone=review.facility.district.zone)
    records = recorded(review.facility, review.week)
    return open_points(review, sheet, checks, decided.keys(), today, records)


def answered_sheet(review: WeeklyReview, sheet: ReviewSheet, reasons: Reasons) -> ReviewSheet:
    """The sheet with the reasons that were really needed; the review takes them over, unsaved.
    Raises NotReady with all that is neither closed nor answered."""
    points = points_of(review, sheet)
    waiting = [point for point in points if not reasons.of(point.reason)]
    if waiting:
        raise NotReady(waiting)
    for point in points:
        fit_field(point.kind, reasons.of(point.reason))
    needed = {point.reason for point in points}
    kept: dict[str, Any] = {
        field.name: reasons.of(field.name) if field.name in needed else ""
        for field in fields(reasons)
        if field.name != "gap_reason"  # stands with each week it excuses
    }
    for name, value in kept.items():
        setattr(review, name, value)
    sheet = replace(sheet, **kept)
    # No meeting, no day by which it was late.
    return replace(sheet, meeting_days_late=0) if sheet.no_meeting_reason else sheet


def excuse_gaps(review: WeeklyReview, reason: str, by: User) -> None:
    """The weeks before that were never sent get the reason, each as a row of its own."""
    gaps = week_gaps([review.facility], review.week).get(review.facility_id, ())
    for gap in gaps:
        if not gap.reason:
            if not reason:
                raise InvalidInput({"gaps": _("Give a reason, so that it can be put right.")})
            ExcusedWeek.objects.get_or_create(
                facility=review.facility, week=gap.week, defaults={"reason": reason, "by": by}
            )
