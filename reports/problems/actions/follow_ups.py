"""Follow-ups (RTL): planned with one owner and one due date, finished with evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import User
from reports.models import FollowUp, Problem
from reports.models.attachment import AttachmentPurpose
from reports.models.problem import OwnerKind
from reports.permissions import check_can_follow_up_problem
from reports.problems.actions.common import (
    check_evidence,
    check_follow_up,
    check_version,
    is_repeated,
    locked,
    move,
    today_at,
)
from reports.problems.actions.files import keep_files
from reports.problems.attachments import CheckedFile
from reports.states import PROBLEM_TRANSITIONS, can_transition, check_transition


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
    owner_kind: str = OwnerKind.HEALTH,
    client_key: UUID | None = None,
) -> FollowUp:
    """Add a follow-up (RTL): what, who, until when. Sent again with the same ``client_key`` it
    returns the first one. A problem under way or escalated keeps its status."""
    check_can_follow_up_problem(by, problem)
    problem = locked(problem)
    if client_key is not None:
        first = problem.follow_ups.filter(client_key=client_key).first()
        if first is not None:
            return first
    check_version(problem, expected_version)
    errors = check_follow_up(problem.facility, action, owner_name, due_on)
    if owner_kind not in OwnerKind.values:
        errors["owner_kind"] = _("There is no “%(code)s”.") % {"code": owner_kind}
    if errors or due_on is None:
        raise InvalidInput(errors)
    escalated_to = escalated_to.strip()
    step = "escalate" if escalated_to else _plan_or_add(problem)
    check_transition(PROBLEM_TRANSITIONS, step, problem)
    row = FollowUp.objects.create(
        problem=problem,
        action=action,
        owner_name=owner_name,
        owner_kind=owner_kind,
        due_on=due_on,
        escalated_to=escalated_to,
        created_by=by,
        client_key=client_key,
    )
    move(problem, step, by, comment=row.action)
    return row


def _plan_or_add(problem: Problem) -> str:
    return "add" if can_transition(PROBLEM_TRANSITIONS, "add", problem) else "plan"


@transaction.atomic
def finish_follow_up(
    *,
    follow_up: FollowUp,
    by: User,
    expected_version: int,
    evidence: str = "",
    attachments: Sequence[CheckedFile] = (),
    done_on: dt.date | None = None,
) -> FollowUp:
    """One follow-up is done, with evidence in words or as a file; ``expected_version`` is the
    problem's. The problem itself stays open."""
    check_can_follow_up_problem(by, follow_up.problem)
    problem = locked(follow_up.problem)
    row = FollowUp.objects.get(pk=follow_up.pk)
    if row.done_on and is_repeated(problem, "follow_up_done", by, expected_version):
        return row
    check_version(problem, expected_version)
    check_transition(PROBLEM_TRANSITIONS, "follow_up_done", problem)
    if row.done_on:
        raise IllegalTransition(_("This follow-up is done already."))
    today = today_at(problem.facility)
    if done_on is not None and done_on > today:
        raise InvalidInput({"done_on": _("This day has not come yet.")})
    has_file = row.attachments.filter(purpose=AttachmentPurpose.EVIDENCE).exists()
    row.evidence = check_evidence(evidence, attachments, has_file=has_file)
    keep_files(problem, attachments, by, AttachmentPurpose.EVIDENCE, row)
    row.done_on, row.done_by = done_on or today, by
    row.save()
    move(problem, "follow_up_done", by, comment=": ".join(filter(None, [str(row), row.evidence])))
    return row
