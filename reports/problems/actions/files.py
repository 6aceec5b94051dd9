"""Files of a problem: kept on disk first, then named in the database."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput
from facilities.models import User
from reports.models import Attachment, FollowUp, Problem
from reports.models.attachment import AttachmentPurpose
from reports.permissions import check_can_follow_up_problem
from reports.problems.actions.common import locked, move
from reports.problems.attachments import CheckedFile, store_attachment
from reports.states import PROBLEM_TRANSITIONS, check_transition

MOST_FILES = 20  # of one problem with all its follow-ups


@transaction.atomic
def attach_files(
    *,
    problem: Problem,
    by: User,
    files: Sequence[CheckedFile],
    purpose: str = AttachmentPurpose.REPORT,
    follow_up: FollowUp | None = None,
) -> list[Attachment]:
    """Add photos or documents. The same file sent again is there once and leaves no new step."""
    check_can_follow_up_problem(by, problem)
    row = locked(problem)
    check_transition(PROBLEM_TRANSITIONS, "attach", row)
    if not files:
        raise InvalidInput({"attachments": _("Choose a file.")})
    before = row.attachments.count()
    kept = keep_files(row, files, by, purpose, follow_up)
    if row.attachments.count() > before:
        move(row, "attach", by, comment=", ".join(file.file_name for file in kept))
    return kept


def keep_files(
    problem: Problem,
    files: Sequence[CheckedFile],
    by: User,
    purpose: str,
    follow_up: FollowUp | None = None,
) -> list[Attachment]:
    """Store the files of a problem that is already locked; InvalidInput when there are too many.
    Should the transaction fail, bytes without a row stay on disk: harmless, and found again."""
    if files and problem.attachments.count() + len(files) > MOST_FILES:
        raise InvalidInput(
            {"attachments": _("A problem can have at most %(n)s files.") % {"n": MOST_FILES}}
        )
    return [_keep(problem, file, by, purpose, follow_up) for file in files]


def _keep(
    problem: Problem, file: CheckedFile, by: User, purpose: str, follow_up: FollowUp | None
) -> Attachment:
    row, _is_new = Attachment.objects.get_or_create(
        problem=problem,
        follow_up=follow_up,
        purpose=purpose,
        sha256=store_attachment(file.content),
        defaults={
            "file_name": file.name,
            "media_type": file.media_type,
            "size": len(file.content),
            "uploaded_by": by,
        },
    )
    return row
