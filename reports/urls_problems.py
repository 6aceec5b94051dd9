"""Problems, their steps, follow-ups, letters and files."""

from __future__ import annotations

from django.urls import path

from reports.views import (
    follow_ups,
    problem_edit,
    problem_files,
    problem_raise,
    problem_steps,
    problems,
)

_ONE = "problems/<int:pk>/"
_FILE = f"{_ONE}files/<uuid:public_id>/"

urlpatterns = [
    path("problems/", problems.problem_board, name="problem-list"),
    path("problems/new/", problem_raise.problem_raise, name="problem-raise"),
    path(_ONE, problems.problem_detail, name="problem-detail"),
    path(f"{_ONE}edit/", problem_edit.problem_edit, name="problem-edit"),
    path(f"{_ONE}decide/", problem_steps.problem_decide, name="problem-decide"),
    path(f"{_ONE}step/", problem_steps.problem_step, name="problem-step"),
    path(f"{_ONE}follow-ups/", follow_ups.follow_up_plan, name="follow-up-plan"),
    path(f"{_ONE}files/", problem_files.attachment_add, name="attachment-add"),
    path(_FILE, problem_files.attachment_download, name="attachment-download"),
    path(f"{_FILE}preview/", problem_files.attachment_preview, name="attachment-preview"),
    path("follow-ups/<int:pk>/done/", follow_ups.follow_up_finish, name="follow-up-finish"),
    path("follow-ups/<int:pk>/letter/", follow_ups.letter_record, name="letter-record"),
    path("follow-ups/<int:pk>/letter.pdf", follow_ups.letter_print, name="letter-print"),
    path("follow-ups/<int:pk>/answer/", follow_ups.answer_record, name="answer-record"),
]
