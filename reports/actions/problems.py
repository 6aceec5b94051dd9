"""Problems: reported, decided on in the meeting, followed up. Every step leaves a row."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Cluster, Indicator
from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Area, Facility, User
from lifecycle.models import LifecycleGroup
from reports.models import FollowUp, Problem, ProblemStep
from reports.models.problem import (
    OwnerKind,
    Priority,
    ProblemCategory,
    ProblemEvent,
    ProblemOrigin,
)
from reports.permissions import check_can_follow_up_problem, check_can_raise_problem
from reports.states import PROBLEM_TRANSITIONS, check_transition

DECISIONS = {"done", "continue", "escalate"}


def _week_errors(facility: Facility, week: Week) -> dict[str, str]:
    if week.start > timezone.localdate(timezone=facility.district.zone):
        return {"week": _("This week has not begun yet.")}
    return {}


def _unknown_codes(week: Week, cluster: str, group: str, indicator: str) -> dict[str, str]:
    """A code that no catalogue knows would never be found again by any filter."""
    errors = {}
    if cluster and not Cluster.objects.filter(code=cluster).exists():
        errors["cluster_code"] = _("There is no “%(code)s”.") % {"code": cluster}
    if group and not LifecycleGroup.objects.filter(code=group).exists():
        errors["group_code"] = _("There is no “%(code)s”.") % {"code": group}
    if indicator and not Indicator.objects.in_week(week).filter(code=indicator).exists():
        errors["indicator_code"] = _("There is no “%(code)s”.") % {"code": indicator}
    return errors


def _basic_errors(
    facility: Facility, week: Week, title: str, owner_name: str, due_on: dt.date | None
) -> dict[str, str]:
    errors = _week_errors(facility, week)
    if not title.strip():
        errors["title"] = _("Say what the problem is.")
    if not owner_name.strip():
        errors["owner_name"] = _("Name the person or office in charge.")
    if due_on is None:
        errors["due_on"] = _("Give a due date.")
    elif due_on < timezone.localdate(timezone=facility.district.zone):
        errors["due_on"] = _("The due date has passed already.")
    if not Facility.objects.open_on(week.end).filter(pk=facility.pk).exists():
        errors["week"] = _("This facility was not open in that week.")
    return errors


def _unknown_choices(**given: tuple[str, list[str]]) -> dict[str, str]:
    return {
        name: _("There is no “%(code)s”.") % {"code": value}
        for name, (value, known) in given.items()
        if value and value not in known
    }


def _reported_before(client_key: UUID | None, by: User) -> Problem | None:
    """The problem this key made, if any; a key of somebody else's is no key of ours."""
    if client_key is None:
        return None
    first = Problem.objects.filter(client_key=client_key).first()
    if first is not None and first.reported_by_id != by.pk:
        raise InvalidInput({"client_key": _("Send this form once more from the beginning.")})
    return first


@transaction.atomic
def raise_problem(
    *,
    facility: Facility,
    week: Week,
    by: User,
    title: str,
    owner_name: str,
    due_on: dt.date | None,
    action: str = "",
    description: str = "",
    village: Area | None = None,
    cluster_code: str = "",
    group_code: str = "",
    indicator_code: str = "",
    people_count: int | None = None,
    cause: str = "",
    category: str = "other",
    priority: str = "medium",
    urgency: int | None = None,
    seriousness: int | None = None,
    growth: int | None = None,
    client_key: UUID | None = None,
    event: str = "",
    owner_kind: str = OwnerKind.HEALTH,
    origin: str = ProblemOrigin.PERSON,
) -> Problem:
    """Report a problem with its first follow-up: one problem, one owner, one due date.

    ``client_key`` is made by whoever sends it: called again with the same one (a lost answer, two
    requests at once) it returns the first problem and changes nothing.
    """
    check_can_raise_problem(by, facility)
    if first := _reported_before(client_key, by):
        return first
    errors = _basic_errors(facility, week, title, owner_name, due_on)
    if people_count is not None and people_count < 0:
        errors["people_count"] = _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {
            "value": people_count
        }
    errors |= _unknown_codes(week, cluster_code, group_code, indicator_code)
    errors |= _unknown_choices(
        event=(event, ProblemEvent.values),
        owner_kind=(owner_kind, OwnerKind.values),
        category=(category, ProblemCategory.values),
        priority=(priority, Priority.values),
    )
    if errors or due_on is None:
        raise InvalidInput(errors)
    problem = Problem(
        facility=facility,
        week=week,
        title=title.strip(),
        description=description,
        village=village,
        cluster_code=cluster_code,
        group_code=group_code,
        indicator_code=indicator_code,
        people_count=people_count,
        cause=cause,
        category=category,
        priority=priority,
        urgency=urgency,
        seriousness=seriousness,
        growth=growth,
        status="planned" if action.strip() else "reported",
        reported_by=by,
        client_key=client_key,
        event=event,
        origin=origin,
        is_demo=facility.district.is_demo,
    )
    try:
        with transaction.atomic():
            problem.save()
    except IntegrityError:
        # The other request with this key was faster; it has committed by now.
        if first := _reported_before(client_key, by):
            return first
        raise
    FollowUp.objects.create(
        problem=problem,
        action=action.strip(),
        owner_name=owner_name.strip(),
        owner_kind=owner_kind,
        due_on=due_on,
        created_by=by,
    )
    ProblemStep.objects.create(
        problem=problem, action="report", to_status=problem.status, week=week, by=by
    )
    return problem


def _row(problem: Problem) -> Problem:
    return (
        Problem.objects.select_for_update(of=("self",))
        .select_related("facility__district")
        .get(pk=problem.pk)
    )


def _check_version(row: Problem, expected_version: int) -> None:
    if row.version != expected_version:
        raise StaleVersion(_("Someone else changed this problem in the meantime."), current=row)


def _locked(problem: Problem, expected_version: int) -> Problem:
    row = _row(problem)
    _check_version(row, expected_version)
    return row


def _is_decided_already(
    row: Problem, decision: str, week: Week, by: User, expected_version: int
) -> bool:
    """Whether this very decision is the last step: its answer was lost, it is sent again."""
    last = row.steps.last()
    return (
        row.version == expected_version + 1
        and last is not None
        and (last.action, last.week, last.by_id) == (decision, week, by.pk)
    )


def _move(problem: Problem, action: str, by: User, week: Week | None, comment: str) -> None:
    before = problem.status
    problem.status = check_transition(PROBLEM_TRANSITIONS, action, problem)
    problem.version += 1
    problem.save()
    ProblemStep.objects.create(
        problem=problem,
        action=action,
        from_status=before,
        to_status=problem.status,
        week=week,
        by=by,
        comment=comment,
    )


@transaction.atomic
def decide_problem(
    *,
    problem: Problem,
    week: Week,
    decision: str,
    by: User,
    expected_version: int,
    comment: str = "",
) -> Problem:
    """The meeting's answer to an open problem: done, goes on, or up to the next level. The same
    decision sent again by the same person (a lost answer) changes nothing."""
    check_can_follow_up_problem(by, problem)
    if decision not in DECISIONS:
        raise InvalidInput({"decision": _("Choose one of the answers.")})
    if errors := _week_errors(problem.facility, week):
        raise InvalidInput(errors)
    problem = _row(problem)
    if _is_decided_already(problem, decision, week, by, expected_version):
        return problem
    _check_version(problem, expected_version)
    if decision == "done":
        problem.closed_at = timezone.now()
        today = timezone.localdate(timezone=problem.facility.district.zone)
        for step in problem.follow_ups.filter(done_on=None):
            step.done_on, step.evidence = today, comment[:500]
            step.save()
    _move(problem, decision, by, week, comment)
    return problem


@transaction.atomic
def plan_follow_up(
    *,
    problem: Problem,
    by: User,
    expected_version: int,
    action: str,
    owner_name: str,
    due_on: dt.date | None,
    escalated_to: str = "",
) -> FollowUp:
    """Add a follow-up (RTL): what, who, until when."""
    check_can_follow_up_problem(by, problem)
    problem = _locked(problem, expected_version)
    errors = {}
    if not action.strip():
        errors["action"] = _("Say what will be done.")
    if not owner_name.strip():
        errors["owner_name"] = _("Name the person or office in charge.")
    if due_on is None:
        errors["due_on"] = _("Give a due date.")
    elif due_on < timezone.localdate(timezone=problem.facility.district.zone):
        errors["due_on"] = _("The due date has passed already.")
    if errors or due_on is None:
        raise InvalidInput(errors)
    step = FollowUp.objects.create(
        problem=problem,
        action=action.strip(),
        owner_name=owner_name.strip(),
        due_on=due_on,
        escalated_to=escalated_to.strip(),
    )
    _move(problem, "escalate" if escalated_to.strip() else "plan", by, None, action.strip()[:500])
    return step
