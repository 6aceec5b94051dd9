"""When the clock puts a problem higher (domain guide, section 9).

Overdue twice: each missed due date counts one, and a follow-up that is still open seven days past
its date counts two. Two points are enough. What was counted before the last question to a level
does not count again.

Many villages: the same problem open in three or more places. The same means the same indicator,
or, where a problem names none, the same category and cluster («other» says nothing and is left
out). A place is a village; where none is named, the facility stands for one. Three places inside
one Puskesmas: its problems go one level up. Three in the district over several Puskesmas: to
Dinkes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.models import Escalation, FollowUp, Problem
from reports.models.escalation import EscalationReason

OVERDUE_POINTS = 2
STILL_OPEN_DAYS = 7
MANY_PLACES = 3


@dataclass(frozen=True, slots=True)
class Due:
    """A question the clock asks now."""

    problem: Problem
    to_facility: Facility
    reason: str


def overdue_points(follow_ups: Iterable[FollowUp], today: dt.date, since: dt.date | None) -> int:
    """Missed dates of a problem; those before ``since`` led to a question already."""
    points = 0
    for row in follow_ups:
        if since is not None and row.due_on < since:
            continue
        if row.done_on is not None:
            points += row.done_on > row.due_on
        elif today > row.due_on:
            points += 2 if (today - row.due_on).days >= STILL_OPEN_DAYS else 1
    return points


def same_problem(problem: Problem) -> tuple[str, ...] | None:
    """What makes two problems the same one; None for a problem like no other."""
    if problem.indicator_code:
        return ("indicator", problem.indicator_code)
    if problem.category == "other" or not problem.cluster_code:
        return None
    return ("category", problem.category, problem.cluster_code)


def due_escalations(
    problems: Sequence[Problem], levels: dict[int, list[Facility]], today: dt.date
) -> list[Due]:
    """What is to be asked now. ``problems``: the open ones of one district with ``facility``,
    ``follow_ups`` and ``escalations`` read; ``levels`` by facility id, nearest first."""
    found = [*_overdue(problems, levels, today), *_many(problems, levels)]
    once: dict[tuple[int, int], Due] = {}
    for due in found:
        once.setdefault((due.problem.pk, due.to_facility.pk), due)
    return list(once.values())


def _overdue(
    problems: Sequence[Problem], levels: dict[int, list[Facility]], today: dt.date
) -> Iterable[Due]:
    for problem in problems:
        above = levels.get(problem.facility_id, [])
        asked = list(problem.escalations.all())
        if not above or any(row.answered_at is None for row in asked):
            continue
        earlier = [row for row in asked if row.reason == EscalationReason.OVERDUE_TWICE]
        since = max((_day(row, problem) for row in earlier), default=None)
        if overdue_points(problem.follow_ups.all(), today, since) >= OVERDUE_POINTS:
            # The second time one level higher: the first one's answer did not help.
            yield Due(
                problem, above[min(len(earlier), len(above) - 1)], EscalationReason.OVERDUE_TWICE
            )


def _day(row: Escalation, problem: Problem) -> dt.date:
    return row.raised_at.astimezone(problem.facility.district.zone).date()


def _many(problems: Sequence[Problem], levels: dict[int, list[Facility]]) -> Iterable[Due]:
    alike: dict[tuple[str, ...], list[Problem]] = defaultdict(list)
    for problem in problems:
        if (key := same_problem(problem)) is not None:
            alike[key].append(problem)
    for group in alike.values():
        if _places(group) < MANY_PLACES:
            continue
        by_puskesmas: dict[int | None, list[Problem]] = defaultdict(list)
        for problem in group:
            by_puskesmas[_puskesmas(problem)].append(problem)
        for rows in by_puskesmas.values():
            is_inside = _places(rows) >= MANY_PLACES
            for problem in rows:
                above = levels.get(problem.facility_id, [])
                level = above[0 if is_inside else -1] if above else None
                if level is not None and not _was_asked(problem, level):
                    yield Due(problem, level, EscalationReason.MANY_VILLAGES)


def _was_asked(problem: Problem, level: Facility) -> bool:
    """Once is enough: the level knows, whether it has answered or not."""
    return any(row.to_facility_id == level.pk for row in problem.escalations.all())


def _places(problems: Iterable[Problem]) -> int:
    return len({row.village_id or f"facility-{row.facility_id}" for row in problems})


def _puskesmas(problem: Problem) -> int | None:
    facility = problem.facility
    return facility.pk if facility.kind == FacilityKind.PUSKESMAS else facility.parent_id
