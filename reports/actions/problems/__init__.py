"""Problems: reported, decided on, followed up, closed. Every step leaves a row of the timeline.

One function an intention; each is one transaction, checks who may and whether the status allows
it (reports/states.py), and refuses a version that is not the current one.
"""

from __future__ import annotations

from reports.actions.problems.details import edit_problem
from reports.actions.problems.files import attach_files
from reports.actions.problems.follow_ups import finish_follow_up, plan_follow_up
from reports.actions.problems.letters import record_answer, record_letter
from reports.actions.problems.raising import raise_problem
from reports.actions.problems.steps import (
    accept_problem,
    decide_problem,
    finish_problem,
    reject_problem,
    reopen_problem,
    start_problem,
    verify_problem,
)

__all__ = [
    "accept_problem",
    "attach_files",
    "decide_problem",
    "edit_problem",
    "finish_follow_up",
    "finish_problem",
    "plan_follow_up",
    "raise_problem",
    "record_answer",
    "record_letter",
    "reject_problem",
    "reopen_problem",
    "start_problem",
    "verify_problem",
]
