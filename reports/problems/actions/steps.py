"""The steps of a problem from reported to verified (reports/states.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.weeks import Week
from facilities.errors import InvalidInput
from facilities.models import User
from reports.models import Problem
from reports.models.attachment import AttachmentPurpose
from reports.permissions import (
    check_can_accept_problem,
    check_can_follow_up_problem,
    check_can_reject_problem,
    check_can_reopen_problem,
    check_can_verify_problem,
)
from reports.problems.actions.common import (
    check_evidence,
    check_reason,
    check_text,
    check_version,
    check_week,
    is_repeated,
    locked,
    move,
    today_at,
)
from reports.problems.actions.escalations import ask_level_above
from reports.problems.actions.events import check_event_may_close, check_is_no_record
from reports.problems.actions.files import keep_files
from reports.problems.attachments import CheckedFile
from reports.states import PROBLEM_TRANSITIONS, check_transition

DECISIONS = {"done", "continue", "escalate"}


@transaction.atomic
def decide_problem(
    *,
    problem: Problem,
    week: Week,
    decision: str,
    by: User,
    expected_version: int,
    comment: str = "",
    attachments: Sequence[CheckedFile] = (),
) -> Problem:
    """The meeting's answer to an open problem: ``done`` (``comment`` is the evidence),
    ``continue``, or ``escalate`` to the next level. The same decision sent again by the same
    person (a lost answer) changes nothing."""
    check_can_follow_up_problem(by, problem)
    if decision not in DECISIONS:
        raise InvalidInput({"decision": _("Choose one of the answers.")})
    if errors := check_week(problem.facility, week):
        raise InvalidInput(errors)
    comment = check_text("comment", comment)
    problem = locked(problem)
    if is_repeated(problem, decision, by, expected_version) and _last_week(problem) == week:
        return problem
    check_version(problem, expected_version)
    check_transition(PROBLEM_TRANSITIONS, decision, problem)
    if decision == "done":
        _finish(problem, by, comment, attachments)
    move(problem, decision, by, week=week, comment=comment)
    if decision == "escalate":
        ask_level_above(problem=problem, by=by, comment=comment)
    return problem


def _last_week(problem: Problem) -> Week | None:
    last = problem.steps.last()
    return last.week if last is not None else None


def _finish(problem: Problem, by: User, text: str, files: Sequence[CheckedFile]) -> None:
    """Close with evidence; what was still open among its follow-ups is done with it."""
    check_event_may_close(problem)
    has_file = problem.attachments.filter(purpose=AttachmentPurpose.EVIDENCE).exists()
    evidence = check_evidence(text, files, has_file=has_file)
    keep_files(problem, files, by, AttachmentPurpose.EVIDENCE)
    problem.closed_at, problem.done_by = timezone.now(), by
    problem.closing_evidence = evidence
    for follow_up in problem.follow_ups.filter(done_on=None):
        follow_up.done_on, follow_up.done_by = today_at(problem.facility), by
        follow_up.evidence = evidence
        follow_up.save()


def accept_problem(
    *, problem: Problem, by: User, expected_version: int, comment: str = ""
) -> Problem:
    """The Puskesmas has received it and takes it on."""
    return _step(problem, "accept", check_can_accept_problem, by, expected_version, comment)


def start_problem(
    *, problem: Problem, by: User, expected_version: int, comment: str = ""
) -> Problem:
    """Somebody is at work on it."""
    return _step(problem, "start", check_can_follow_up_problem, by, expected_version, comment)


@transaction.atomic
def finish_problem(
    *,
    problem: Problem,
    by: User,
    expected_version: int,
    evidence: str = "",
    attachments: Sequence[CheckedFile] = (),
) -> Problem:
    """Done, with evidence: words (5 characters or more) or a file. InvalidInput on ``evidence``."""
    check_can_follow_up_problem(by, problem)
    problem = locked(problem)
    if is_repeated(problem, "done", by, expected_version):
        return problem
    check_version(problem, expected_version)
    check_transition(PROBLEM_TRANSITIONS, "done", problem)
    _finish(problem, by, evidence, attachments)
    move(problem, "done", by, comment=problem.closing_evidence)
    return problem


def verify_problem(
    *, problem: Problem, by: User, expected_version: int, comment: str = ""
) -> Problem:
    """Somebody else than the doers has seen that it is done. Whoever finds that it is not,
    opens it again with a reason."""

    def sign(row: Problem) -> None:
        row.verified_by, row.verified_at = by, timezone.now()

    return _step(problem, "verify", check_can_verify_problem, by, expected_version, comment, sign)


def reject_problem(*, problem: Problem, by: User, expected_version: int, reason: str) -> Problem:
    """Not taken on, with a reason: no problem, known already, or not one of this office."""

    def close(row: Problem) -> None:
        check_is_no_record(row)
        row.closed_at = timezone.now()

    reason = check_reason(reason)
    return _step(problem, "reject", check_can_reject_problem, by, expected_version, reason, close)


def reopen_problem(*, problem: Problem, by: User, expected_version: int, reason: str) -> Problem:
    """Not solved after all, with a reason; also the answer of whoever refuses to verify."""

    def reopen(row: Problem) -> None:
        row.closed_at = row.done_by = row.verified_by = row.verified_at = None
        row.closing_evidence = ""

    reason = check_reason(reason)
    return _step(problem, "reopen", check_can_reopen_problem, by, expected_version, reason, reopen)


@transaction.atomic
def _step(
    problem: Problem,
    action: str,
    check: Callable[[User, Problem], None],
    by: User,
    expected_version: int,
    comment: str,
    change: Callable[[Problem], None] | None = None,
) -> Problem:
    # Locked first: who did the work is read from the row that is changed.
    row, comment = locked(problem), check_text("comment", comment)
    if is_repeated(row, action, by, expected_version, comment):
        return row
    check(by, row)
    check_transition(PROBLEM_TRANSITIONS, action, row)
    check_version(row, expected_version)
    if change is not None:
        change(row)
    move(row, action, by, comment=comment)
    return row
