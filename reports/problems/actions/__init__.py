"""Problems: reported, decided on, followed up, closed. Every step leaves a row of the timeline.

One function an intention; each is one transaction, checks who may and whether the status allows
it (reports/states.py), and refuses a version that is not the current one.
"""

from __future__ import annotations

from reports.problems.actions.details import edit_problem
from reports.problems.actions.files import attach_files
from reports.problems.actions.follow_ups import finish_follow_up, plan_follow_up
from reports.problems.actions.letters import record_answer, record_letter
from reports.problems.actions.raising import raise_problem
from reports.problems.actions.steps import (
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
