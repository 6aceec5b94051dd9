"""What the meeting decided about the problems of earlier weeks."""

from __future__ import annotations

from reports.models import ProblemStep, WeeklyReview
from reports.shapes import ReviewSheet

DECISIONS = frozenset({"done", "continue", "escalate"})


def carried_decisions(review: WeeklyReview, sheet: ReviewSheet) -> dict[int, str]:
    """By problem, the last decision made about it in the review's week. One query."""
    steps = ProblemStep.objects.filter(
        problem__in=[row.id for row in sheet.carried_problems],
        week=review.week,
        action__in=DECISIONS,
    ).order_by("at", "pk")
    if (signed_at := sheet.signature.signed_at) is not None:
        steps = steps.filter(at__lte=signed_at)  # what came later was not signed
    return {step.problem_id: step.action for step in steps}
