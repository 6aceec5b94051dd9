"""Taking over or dismissing what the figures suggest."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.errors import IllegalTransition, InvalidInput
from reports.lookup import UserRequest, local_today, next_page
from reports.models import ProblemSuggestion
from reports.permissions import check_can_raise_problem
from reports.problems.actions.suggestions import accept_suggestion, dismiss_suggestion
from reports.problems.forms.answers import AcceptForm, DismissForm
from reports.problems.queries.suggestions import SuggestionCard, one_card


def _found(request: UserRequest, pk: int) -> tuple[ProblemSuggestion, SuggestionCard]:
    row = (
        ProblemSuggestion.objects.visible_to(request.user)
        .select_related("facility__district")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        raise Http404(_("There is no such suggestion, or it is outside your area."))
    check_can_raise_problem(request.user, row.facility)
    return row, one_card(row)


@require_POST
def suggestion_accept(request: UserRequest, pk: int) -> HttpResponse:
    """One tap: a problem with the numbers of the suggestion."""
    row, card = _found(request, pk)
    form = AcceptForm(request.POST, today=local_today(row.facility))
    status = 422
    if form.is_valid():
        try:
            row = accept_suggestion(
                suggestion=row, by=request.user, priority=card.priority, **form.cleaned_data
            )
        except InvalidInput as error:
            for name, message in error.errors.items():
                form.add_error(name if name in form.fields else None, message)
        except IllegalTransition as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("Reported as a problem."))
            return redirect(
                next_page(request, reverse("reports:problem-detail", args=[row.problem_id]))
            )
    return _page(request, row, card, status, accept=form)


@require_POST
def suggestion_dismiss(request: UserRequest, pk: int) -> HttpResponse:
    """Not a problem, with a reason."""
    row, card = _found(request, pk)
    form = DismissForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            dismiss_suggestion(suggestion=row, by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            form.add_error("reason", error.errors["reason"])
        except IllegalTransition as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("Suggestion dismissed."))
            return redirect(next_page(request, _home(row)))
    return _page(request, row, card, status, dismiss=form)


def _home(row: ProblemSuggestion) -> str:
    return reverse("reports:facility-detail", args=[row.facility.code])


def _page(
    request: UserRequest,
    row: ProblemSuggestion,
    card: SuggestionCard,
    status: int,
    **forms: AcceptForm | DismissForm,
) -> HttpResponse:
    context = {"row": row, "card": card, "facility": row.facility, "next": _home(row), **forms}
    return render(request, "reports/problems/suggestion_page.html", context, status=status)
