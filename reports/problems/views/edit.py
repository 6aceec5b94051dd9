"""Changing what is known about a problem; on a conflict both values stand side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.lookup import UserRequest, local_today
from reports.models import Problem, ProblemStep
from reports.permissions import check_can_follow_up_problem
from reports.problems.actions import edit_problem
from reports.problems.forms.raising import EditProblemForm
from reports.problems.views.shared import detail_page, problem_or_404, problem_url


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that somebody else saved otherwise in the meantime."""

    id: str
    label: str
    theirs: str
    mine: str


@require_http_methods(["GET", "POST"])
def problem_edit(request: UserRequest, pk: int) -> HttpResponse:
    problem = problem_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, problem)
    today = local_today(problem.facility)
    if request.method != "POST":
        return _page(request, problem, EditProblemForm(problem=problem, today=today))
    form = EditProblemForm(request.POST, problem=problem, today=today)
    if not form.is_valid():
        return _page(request, problem, form, 422)
    values = dict(form.cleaned_data)
    try:
        edit_problem(
            problem=problem,
            by=request.user,
            expected_version=values.pop("version"),
            **values,
        )
    except InvalidInput as error:
        for name, message in error.errors.items():
            form.add_error(name if name in form.fields else None, message)
        return _page(request, problem, form, 422)
    except IllegalTransition as error:
        return detail_page(request, problem, 409, error=str(error))
    except StaleVersion as error:
        return _conflict(request, error.current, form, values)
    messages.success(request, _("Details saved."))
    return redirect(problem_url(problem))


def _conflict(
    request: UserRequest, now: Problem, form: EditProblemForm, values: dict[str, Any]
) -> HttpResponse:
    """409: what the other one saved beside what was typed; saving again takes the typed. What
    this person left as it was follows the other one."""
    seen = _as_seen(now, form.cleaned_data["version"])
    touched = {
        name: value
        for name, value in values.items()
        if seen is None or getattr(seen, name) != value
    }
    differences = [
        Difference(
            id=form[name].id_for_label,
            label=str(form[name].label),
            theirs=form.shown(name, getattr(now, name)),
            mine=form.shown(name, value),
        )
        for name, value in touched.items()
        if getattr(now, name) != value
    ]
    last: ProblemStep | None = now.steps.select_related("by").last()
    untouched = {name: _posted(getattr(now, name)) for name in values if name not in touched}
    form.data = {**request.POST.dict(), **untouched, "version": now.version}
    return _page(request, now, form, 409, differences=differences, last=last, is_stale=True)


def _as_seen(problem: Problem, version: int) -> Any:
    """The row as it stood at a version, from its history; None where that does not know it."""
    history: Any = problem.events  # type: ignore[attr-defined] # made by pghistory
    return history.filter(version=version).order_by("-pgh_id").first()


def _posted(value: Any) -> str:
    """A value as a browser would send it."""
    return "" if value is None else str(getattr(value, "pk", value))


def _page(
    request: UserRequest, problem: Problem, form: EditProblemForm, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"problem": problem, "facility": problem.facility, "form": form, **more}
    return render(request, "reports/problems/problem_edit.html", context, status=status)
