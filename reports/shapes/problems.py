"""Problems, their follow-ups, and questions to a higher level."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.shapes.places import FacilityRef


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    action: str
    owner: str
    due_on: dt.date
    done_on: dt.date | None
    escalated_to: str
    evidence: str
    is_overdue: bool
    days_overdue: int


@dataclass(frozen=True, slots=True)
class ProblemRow:
    id: int
    title: str
    facility: FacilityRef
    village: str
    cluster_code: str
    indicator_code: str
    indicator_name: str
    people_count: int | None
    category: str
    cause: str
    priority: str
    status: str
    week: str
    age_weeks: int
    is_new: bool  # raised in the sheet's own week
    is_closed: bool
    follow_ups: tuple[FollowUpRow, ...]
    event: str = ""  # death, outbreak, violence
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A question to a higher level and its answer."""

    id: int
    problem_id: int
    problem_title: str
    facility: FacilityRef  # where the problem is
    village: str
    to_facility: FacilityRef
    reason: str  # asked, overdue_twice, many_villages, event
    comment: str
    raised_by: str  # empty: the clock
    raised_at: dt.datetime
    answer_due_at: dt.datetime
    answer: str
    answered_by: str
    answered_at: dt.datetime | None
    is_overdue: bool
