"""Problems as rows of a page or a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import Facility
from reports.figures.queries.references import facility_ref
from reports.models import FollowUp, Problem, ProblemStep
from reports.shapes import FollowUpRow, ProblemRow
from reports.states import CLOSED, UNFINISHED, days_overdue


def problem_rows(problems: QuerySet[Problem], week: Week, today: dt.date) -> tuple[ProblemRow, ...]:
    """Rows as seen on a day; the most overdue first, then by due date. Three queries."""
    rows = problems.select_related("facility", "village").prefetch_related("follow_ups")
    return _shaped(list(rows.order_by("pk")), week, today)


def week_problems(
    facility: Facility, week: Week, now: dt.datetime, zone: dt.tzinfo
) -> tuple[ProblemRow, ...]:
    """What the review of a week speaks about, here and below: open from before, raised in the
    week, or closed since it began. Three queries, four for an old week.

    A week is discussed in the week after it. Until that one ends the rows are those of now; later
    they are as they stood when it ended, so a report made late tells the old state. Steps that a
    late meeting recorded for the week itself count as well.
    """
    start = dt.datetime.combine(week.start, dt.time.min, zone)
    end = dt.datetime.combine(week.start + dt.timedelta(days=14), dt.time.min, zone)
    # What is open now, or was closed later than that, may have been open then.
    rows = list(
        Problem.objects.filter(facility__path__descendant_of=facility.path, week__lte=week)
        .filter(Q(week=week) | Q(status__in=UNFINISHED) | Q(closed_at__gte=start))
        .select_related("facility", "village")
        .prefetch_related("follow_ups")
        .order_by("pk")
    )
    if now < end:
        return _shaped(rows, week, now.astimezone(zone).date(), zone)
    steps = ProblemStep.objects.filter(Q(at__lt=end) | Q(week__lte=week))
    prefetch_related_objects(rows, Prefetch("steps", steps, to_attr="steps_then"))
    kept = {row.pk: _rewind(row, end) for row in rows}
    then = [
        row for row in rows if row.closed_at is None or row.closed_at >= start or row.week == week
    ]
    return _shaped(then, week, (end - dt.timedelta(days=1)).date(), zone, kept)


def _rewind(problem: Problem, end: dt.datetime) -> list[FollowUp]:
    """Put a problem, which is not saved again, back to how it stood at ``end``; its follow-ups
    of then."""
    steps: list[ProblemStep] = problem.steps_then  # type: ignore[attr-defined]
    problem.status = steps[-1].to_status if steps else "reported"
    closings = [
        step.at for step in steps if step.to_status in CLOSED and step.from_status not in CLOSED
    ]
    problem.closed_at = closings[-1] if problem.status in CLOSED and closings else None
    follow_ups = list(problem.follow_ups.all())
    for row in follow_ups:
        if row.done_on is not None and row.done_on >= end.date():
            row.done_on, row.evidence = None, ""
    # A problem that was reported late for the week keeps the follow-up it came with.
    return [row for row in follow_ups if row.created_at < end] or follow_ups[:1]


def _shaped(
    rows: list[Problem],
    week: Week,
    today: dt.date,
    zone: dt.tzinfo | None = None,
    kept: dict[int, list[FollowUp]] | None = None,
) -> tuple[ProblemRow, ...]:
    names = dict(
        Indicator.objects.filter(code__in={row.indicator_code for row in rows})
        .order_by("valid_from")
        .values_list("code", "name_id")
    )
    kept = kept or {row.pk: list(row.follow_ups.all()) for row in rows}
    shaped = [problem_row(row, kept[row.pk], names, week, today, zone) for row in rows]
    return tuple(sorted(shaped, key=_urgency))


def _urgency(row: ProblemRow) -> tuple[bool, dt.date, int]:
    open_dates = [step.due_on for step in row.follow_ups if step.done_on is None]
    return row.is_closed, min(open_dates, default=dt.date.max), row.id


def problem_row(
    problem: Problem,
    follow_ups: Iterable[FollowUp],
    indicator_names: dict[str, str],
    week: Week,
    today: dt.date,
    zone: dt.tzinfo | None = None,
) -> ProblemRow:
    is_closed = problem.status in CLOSED
    closed_at = problem.closed_at if is_closed else None
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
        follow_ups=tuple(_follow_ups(follow_ups, problem.status, today)),
        event=problem.event,
        closed_on=timezone.localdate(closed_at, zone) if closed_at else None,
    )


def _follow_ups(steps: Iterable[FollowUp], status: str, today: dt.date) -> Iterable[FollowUpRow]:
    for step in steps:
        late = days_overdue(status, step.due_on, step.done_on, today)
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
