"""A problem put before a higher level, by a person, by an event or by the clock, and its answer.

Each problem asks one level at a time for one answer: what is open already is found, not asked
again. The problem stays where it is, so those who reported it see every question and answer.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import District, Facility, User
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from facilities.text.privacy import without_personal_numbers
from facilities.text.rules import fit_field
from reports.deadlines.days import next_working_day
from reports.models import Escalation, Problem, ProblemStep
from reports.models.escalation import EscalationReason
from reports.permissions import check_can_answer_escalation, has_role_at, has_role_over
from reports.problems.messages import tell_answered, tell_escalated
from reports.states import PROBLEM_TRANSITIONS, check_transition

ANSWER_WORKING_DAYS = 2
# Emergencies have 24 hours (domain guide, section 9).
ANSWER_EVENT = dt.timedelta(hours=24)
SHORTEST_ANSWER = 5


def levels_above(facility: Facility) -> list[Facility]:
    """Who may be asked about a problem here: the Puskesmas of a Pustu, then Dinkes."""
    rows = Facility.objects.filter(
        path__ancestor_of=facility.path, kind__in=[FacilityKind.PUSKESMAS, FacilityKind.DINKES]
    ).exclude(pk=facility.pk)
    return sorted(rows, key=lambda row: -len(str(row.path).split(".")))


def answer_due(district: District, reason: str, at: dt.datetime) -> dt.datetime:
    """When an answer is due: 24 hours for an event, else two working days at the district's hour.

    ``at``: the moment of the question, aware.
    """
    if reason == EscalationReason.EVENT:
        return at + ANSWER_EVENT
    day = at.astimezone(district.zone).date()
    for _day in range(ANSWER_WORKING_DAYS):
        day = next_working_day(day + dt.timedelta(days=1), district)
    return dt.datetime.combine(day, district.answered_by_at, district.zone)


@transaction.atomic
def escalate(
    *,
    problem: Problem,
    to_facility: Facility,
    reason: str,
    comment: str = "",
    by: User | None = None,
    now: dt.datetime | None = None,
) -> Escalation:
    """Ask a level for an answer and move the problem to «dieskalasi».

    Idempotent: while the level has not answered, a second call returns the open question.
    ``by`` None: the clock. IllegalTransition for a problem that is closed.
    """
    row = _locked(problem)
    if (already := _open(row, to_facility)) is not None:
        return already
    before = row.status
    row.status = check_transition(PROBLEM_TRANSITIONS, "escalate", row)
    row.version += 1
    row.save(update_fields=["status", "version"])
    asked = _ask(row, to_facility, reason, comment, by, now or timezone.now())
    _step(row, "escalate", before, by, comment or f"{asked.get_reason_display()}")
    problem.status, problem.version = row.status, row.version
    return asked


@transaction.atomic
def ask_level_above(
    *, problem: Problem, by: User, comment: str = "", now: dt.datetime | None = None
) -> Escalation | None:
    """The open question behind a problem that was just moved to «dieskalasi» by a person.

    A Pustu head asks the Puskesmas; whoever leads the Puskesmas asks Dinkes. None where nobody
    stands above.
    """
    row = _locked(problem)
    levels = levels_above(row.facility)
    asks_dinkes = has_role_over(by, {Role.PUSKESMAS_HEAD, Role.CLUSTER_OFFICER}, row.facility.path)
    if asks_dinkes or has_role_over(by, {Role.DINKES}, row.facility.path):
        levels = levels[-1:]
    if not levels:
        return None
    if (already := _open(row, levels[0])) is not None:
        return already
    return _ask(row, levels[0], EscalationReason.ASKED, comment, by, now or timezone.now())


@transaction.atomic
def escalate_event(
    *, problem: Problem, by: User | None = None, now: dt.datetime | None = None
) -> list[Escalation]:
    """Death, outbreak and violence go up at once: to the head of the Puskesmas and to Dinkes, but
    never back to whoever reported them. Nothing for any other problem."""
    if not is_event(problem):
        return []
    facility = problem.facility
    levels = levels_above(facility)
    if facility.kind == FacilityKind.PUSKESMAS:
        levels = [facility, *levels]
    if by is not None:
        answering: set[str] = {Role.PUSKESMAS_HEAD, Role.DINKES}
        levels = [level for level in levels if not has_role_at(by, answering, level.path)]
    what = problem.get_event_display() or problem.get_category_display()
    return [
        escalate(
            problem=problem, to_facility=level, reason=EscalationReason.EVENT, comment=what,
            by=by, now=now,
        )
        for level in levels
    ]  # fmt: skip


def is_event(problem: Problem) -> bool:
    """What never waits for the weekly meeting; the category «KLB» says so as well."""
    return bool(problem.event) or problem.category == "outbreak"


@transaction.atomic
def answer_escalation(
    *, escalation: Escalation, by: User, answer: str, now: dt.datetime | None = None
) -> Escalation:
    """The level's answer. The same answer sent twice is one; a second one is refused."""
    row = (
        Escalation.objects.select_for_update(of=("self",))
        .select_related(
            "to_facility", "raised_by", "problem__facility__district", "problem__reported_by"
        )
        .get(pk=escalation.pk)
    )
    check_can_answer_escalation(by, row)
    answer = fit_field("answer", answer, has_lines=True)
    if row.answered_at is not None:
        if row.answered_by_id == by.pk and row.answer == answer:
            return row
        raise IllegalTransition(_("This has been answered already."))
    if len(answer) < SHORTEST_ANSWER:
        raise InvalidInput({"answer": _("Write what is decided, so that they can act on it.")})
    row.answer, row.answered_by, row.answered_at = answer, by, now or timezone.now()
    row.save()
    _step(row.problem, "answer", row.problem.status, by, answer)
    tell_answered(row)
    return row


def _locked(problem: Problem) -> Problem:
    return (
        Problem.objects.select_for_update(of=("self",))
        .select_related("facility__district")
        .get(pk=problem.pk)
    )


def _open(problem: Problem, level: Facility) -> Escalation | None:
    return problem.escalations.filter(to_facility=level, answered_at=None).first()


def _ask(
    problem: Problem,
    level: Facility,
    reason: str,
    comment: str,
    by: User | None,
    now: dt.datetime,
) -> Escalation:
    asked = Escalation.objects.create(
        problem=problem,
        to_facility=level,
        reason=reason,
        comment=comment,
        raised_by=by,
        raised_at=now,
        answer_due_at=answer_due(problem.facility.district, reason, now),
    )
    tell_escalated(asked)
    return asked


def _step(problem: Problem, action: str, before: str, by: User | None, comment: str) -> None:
    ProblemStep.objects.create(
        problem=problem,
        action=action,
        from_status=before,
        to_status=problem.status,
        by=by,
        comment=without_personal_numbers(comment)[:500],
    )
