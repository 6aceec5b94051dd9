"""Steps of a problem: the meeting's decision, and those of the board and the detail page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from clusters.weeks import Week
from facilities.errors import ActionRefused, IllegalTransition, InvalidInput, StaleVersion
from reports.lookup import UserRequest, local_today, next_page, week_or_404
from reports.models import Problem
from reports.permissions import check_can_follow_up_problem
from reports.problems.actions import (
    accept_problem,
    decide_problem,
    finish_problem,
    reject_problem,
    reopen_problem,
    start_problem,
    verify_problem,
)
from reports.problems.forms.steps import DecideForm, StepForm
from reports.problems.queries.steps import BY_ACTION
from reports.problems.views.shared import desk, detail_page, problem_or_404, problem_url


@require_POST
def problem_decide(request: UserRequest, pk: int) -> HttpResponse:
    """The meeting's answer to an open problem. htmx gets the new state by id, the radio
    buttons stay as they are."""
    problem = problem_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, problem)
    form = DecideForm(request.POST)
    today = local_today(problem.facility)
    week = week_or_404(request.POST.get("week") or str(Week.of(today)))
    status, error_text = 422, ""
    if form.is_valid():
        try:
            problem = decide_problem(
                problem=problem,
                week=week,
                decision=form.cleaned_data["decision"],
                by=request.user,
                expected_version=form.cleaned_data["version"],
                comment=form.cleaned_data["comment"],
            )
            status = 200
        except (StaleVersion, IllegalTransition) as error:
            status, error_text = 409, str(error)
            problem = problem_or_404(request.user, pk)
        except InvalidInput as error:
            error_text = str(error)
    else:
        error_text = " ".join(str(text) for texts in form.errors.values() for text in texts)
    if request.htmx:
        context = {
            "problem": problem,
            "decision": form.data.get("decision", "") if status == 200 else "",
            "error": error_text,
            "now": timezone.now(),
            "is_saved": status == 200,
        }
        return render(request, "reports/problems/problem_decided.html", context, status=status)
    if status != 200:
        return detail_page(request, problem, status, error=error_text, **_typed(form))
    messages.success(request, _("Decision recorded: %(title)s") % {"title": problem.title})
    return redirect(next_page(request, problem_url(problem)))


def _typed(refused: DecideForm) -> dict[str, Any]:
    """A refused decision as the same step of the problem's own page, with the words typed."""
    step, note = refused.data.get("decision", ""), refused.data.get("comment", "")
    if step not in BY_ACTION:
        return {}
    data = {"action": step, "note": note, "version": refused.data.get("version", "")}
    return {"step_form": StepForm(data, auto_id="step-%s"), "open_step": step}


@require_POST
def problem_step(request: UserRequest, pk: int) -> HttpResponse:
    """One step of the transition table (``action``), from the detail page or from «move to» of a
    card; ``note`` holds evidence, reason or remark."""
    problem = problem_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, problem)
    form = StepForm(request.POST, request.FILES, auto_id="step-%s", desk=desk(request, "step", pk))
    action = request.POST.get("action", "")
    if action not in BY_ACTION:
        return detail_page(request, problem, 422, error=_("Choose one of the steps."))
    refused = {"step_form": form, "open_step": action}
    if not form.is_valid():
        return detail_page(request, problem, 422, **refused)
    try:
        _take(problem, request, form)
    except InvalidInput as error:
        for name, message in error.errors.items():
            form.add_error(name if name == "attachments" else "note", message)
        return detail_page(request, problem, 422, **refused)
    except ActionRefused as error:
        now = problem_or_404(request.user, pk)
        return detail_page(request, now, 409, error=str(error), **refused)
    messages.success(request, _("Recorded: %(title)s") % {"title": problem.title})
    return redirect(next_page(request, problem_url(problem)))


def _take(problem: Problem, request: UserRequest, form: StepForm) -> None:
    values = form.cleaned_data
    given: dict[str, Any] = {
        "problem": problem,
        "by": request.user,
        "expected_version": values["version"],
    }
    note = values["note"]
    steps: dict[str, Callable[[], Problem]] = {
        "accept": lambda: accept_problem(comment=note, **given),
        "start": lambda: start_problem(comment=note, **given),
        "done": lambda: finish_problem(evidence=note, attachments=values["attachments"], **given),
        "escalate": lambda: decide_problem(
            decision="escalate", week=Week.of(local_today(problem.facility)), comment=note, **given
        ),
        "verify": lambda: verify_problem(comment=note, **given),
        "reject": lambda: reject_problem(reason=note, **given),
        "reopen": lambda: reopen_problem(reason=note, **given),
    }
    steps[values["action"]]()
