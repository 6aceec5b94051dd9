"""Reporting a problem: on a page of its own, or inside the review."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters.weeks import Week
from facilities.errors import InvalidInput
from facilities.models import Facility
from reports.lookup import UserRequest, facility_or_404, local_today, next_page, week_or_404
from reports.models import Problem
from reports.permissions import check_can_raise_problem
from reports.problems.actions import raise_problem
from reports.problems.drafts import Desk
from reports.problems.forms.raising import RaiseProblemForm
from reports.problems.queries.rows import problem_rows
from reports.problems.views.shared import own_facility, problem_url


@require_http_methods(["GET", "POST"])
def problem_raise(request: UserRequest) -> HttpResponse:
    """``facility`` and ``week`` name where and when; default is the user's own, this week."""
    given = request.POST if request.method == "POST" else request.GET
    facility = _facility(request.user, given.get("facility", ""))
    check_can_raise_problem(request.user, facility)
    today = local_today(facility)
    week = week_or_404(given.get("week") or str(Week.of(today)))
    desk = Desk(request.user, f"raise {facility.code} {week}")
    if request.method != "POST":
        wanted = {"indicator_code": given.get("indicator", ""), "due_on": None}
        form = RaiseProblemForm(
            facility=facility, week=week, today=today, initial=wanted, desk=desk
        )
        form.offer_files()
        return _page(request, facility, week, form)
    form = RaiseProblemForm(
        request.POST, request.FILES, facility=facility, week=week, today=today, desk=desk
    )
    problem = _save(request, facility, week, form)
    if problem is None:
        form.keep_files()
    status = 200 if problem else 422
    if request.htmx:
        return _section(request, facility, week, None if problem else form, problem, status)
    if problem is None:
        return _page(request, facility, week, form, status)
    messages.success(request, _("Problem reported: %(title)s") % {"title": problem.title})
    return redirect(next_page(request, problem_url(problem)))


def _facility(user: Any, code: str) -> Facility:
    if code:
        return facility_or_404(user, code)
    own = own_facility(user)
    return facility_or_404(user, own.code if own is not None else "")


def _save(
    request: UserRequest, facility: Facility, week: Week, form: RaiseProblemForm
) -> Problem | None:
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            problem = raise_problem(
                facility=facility, week=week, by=request.user, **form.cleaned_data
            )
            form.files_are_sent()
        return problem
    except InvalidInput as error:
        for name, message in error.errors.items():
            is_shown = name in form.fields and not form[name].is_hidden
            form.add_error(name if is_shown else None, message)
        return None


def _page(
    request: UserRequest, facility: Facility, week: Week, form: RaiseProblemForm, status: int = 200
) -> HttpResponse:
    context = {"facility": facility, "week": week, "form": form, "is_page": True}
    return render(request, "reports/problems/problem_raise.html", context, status=status)


def _section(
    request: UserRequest,
    facility: Facility,
    week: Week,
    form: RaiseProblemForm | None,
    problem: Problem | None,
    status: int,
) -> HttpResponse:
    """The section of the review page: the week's new problems and a fresh or refused form."""
    today = local_today(facility)
    here = Problem.objects.visible_to(request.user).filter(
        facility__path__descendant_of=facility.path, week=week
    )
    context = {
        "facility": facility,
        "week": week,
        "problem_form": form or RaiseProblemForm(facility=facility, week=week, today=today),
        "new_problems": problem_rows(here, week, today),
        "raised": problem,
        "can_raise": True,
    }
    return render(request, "reports/review/review_problems.html", context, status=status)
