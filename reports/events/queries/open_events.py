"""The first block of every list: events whose follow-up is not closed, in order of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet
from django.utils import timezone

from clusters.models import Indicator
from facilities.models import Facility
from reports.figures.queries.references import facility_ref
from reports.models import HealthEvent, Problem
from reports.models.problem import ProblemEvent
from reports.shapes import EventRow
from reports.states import UNFINISHED, days_overdue


def open_events(facility: Facility, now: dt.datetime) -> tuple[EventRow, ...]:
    """Of a facility and all below it, from the moment they were entered until their follow-up is
    closed, whatever week they happened in. Three queries."""
    return problem_events(Problem.objects.filter(facility__path__descendant_of=facility.path), now)


def problem_events(problems: QuerySet[Problem], now: dt.datetime) -> tuple[EventRow, ...]:
    """The same among some problems: those with an event record, and those that were reported as an
    event and have none yet."""
    is_event = ~Q(event="") | Q(category="outbreak") | Q(health_event__isnull=False)
    found = list(
        problems.filter(is_event, status__in=UNFINISHED, health_event__withdrawn_at=None)
        .select_related("facility__district", "village", "health_event__village")
        .prefetch_related("follow_ups")
        .order_by("pk")
    )
    names = event_names(row.health_event for row in found if hasattr(row, "health_event"))
    rows = [_row(row, names, now) for row in found]
    # Of one day the one that was entered first; never by size.
    return tuple(sorted(rows, key=lambda row: (row.occurred_on, row.problem_id)))


def event_names(events: Iterable[HealthEvent]) -> dict[str, tuple[str, str]]:
    """By code, the Indonesian and the English name of what happened."""
    codes = {row.indicator_code for row in events}
    known = Indicator.objects.filter(code__in=codes).order_by("valid_from")
    return {row.code: (row.name_id, row.name_en) for row in known}


def _row(problem: Problem, names: dict[str, tuple[str, str]], now: dt.datetime) -> EventRow:
    zone = problem.facility.district.zone
    record: HealthEvent | None = getattr(problem, "health_event", None)
    today = now.astimezone(zone).date()
    waiting = [step.due_on for step in problem.follow_ups.all() if step.done_on is None]
    due_on = min(waiting, default=None)
    code = record.indicator_code if record else ""
    village = record.village if record else problem.village
    return EventRow(
        problem_id=problem.pk,
        record_id=str(record.public_id) if record else "",
        kind=record.kind if record else problem.event or ProblemEvent.OUTBREAK,
        indicator_code=code,
        name_id=names.get(code, (code, code))[0],
        name_en=names.get(code, (code, code))[1],
        facility=facility_ref(problem.facility),
        occurred_on=record.occurred_on if record else timezone.localdate(problem.reported_at, zone),
        week=str(record.week if record else problem.week),
        village=village.name if village else "",
        place=record.place if record else "",
        status=problem.status,
        audited_on=record.audited_on if record else None,
        notified_on=record.notified_on if record else None,
        needs_audit=record.needs_audit if record else problem.event == ProblemEvent.DEATH,
        due_on=due_on,
        days_overdue=days_overdue(problem.status, due_on, None, today),
    )
