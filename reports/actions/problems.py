"""Problems: reported, decided on in the meeting, followed up. Every step leaves a row."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Cluster, Indicator
from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Area, Facility, User
from lifecycle.models import LifecycleGroup
from reports.models import FollowUp, Problem, ProblemStep
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
) -> Problem:
    """Report a problem with its first follow-up: one problem, one owner, one due date."""
    check_can_raise_problem(by, facility)
    errors = {}
    if not title.strip():
        errors["title"] = _("Say what the problem is.")
    if not owner_name.strip():
        errors["owner_name"] = _("Name the person or office in charge.")
    if due_on is None:
        errors["due_on"] = _("Give a due date.")
    elif due_on < timezone.localdate(timezone=facility.district.zone):
        errors["due_on"] = _("The due date has passed already.")
    errors |= _week_errors(facility, week)
    if not Facility.objects.open_on(week.end).filter(pk=facility.pk).exists():
        errors["week"] = _("This facility was not open in that week.")
    if people_count is not None and people_count < 0:
        errors["people_count"] = _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {
            "value": people_count
        }
    errors |= _unknown_codes(week, cluster_code, group_code, indicator_code)
    if errors or due_on is None:
        raise InvalidInput(errors)
    problem = Problem.objects.create(
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
        is_demo=facility.district.is_demo,
    )
    FollowUp.objects.create(
        problem=problem, action=action.strip(), owner_name=owner_name.strip(), due_on=due_on
    )
    ProblemStep.objects.create(
        problem=problem, action="report", to_status=problem.status, week=week, by=by
    )
    return problem


def _locked(problem: Problem, expected_version: int) -> Problem:
    row = (
        Problem.objects.select_for_update(of=("self",))
        .select_related("facility__district")
        .get(pk=problem.pk)
    )
    if row.version != expected_version:
        raise StaleVersion(_("Someone else changed this problem in the meantime."), current=row)
    return row


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
    """The meeting's answer to an open problem: done, goes on, or up to the next level."""
    check_can_follow_up_problem(by, problem)
    if decision not in DECISIONS:
        raise InvalidInput({"decision": _("Choose one of the answers.")})
    if errors := _week_errors(problem.facility, week):
        raise InvalidInput(errors)
    problem = _locked(problem, expected_version)
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
