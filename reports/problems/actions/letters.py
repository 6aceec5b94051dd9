"""Letters to somebody outside health, and what they answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models import User
from reports.models import FollowUp
from reports.models.attachment import AttachmentPurpose
from reports.permissions import check_can_follow_up_problem
from reports.problems.actions.common import (
    check_text,
    check_version,
    is_repeated,
    locked,
    move,
    today_at,
)
from reports.problems.actions.files import keep_files
from reports.problems.attachments import CheckedFile
from reports.states import PROBLEM_TRANSITIONS, check_transition


@transaction.atomic
def record_letter(
    *,
    follow_up: FollowUp,
    by: User,
    expected_version: int,
    letter_number: str,
    letter_on: dt.date | None,
) -> FollowUp:
    """The number and date under which the request went out; the letter prints them."""
    check_can_follow_up_problem(by, follow_up.problem)
    problem = locked(follow_up.problem)
    row = FollowUp.objects.get(pk=follow_up.pk)
    letter_number = check_text("letter_number", letter_number, 100)
    if is_repeated(problem, "letter", by, expected_version, letter_number):
        return row
    check_version(problem, expected_version)
    check_transition(PROBLEM_TRANSITIONS, "letter", problem)
    errors = {}
    if not letter_number:
        errors["letter_number"] = _("Give the number of the letter.")
    if letter_on is None:
        errors["letter_on"] = _("Give the date of the letter.")
    if errors:
        raise InvalidInput(errors)
    row.letter_number, row.letter_on = letter_number, letter_on
    row.save()
    move(problem, "letter", by, comment=row.letter_number)
    return row


@transaction.atomic
def record_answer(
    *,
    follow_up: FollowUp,
    by: User,
    expected_version: int,
    answer: str,
    answered_on: dt.date | None = None,
    attachments: Sequence[CheckedFile] = (),
) -> FollowUp:
    """What they answered: words, the day (today, if none is given), a scan. A later answer
    takes the place of the first, which stays in the history of the row."""
    check_can_follow_up_problem(by, follow_up.problem)
    problem = locked(follow_up.problem)
    row = FollowUp.objects.get(pk=follow_up.pk)
    answer = check_text("answer", answer, 2000)
    if is_repeated(problem, "answer", by, expected_version) and row.answer == answer:
        return row
    check_version(problem, expected_version)
    check_transition(PROBLEM_TRANSITIONS, "answer", problem)
    today = today_at(problem.facility)
    errors = {}
    if not answer:
        errors["answer"] = _("Write what they answered.")
    if answered_on is not None and answered_on > today:
        errors["answered_on"] = _("This day has not come yet.")
    if errors:
        raise InvalidInput(errors)
    keep_files(problem, attachments, by, AttachmentPurpose.ANSWER, row)
    row.answer, row.answered_on = answer, answered_on or today
    row.save()
    move(problem, "answer", by, comment=f"{row.owner_name}: {row.answer}")
    return row
