"""What every step on a problem shares: the lock, the version, the timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Facility, User
from facilities.text.privacy import without_personal_numbers
from facilities.text.rules import fit_field
from reports.models import Problem, ProblemStep
from reports.states import PROBLEM_TRANSITIONS, check_transition

SHORTEST_TEXT = 5  # characters of a reason or of an evidence in words
LONGEST_TEXT = 500


def today_at(facility: Facility) -> dt.date:
    return timezone.localdate(timezone=facility.district.zone)


def locked(problem: Problem) -> Problem:
    """The row, held until the transaction ends: two steps at once happen one after the other."""
    return (
        Problem.objects.select_for_update(of=("self",))
        .select_related("facility__district")
        .get(pk=problem.pk)
    )


def check_version(row: Problem, expected_version: int) -> None:
    if row.version != expected_version:
        raise StaleVersion(_("Someone else changed this problem in the meantime."), current=row)


def is_repeated(
    row: Problem, action: str, by: User, expected_version: int, comment: str | None = None
) -> bool:
    """Whether this very step is the last one: its answer was lost, it is sent again."""
    last = row.steps.last()
    return (
        row.version == expected_version + 1
        and last is not None
        and (last.action, last.by_id) == (action, by.pk)
        and comment in (None, last.comment)
    )


def move(
    problem: Problem, action: str, by: User, *, week: Week | None = None, comment: str = ""
) -> None:
    """Take one step of the transition table and save; IllegalTransition where it is not there."""
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
        # Of texts that were judged themselves, some before there was this rule.
        comment=without_personal_numbers(comment)[:LONGEST_TEXT],
    )


def check_week(facility: Facility, week: Week) -> dict[str, str]:
    if week.start > today_at(facility):
        return {"week": _("This week has not begun yet.")}
    return {}


def check_reason(reason: str) -> str:
    """The reason as it is stored; InvalidInput when it says nothing or too much."""
    reason = check_text("reason", reason)
    if len(reason) < SHORTEST_TEXT:
        raise InvalidInput({"reason": _("Give a reason, at least 5 characters.")})
    return reason


def check_evidence(text: str, files: Sequence[object] = (), *, has_file: bool = False) -> str:
    """The evidence in words, which a file may replace; InvalidInput when there is neither."""
    text = check_text("evidence", text)
    if len(text) < SHORTEST_TEXT and not files and not has_file:
        raise InvalidInput(
            {"evidence": _("Say what shows that it is done (at least 5 characters) or add a file.")}
        )
    return text


def check_text(field: str, text: str, longest: int = LONGEST_TEXT) -> str:
    """Words as they are stored; InvalidInput on ``field`` when they cannot be."""
    text = fit_field(field, text, has_lines=True)
    if len(text) > longest:
        raise InvalidInput(
            {
                field: _("At most {longest} characters; there are {count}.").format(
                    longest=longest, count=len(text)
                )
            }
        )
    return text


def check_follow_up(
    facility: Facility, action: str, owner_name: str, due_on: dt.date | None
) -> dict[str, str]:
    """One action, one owner, one due date."""
    errors = {}
    if not action.strip():
        errors["action"] = _("Say what will be done.")
    return errors | check_owner_and_date(facility, owner_name, due_on)


def check_owner_and_date(
    facility: Facility, owner_name: str, due_on: dt.date | None
) -> dict[str, str]:
    errors = {}
    if not owner_name.strip():
        errors["owner_name"] = _("Name the person or office in charge.")
    if due_on is None:
        errors["due_on"] = _("Give a due date.")
    elif due_on < today_at(facility):
        errors["due_on"] = _("The due date has passed already.")
    return errors
