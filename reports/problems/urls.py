"""Problems, their steps, follow-ups, letters and files; escalations and suggestions."""

from __future__ import annotations

from django.urls import path

from reports.problems.views import (
    board,
    edit,
    escalations,
    files,
    follow_ups,
    raising,
    steps,
    suggestions,
)

_ONE = "problems/<int:pk>/"
_FILE = f"{_ONE}files/<uuid:public_id>/"
_FOLLOW_UP = "follow-ups/<int:pk>/"

urlpatterns = [
    path("problems/", board.problem_board, name="problem-list"),
    path("problems/new/", raising.problem_raise, name="problem-raise"),
    path(_ONE, board.problem_detail, name="problem-detail"),
    path(f"{_ONE}edit/", edit.problem_edit, name="problem-edit"),
    path(f"{_ONE}decide/", steps.problem_decide, name="problem-decide"),
    path(f"{_ONE}step/", steps.problem_step, name="problem-step"),
    path(f"{_ONE}follow-ups/", follow_ups.follow_up_plan, name="follow-up-plan"),
    path(f"{_ONE}files/", files.attachment_add, name="attachment-add"),
    path(_FILE, files.attachment_download, name="attachment-download"),
    path(f"{_FILE}preview/", files.attachment_preview, name="attachment-preview"),
    path(f"{_FOLLOW_UP}done/", follow_ups.follow_up_finish, name="follow-up-finish"),
    path(f"{_FOLLOW_UP}letter/", follow_ups.letter_record, name="letter-record"),
    path(f"{_FOLLOW_UP}letter.pdf", follow_ups.letter_print, name="letter-print"),
    path(f"{_FOLLOW_UP}answer/", follow_ups.answer_record, name="answer-record"),
    path("asked/", escalations.asked_list, name="asked-list"),
    path("escalations/<int:pk>/answer/", escalations.escalation_answer, name="escalation-answer"),
    path("suggestions/<int:pk>/accept/", suggestions.suggestion_accept, name="suggestion-accept"),
    path(
        "suggestions/<int:pk>/dismiss/", suggestions.suggestion_dismiss, name="suggestion-dismiss"
    ),
]
