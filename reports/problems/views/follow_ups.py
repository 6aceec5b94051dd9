"""Follow-ups of a problem: planned, finished, asked for by letter, answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from facilities.errors import ActionRefused, InvalidInput
from reports.lookup import UserRequest, local_today
from reports.models import FollowUp, Problem
from reports.models.problem import OwnerKind
from reports.permissions import check_can_follow_up_problem
from reports.problems.actions import finish_follow_up, plan_follow_up, record_answer, record_letter
from reports.problems.forms.steps import (
    AnswerForm,
    EvidenceForm,
    FollowUpForm,
    LetterForm,
    VersionedForm,
)
from reports.problems.letter import letter_pdf
from reports.problems.queries.letters import letter
from reports.problems.views.shared import (
    desk,
    detail_page,
    follow_up_or_404,
    problem_or_404,
    problem_url,
)


@require_POST
def follow_up_plan(request: UserRequest, pk: int) -> HttpResponse:
    problem = problem_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, problem)
    form = FollowUpForm(
        request.POST,
        today=local_today(problem.facility),
        priority=problem.priority,
        auto_id="plan-%s",
    )
    return _save(
        request, problem, form, _("Follow-up planned."),
        lambda values: plan_follow_up(problem=problem, by=request.user, **values),
        name="plan_form",
    )  # fmt: skip


@require_POST
def follow_up_finish(request: UserRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = EvidenceForm(
        request.POST, request.FILES, auto_id=f"finish-{pk}-%s", desk=desk(request, "finish", pk)
    )

    def finish(values: dict[str, Any]) -> FollowUp:
        return finish_follow_up(follow_up=row, by=request.user, **values)

    return _save(request, row.problem, form, _("Follow-up recorded as done."), finish)


@require_POST
def letter_record(request: UserRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = LetterForm(request.POST, auto_id=f"letter-{pk}-%s")
    return _save(
        request, row.problem, form, _("Letter recorded. It can be printed now."),
        lambda values: record_letter(follow_up=row, by=request.user, **values),
    )  # fmt: skip


@require_POST
def answer_record(request: UserRequest, pk: int) -> HttpResponse:
    row = _found(request, pk)
    form = AnswerForm(
        request.POST, request.FILES, auto_id=f"answer-{pk}-%s", desk=desk(request, "answer", pk)
    )

    def record(values: dict[str, Any]) -> FollowUp:
        return record_answer(follow_up=row, by=request.user, **values)

    return _save(request, row.problem, form, _("Answer recorded."), record)


@require_GET
def letter_print(request: UserRequest, pk: int) -> HttpResponse:
    """The letter as a PDF, with the number and date recorded so far or dots to fill in by hand."""
    row = _found(request, pk)
    if row.owner_kind == OwnerKind.HEALTH:
        raise Http404(_("A letter is only for somebody outside health."))
    content = letter_pdf(letter(row, local_today(row.problem.facility)))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="surat-{row.problem_id}-{row.pk}.pdf"'
    return response


def _found(request: UserRequest, pk: int) -> FollowUp:
    row = follow_up_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, row.problem)
    return row


def _save(
    request: UserRequest,
    problem: Problem,
    form: VersionedForm,
    said: str,
    save: Callable[[dict[str, Any]], object],
    name: str = "refused",
) -> HttpResponse:
    """Form → action → the page again; what was refused stands in its form, which is open."""
    refused = {name: form}
    if not form.is_valid():
        return detail_page(request, problem, 422, **refused)
    values = dict(form.cleaned_data)
    values["expected_version"] = values.pop("version")
    try:
        save(values)
    except InvalidInput as error:
        for field, message in error.errors.items():
            form.add_error(field if field in form.fields else None, message)
        return detail_page(request, problem, 422, **refused)
    except ActionRefused as error:
        now = problem_or_404(request.user, problem.pk)
        return detail_page(request, now, 409, error=str(error), **refused)
    messages.success(request, said)
    return redirect(problem_url(problem))
