"""Problems as rows of a page or a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from clusters.models import Indicator
from clusters.weeks import Week
from reports.models import FollowUp, Problem
from reports.queries.references import facility_ref
from reports.queries.shapes import FollowUpRow, ProblemRow

CLOSED = {"done", "verified", "rejected"}


def problem_rows(problems: QuerySet[Problem], week: Week, today: dt.date) -> tuple[ProblemRow, ...]:
    """Rows as seen on a day; the most overdue first, then by due date. Three queries."""
    rows = list(
        problems.select_related("facility", "village").prefetch_related("follow_ups").order_by("pk")
    )
    names = dict(
        Indicator.objects.filter(code__in={row.indicator_code for row in rows})
        .order_by("valid_from")
        .values_list("code", "name_id")
    )
    shaped = [problem_row(row, names, week, today) for row in rows]
    return tuple(sorted(shaped, key=_urgency))


def _urgency(row: ProblemRow) -> tuple[bool, dt.date, int]:
    open_dates = [step.due_on for step in row.follow_ups if step.done_on is None]
    return row.is_closed, min(open_dates, default=dt.date.max), row.id


def problem_row(
    problem: Problem, indicator_names: dict[str, str], week: Week, today: dt.date
) -> ProblemRow:
    is_closed = problem.status in CLOSED
    return ProblemRow(
        id=problem.pk,
        title=problem.title,
        facility=facility_ref(problem.facility),
        village=problem.village.name if problem.village else "",
        cluster_code=problem.cluster_code,
        indicator_code=problem.indicator_code,
        indicator_name=indicator_names.get(problem.indicator_code, ""),
        people_count=problem.people_count,
        category=problem.category,
        cause=problem.cause,
        priority=problem.priority,
        status=problem.status,
        week=str(problem.week),
        age_weeks=max(0, (week.start - problem.week.start).days // 7),
        is_new=problem.week == week,
        is_closed=is_closed,
        follow_ups=tuple(_follow_ups(problem.follow_ups.all(), is_closed, today)),
    )


def _follow_ups(
    steps: Iterable[FollowUp], is_closed: bool, today: dt.date
) -> Iterable[FollowUpRow]:
    for step in steps:
        late = 0 if is_closed or step.done_on else max(0, (today - step.due_on).days)
        yield FollowUpRow(
            action=step.action,
            owner=step.owner_name,
            due_on=step.due_on,
            done_on=step.done_on,
            escalated_to=step.escalated_to,
            evidence=step.evidence,
            is_overdue=late > 0,
            days_overdue=late,
        )
