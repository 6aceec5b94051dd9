"""«Yang saya minta dari pihak lain»: what others owe to the facilities a person leads."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from facilities.models import User
from facilities.models.user import Role
from reports.models import Escalation, FollowUp
from reports.models.problem import OwnerKind
from reports.problems.queries import escalations
from reports.states import CLOSED, days_overdue

OVER_ALL = {str(Role.DINKES), str(Role.ADMIN)}


@dataclass(frozen=True, slots=True)
class AskedRow:
    """One thing asked of somebody else: an escalation or a follow-up."""

    kind: str  # escalation, follow_up
    pk: int
    problem_id: int
    problem_title: str
    facility: str
    of: str  # who has to do it
    what: str
    due_on: dt.date
    is_overdue: bool
    days_overdue: int
    is_done: bool
    answer: str
    answered_by: str
    answered_on: dt.date | None
    letter: str  # number of the letter that was sent


def asked_rows(user: User, now: dt.datetime, *, with_done: bool = False) -> list[AskedRow]:
    """What is waiting, the most overdue first, then (``with_done``) what is done. Two queries."""
    rows = [*_escalations(user, now), *_follow_ups(user, now)]
    if not with_done:
        rows = [row for row in rows if not row.is_done]
    return sorted(rows, key=row_key)


def row_key(row: AskedRow) -> tuple[str, ...]:
    """The order of the rows, and each row's own place in it."""
    done = "1" if row.is_done else "0"
    return done, str(row.due_on), f"{row.problem_id:012}", row.kind, f"{row.pk:012}"


def _escalations(user: User, now: dt.datetime) -> list[AskedRow]:
    found = escalations.asked_of_others(user).select_related(
        "problem__facility__district", "to_facility", "answered_by"
    )
    return [
        AskedRow(
            kind="escalation",
            pk=row.pk,
            problem_id=row.problem_id,
            problem_title=row.problem.title,
            facility=row.problem.facility.name,
            of=row.to_facility.name,
            what=row.comment or row.get_reason_display(),
            due_on=row.answer_due_at.astimezone(row.problem.facility.district.zone).date(),
            is_overdue=not _is_over(row) and row.answer_due_at < now,
            days_overdue=0 if _is_over(row) else max(0, (now - row.answer_due_at).days),
            is_done=_is_over(row),
            answer=row.answer,
            answered_by=str(row.answered_by or ""),
            answered_on=row.answered_at.astimezone(row.problem.facility.district.zone).date()
            if row.answered_at
            else None,
            letter="",
        )
        for row in found
    ]


def _is_over(row: Escalation) -> bool:
    """Answered, or solved without an answer."""
    return row.answered_at is not None or row.problem.status in CLOSED


def _follow_ups(user: User, now: dt.datetime) -> list[AskedRow]:
    result = []
    for row in elsewhere(user).select_related("problem__facility__district"):
        today = now.astimezone(row.problem.facility.district.zone).date()
        is_done = row.done_on is not None
        late = days_overdue(row.problem.status, row.due_on, row.done_on, today)
        result.append(
            AskedRow(
                kind="follow_up",
                pk=row.pk,
                problem_id=row.problem_id,
                problem_title=row.problem.title,
                facility=row.problem.facility.name,
                of=row.escalated_to or row.owner_name,
                what=row.action,
                due_on=row.due_on,
                is_overdue=late > 0,
                days_overdue=late,
                is_done=is_done,
                answer=row.answer or row.evidence,
                answered_by="",
                answered_on=row.answered_on or row.done_on,
                letter=row.letter_number,
            )
        )
    return result


def elsewhere(user: User) -> QuerySet[FollowUp]:
    """Follow-ups of the person's problems whose owner is an office outside health, another
    level, or somebody posted elsewhere. Dinkes sees those it asked for itself."""
    outside = ~Q(owner_kind=OwnerKind.HEALTH) | ~Q(escalated_to="")
    if any(role in OVER_ALL for role, _path in user.current_postings):
        own = Q(created_by=user) | Q(problem__facility__in=escalations.led_by(user, strictly=True))
        led = escalations.led_by(user, strictly=True)
    else:
        led = escalations.led_by(user)
        own = Q(problem__facility__in=led)
    other = Q(owner__isnull=False) & ~Q(owner__postings__facility__in=led)
    return (
        FollowUp.objects.filter(own & (outside | other))
        .exclude(problem__status="rejected")
        .distinct()
    )
