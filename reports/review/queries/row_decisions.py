"""Which rows of a review need a decision, and what was decided on each.

A decision is needed where the last closed period is Jelek, beyond the tolerance and below 90 % of
what was due, and for a priority that is far behind in two reported weeks running. Once decided it
stands until the next period has closed. Three things count:

- a decision of this review: follow-up, escalation, or monitored with a reason;
- an open problem of the same facility on the same indicator: it is followed up already;
- a decision made since the judged period closed: its figures are still those that were decided on.
"""

from __future__ import annotations

from collections.abc import Sequence

from clusters.judgement.due import due
from reports.figures.queries.facility_lines import MEETING_LAG
from reports.models import Problem, RowDecision, WeeklyReview
from reports.shapes import Line, RowDecisionRow

LONGEST_PERIOD = 14  # weeks between two dues of a quarterly indicator


def is_red(line: Line) -> bool:
    """Whether the line needs a decision. Sheets signed before judgement went by closed periods
    asked for one on each red or poor row."""
    figures = line.figures
    if figures.judged is None:
        return figures.colour == "red" or figures.status == "jelek"
    return figures.judged.is_forced or (line.is_priority and line.is_far_behind_again)


def decision_rows(review: WeeklyReview, lines: Sequence[Line]) -> tuple[RowDecisionRow, ...]:
    """One row for each red line, numbered in the order of the sheet; four queries at most."""
    red = [line for line in lines if is_red(line)]
    if not red:
        return ()
    codes = [line.indicator.code for line in red]
    decided = _decisions(review, codes)
    problems = _open_problems(review, codes)
    return tuple(
        _row(number, line, review, decided.get(line.indicator.code, []), problems)
        for number, line in enumerate(red, 1)
    )


def undecided(lines: Sequence[Line], rows: Sequence[RowDecisionRow]) -> tuple[Line, ...]:
    """The red lines of a sheet without any decision."""
    open_codes = {row.indicator_code for row in rows if not row.kind}
    return tuple(line for line in lines if line.indicator.code in open_codes)


def _decisions(review: WeeklyReview, codes: Sequence[str]) -> dict[str, list[RowDecision]]:
    """By indicator, newest first, of this review and those before it."""
    rows = (
        RowDecision.objects.filter(
            review__facility=review.facility_id,
            review__week__lte=review.week,
            review__week__gte=review.week - LONGEST_PERIOD,
            indicator_code__in=codes,
        )
        .select_related("review", "problem", "by")
        .prefetch_related("problem__follow_ups")
        .order_by("-review__week")
    )
    found: dict[str, list[RowDecision]] = {}
    for row in rows:
        found.setdefault(row.indicator_code, []).append(row)
    return found


def _open_problems(review: WeeklyReview, codes: Sequence[str]) -> dict[str, Problem]:
    """The newest open problem of the facility on each indicator."""
    rows = (
        Problem.objects.unfinished()
        .filter(facility=review.facility_id, indicator_code__in=codes, week__lte=review.week)
        .prefetch_related("follow_ups")
        .order_by("pk")
    )
    return {row.indicator_code: row for row in rows}


def _stands(row: RowDecision, line: Line, review: WeeklyReview) -> bool:
    """Whether a decision counts for this week's row: one of this review, or one made since the
    period that is judged has closed. That of a rejected problem does not."""
    if row.problem is not None and row.problem.status == "rejected":
        return False
    if row.review_id == review.pk:
        return True
    judged, profile = line.figures.judged, line.indicator.profile
    if judged is None or not judged.period or not profile:
        return False
    then = due(
        profile,
        row.review.week.end + MEETING_LAG,
        review.facility.district.closing_day,
        line.indicator.frequency,
    )
    return str(then.period) == judged.period


def _row(
    number: int,
    line: Line,
    review: WeeklyReview,
    decisions: Sequence[RowDecision],
    problems: dict[str, Problem],
) -> RowDecisionRow:
    code = line.indicator.code
    standing = [row for row in decisions if _stands(row, line, review)]
    own = next((row for row in decisions if row.review_id == review.pk), None)
    chosen = standing[0] if standing and standing[0].review_id == review.pk else None
    problem = chosen.problem if chosen else problems.get(code)
    if chosen is None and problem is None and standing:
        chosen = standing[0]
        problem = chosen.problem
    kind = chosen.kind if chosen else "problem" if problem else ""
    steps = list(problem.follow_ups.all()) if problem else []
    step = steps[-1] if steps else None
    return RowDecisionRow(
        number=number,
        indicator_code=code,
        indicator_name=line.indicator.name_id,
        indicator_name_en=line.indicator.name_en,
        kind=kind,
        reason=chosen.reason if chosen else "",
        problem_id=problem.pk if problem else None,
        problem_title=problem.title if problem else "",
        action=step.action if step else "",
        owner=step.owner_name if step else "",
        due_on=step.due_on if step else None,
        by=str(chosen.by or "") if chosen else "",
        at=chosen.at if chosen else None,
        week=str(chosen.review.week if chosen else problem.week) if kind else "",  # type: ignore[union-attr]
        version=own.version if own else 0,
    )
