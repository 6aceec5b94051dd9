"""Answering what was escalated, and the list of what was asked of others."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from facilities.errors import IllegalTransition, InvalidInput
from reports.lookup import UserRequest, next_page
from reports.models import Escalation, Problem
from reports.pages import page_of_list
from reports.permissions import check_can_answer_escalation
from reports.problems.actions.escalations import answer_escalation
from reports.problems.forms.answers import AnswerForm
from reports.problems.queries import asked, escalations

PAGE = 50


@require_POST
def escalation_answer(request: UserRequest, pk: int) -> HttpResponse:
    """Record the answer of the level that was asked."""
    row = (
        Escalation.objects.filter(problem__in=Problem.objects.visible_to(request.user))
        .select_related("problem__facility__district", "to_facility")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404(_("There is no such escalation, or it is outside your area."))
    check_can_answer_escalation(request.user, row)
    back = f"{reverse('reports:problem-detail', args=[row.problem_id])}#escalations"
    form, status = AnswerForm(request.POST), 422
    if form.is_valid():
        try:
            answer_escalation(escalation=row, by=request.user, answer=form.cleaned_data["answer"])
        except InvalidInput as error:
            form.add_error("answer", error.errors["answer"])
        except IllegalTransition as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("Answered. Those who reported it see your answer."))
            return redirect(next_page(request, back))
    item = escalations.escalation_row(row, timezone.now())
    context = {"row": item, "form": form, "facility": row.problem.facility, "back": back}
    return render(request, "reports/problems/escalation_answer.html", context, status=status)


@require_GET
def asked_list(request: UserRequest) -> HttpResponse:
    """«Yang saya minta dari pihak lain»: escalations and follow-ups that others have to do."""
    now = timezone.now()
    shows_all = request.GET.get("show") == "all"
    waiting = escalations.rows_of(escalations.to_answer(request.user), now)
    rows = asked.asked_rows(request.user, now, with_done=shows_all)
    page = page_of_list(request, rows, asked.row_key, PAGE)
    context: dict[str, Any] = {
        "to_answer": waiting,
        "page": page,
        "total": len(rows),
        "shows_all": shows_all,
        "overdue": sum(row.is_overdue for row in rows),
        "base": "show=all&" if shows_all else "",
    }
    return render(request, "reports/problems/asked_list.html", context)
