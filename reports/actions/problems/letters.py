"""Letters to somebody outside health, and what they answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models import User
from reports.actions.problems.common import check_version, is_repeated, locked, move, today_at
from reports.actions.problems.files import keep_files
from reports.attachments import CheckedFile
from reports.models import FollowUp
from reports.models.attachment import AttachmentPurpose
from reports.permissions import check_can_follow_up_problem
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
    if is_repeated(problem, "letter", by, expected_version, letter_number.strip()):
        return row
    check_version(problem, expected_version)
    check_transition(PROBLEM_TRANSITIONS, "letter", problem)
    errors = {}
    if not letter_number.strip():
        errors["letter_number"] = _("Give the number of the letter.")
    if letter_on is None:
        errors["letter_on"] = _("Give the date of the letter.")
    if errors:
        raise InvalidInput(errors)
    row.letter_number, row.letter_on = letter_number.strip()[:100], letter_on
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
    if is_repeated(problem, "answer", by, expected_version) and row.answer == answer.strip():
        return row
    check_version(problem, expected_version)
    check_transition(PROBLEM_TRANSITIONS, "answer", problem)
    today = today_at(problem.facility)
    errors = {}
    if not answer.strip():
        errors["answer"] = _("Write what they answered.")
    if answered_on is not None and answered_on > today:
        errors["answered_on"] = _("This day has not come yet.")
    if errors:
        raise InvalidInput(errors)
    keep_files(problem, attachments, by, AttachmentPurpose.ANSWER, row)
    row.answer, row.answered_on = answer.strip()[:2000], answered_on or today
    row.save()
    move(problem, "answer", by, comment=f"{row.owner_name}: {row.answer}")
    return row
