"""Changing what is known about a problem; the timeline says which fields."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models import Area, User
from reports.models import Problem
from reports.permissions import check_can_follow_up_problem
from reports.problems.actions.checks import check_details, village_errors
from reports.problems.actions.common import check_version, locked, move
from reports.problems.actions.escalations import escalate_event
from reports.states import PROBLEM_TRANSITIONS, check_transition

FIELDS = (
    "title", "description", "village", "cluster_code", "group_code", "indicator_code",
    "people_count", "category", "cause", "priority", "urgency", "seriousness", "growth", "event",
)  # fmt: skip


@transaction.atomic
def edit_problem(*, problem: Problem, by: User, expected_version: int, **values: Any) -> Problem:
    """Change some of FIELDS; the others stay. StaleVersion carries the row as it stands, so that
    the page can show both values. Nothing changed: nothing is written."""
    check_can_follow_up_problem(by, problem)
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"no fields of a problem: {sorted(unknown)}")
    row = locked(problem)
    changed = [name for name in FIELDS if name in values and getattr(row, name) != values[name]]
    if not changed:
        return row
    check_transition(PROBLEM_TRANSITIONS, "edit", row)
    check_version(row, expected_version)
    for name in changed:
        setattr(row, name, values[name])
    errors = _errors(row, changed)
    if errors:
        raise InvalidInput(errors)
    move(row, "edit", by, comment=",".join(changed))
    if "event" in changed:
        escalate_event(problem=row, by=by)
    return row


def _errors(row: Problem, changed: list[str]) -> dict[str, str]:
    """Only what was changed is judged: a code that ended since need not stop an edit."""
    errors = check_details(
        row.week,
        **{
            name: getattr(row, name)
            for name in changed
            if name not in {"title", "description", "village", "cause"}
        },
    )
    if "title" in changed and not row.title.strip():
        errors["title"] = _("Say what the problem is.")
    if "village" in changed and isinstance(row.village, Area):
        errors |= village_errors(row.facility, row.village)
    return errors
