"""Reporting a problem."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clusters.weeks import Week
from facilities.errors import InvalidInput
from facilities.models import Area, Facility, User
from reports.models import FollowUp, Problem, ProblemStep
from reports.models.attachment import AttachmentPurpose
from reports.models.problem import OwnerKind, ProblemOrigin
from reports.permissions import check_can_raise_problem
from reports.problems.actions.checks import check_details
from reports.problems.actions.common import check_owner_and_date, check_week
from reports.problems.actions.escalations import escalate_event
from reports.problems.actions.files import keep_files
from reports.problems.attachments import CheckedFile
from reports.problems.priorities import suggest_priority


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
    priority: str = "",
    urgency: int | None = None,
    seriousness: int | None = None,
    growth: int | None = None,
    client_key: UUID | None = None,
    event: str = "",
    owner_kind: str = OwnerKind.HEALTH,
    origin: str = ProblemOrigin.PERSON,
    attachments: Sequence[CheckedFile] = (),
) -> Problem:
    """Report a problem with its first follow-up: one problem, one owner, one due date.

    ``client_key`` is made by whoever sends it: called again with the same one (a lost answer, two
    requests at once) it returns the first problem and changes nothing. Without ``priority`` the
    event and the USG scores say it (reports/priorities.py).
    """
    check_can_raise_problem(by, facility)
    if first := _reported_before(client_key, by):
        return first
    known = {
        "cluster_code": cluster_code,
        "group_code": group_code,
        "indicator_code": indicator_code,
        "people_count": people_count,
        "category": category,
        "priority": priority or suggest_priority(event, urgency, seriousness, growth),
        "urgency": urgency,
        "seriousness": seriousness,
        "growth": growth,
        "event": event,
    }
    errors = _place_errors(facility, week) | check_owner_and_date(facility, owner_name, due_on)
    if not title.strip():
        errors["title"] = _("Say what the problem is.")
    errors |= check_details(week, owner_kind=owner_kind, **known)
    if errors or due_on is None:
        raise InvalidInput(errors)
    problem = Problem(
        facility=facility,
        week=week,
        title=title,
        description=description,
        village=village,
        cause=cause,
        status="planned" if action.strip() else "reported",
        reported_by=by,
        client_key=client_key,
        origin=origin,
        is_demo=facility.district.is_demo,
        **known,
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
        action=action,
        owner_name=owner_name,
        owner_kind=owner_kind,
        due_on=due_on,
        created_by=by,
    )
    ProblemStep.objects.create(
        problem=problem, action="report", to_status=problem.status, week=week, by=by
    )
    keep_files(problem, attachments, by, AttachmentPurpose.REPORT)
    escalate_event(problem=problem, by=by)
    return problem


def _place_errors(facility: Facility, week: Week) -> dict[str, str]:
    if errors := check_week(facility, week):
        return errors
    if not Facility.objects.open_between(week.start, week.end).filter(pk=facility.pk).exists():
        return {"week": _("This facility was not open in that week.")}
    return {}


def _reported_before(client_key: UUID | None, by: User) -> Problem | None:
    """The problem this key made, if any; a key of somebody else's is no key of ours."""
    if client_key is None:
        return None
    first = Problem.objects.filter(client_key=client_key).first()
    if first is not None and first.reported_by_id != by.pk:
        raise InvalidInput({"client_key": _("Send this form once more from the beginning.")})
    return first
