"""Which steps of the transition table a person may take with a problem now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from facilities.models import User
from reports.models import Problem
from reports.permissions import (
    can_accept_problem,
    can_follow_up_problem,
    can_reject_problem,
    can_reopen_problem,
    can_verify_problem,
)
from reports.states import PROBLEM_TRANSITIONS, can_transition


@dataclass(frozen=True, slots=True)
class Step:
    """A step as a button: ``asks`` is the label of its text field, ``needs_text`` whether it may
    stay empty, ``takes_files`` whether evidence may be a file."""

    action: str
    label: Any
    asks: Any
    needs_text: bool
    takes_files: bool
    can: Callable[[User, Problem], bool]


# In the order of a problem's life.
STEPS: Final = (
    Step("accept", _("Accept"), _("Remark"), False, False, can_accept_problem),
    Step("start", _("Begin work"), _("Remark"), False, False, can_follow_up_problem),
    Step(
        "done", _("Done"), _("What shows that it is done?"), True, True, can_follow_up_problem
    ),
    Step(
        "escalate", _("Escalate to Dinkes"), _("What is asked"), False, False,
        can_follow_up_problem,
    ),
    Step("verify", _("Verify"), _("Remark"), False, False, can_verify_problem),
    Step("reject", _("Reject"), _("Reason"), True, False, can_reject_problem),
    Step("reopen", _("Open again"), _("Reason"), True, False, can_reopen_problem),
)  # fmt: skip
BY_ACTION: Final = {step.action: step for step in STEPS}


def possible_steps(user: User, problem: Problem) -> list[Step]:
    """The buttons this person gets; an escalated problem is not escalated once more by hand."""
    return [
        step
        for step in STEPS
        if can_transition(PROBLEM_TRANSITIONS, step.action, problem)
        and not (step.action == problem.status == "escalated" or _is_same(step, problem))
        and step.can(user, problem)
    ]


def _is_same(step: Step, problem: Problem) -> bool:
    return PROBLEM_TRANSITIONS[step.action][1] == problem.status
