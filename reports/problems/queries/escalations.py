"""Questions to higher levels as rows of a page or a sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from facilities.models import Facility, User
from facilities.models.user import Role
from reports.figures.queries.references import facility_ref
from reports.models import Escalation
from reports.models.escalation import WAITING
from reports.shapes import EscalationRow

ANSWERS = {str(Role.PUSKESMAS_HEAD), str(Role.DINKES)}


def escalation_row(row: Escalation, now: dt.datetime) -> EscalationRow:
    problem = row.problem
    return EscalationRow(
        id=row.pk,
        problem_id=problem.pk,
        problem_title=problem.title,
        facility=facility_ref(problem.facility),
        village=problem.village.name if problem.village else "",
        to_facility=facility_ref(row.to_facility),
        reason=row.reason,
        comment=row.comment,
        raised_by=str(row.raised_by or ""),
        raised_at=row.raised_at,
        answer_due_at=row.answer_due_at,
        answer=row.answer,
        answered_by=str(row.answered_by or ""),
        answered_at=row.answered_at,
        is_overdue=row.answered_at is None and row.answer_due_at < now,
    )


def rows_of(rows: QuerySet[Escalation], now: dt.datetime) -> tuple[EscalationRow, ...]:
    """Unanswered ones first, the most urgent at the top; one query."""
    found = rows.select_related(
        "problem__facility", "problem__village", "to_facility", "raised_by", "answered_by"
    ).order_by(F("answered_at").desc(nulls_first=True), "answer_due_at", "pk")
    return tuple(escalation_row(row, now) for row in found)


def of_problems(
    problem_ids: Collection[int], now: dt.datetime, *, since: dt.datetime | None = None
) -> tuple[EscalationRow, ...]:
    """Those of some problems: unanswered, and answered (since a moment, if given)."""
    rows = Escalation.objects.filter(problem__in=problem_ids)
    if since is not None:
        rows = rows.filter(Q(answered_at=None) | Q(answered_at__gte=since))
    return rows_of(rows, now)


def to_answer(user: User) -> QuerySet[Escalation]:
    """What waits for this person's answer."""
    paths = [path for role, path in user.current_postings if role in ANSWERS and path]
    return Escalation.objects.filter(WAITING, to_facility__path__in=paths)


def asked_of_others(user: User) -> QuerySet[Escalation]:
    """What went up beyond the facilities this person speaks for, or what they asked for."""
    paths = [path for _role, path in user.current_postings if path]
    beyond = Q(problem__facility__path__descendant_of_any=paths) & ~Q(
        to_facility__path__descendant_of_any=paths
    )
    return Escalation.objects.filter(beyond | Q(raised_by=user))


def led_by(user: User, *, strictly: bool = False) -> QuerySet[Facility]:
    """The facilities a person speaks for: their own and those below; ``strictly``: their own."""
    paths = [path for _role, path in user.current_postings if path]
    if strictly:
        return Facility.objects.filter(path__in=paths)
    return Facility.objects.filter(path__descendant_of_any=paths)
