"""Attendance and decisions of a meeting while its review is written: plain forms, which htmx
only spares the page load."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.lookup import UserRequest, review_or_404
from reports.models import WeeklyReview
from reports.permissions import check_can_edit_review
from reports.review.actions.minutes import (
    add_meeting_decision,
    add_person,
    change_meeting_decision,
    remove_person,
    withdraw_meeting_decision,
)
from reports.review.forms.minutes import ChangeDecisionForm, DecisionForm, PersonForm
from reports.review.views.addresses import review_kwargs, review_url
from reports.review.views.page import page_context
from reports.review.views.save import stored


def _review(request: UserRequest, week: str, code: str) -> WeeklyReview:
    review = review_or_404(request.user, week, code)
    check_can_edit_review(request.user, review)
    return review


def _run(
    request: UserRequest,
    review: WeeklyReview,
    form: forms.Form,
    part: str,
    action: Callable[[WeeklyReview, dict[str, Any]], object],
) -> HttpResponse:
    """Form → one action → the minutes as they are now, with what was refused in ``part``."""
    status, error = 422, ""
    if form.is_valid():
        try:
            review = stored(review, request)
            action(review, form.cleaned_data)
            status = 200
        except InvalidInput as refused:
            error = str(refused)
        except (StaleVersion, IllegalTransition) as refused:
            status, error = 409, str(refused)
    else:
        error = " ".join(str(text) for texts in form.errors.values() for text in texts)
    if status == 200 and not request.htmx:
        return redirect(f"{review_url(review)}#minutes")
    refused_part = {"part": part, "error": error, "data": form.data} if error else None
    if request.htmx:
        context = {
            "review": review,
            "kwargs": review_kwargs(review),
            "refused_minutes": refused_part,
            "is_answer": True,
            "part": part,
        }
        return render(request, "reports/review/review_minutes.html", context, status=status)
    if status == 409:
        messages.error(request, error)
        return redirect(f"{review_url(review)}#minutes")
    context = page_context(request, review, refused_minutes=refused_part)
    return render(request, "reports/review/review_detail.html", context, status=status)


@require_POST
def person_add(request: UserRequest, week: str, code: str) -> HttpResponse:
    review = _review(request, week, code)

    def add(row: WeeklyReview, values: dict[str, Any]) -> object:
        return add_person(review=row, by=request.user, **values)

    return _run(request, review, PersonForm(request.POST), "person", add)


@require_POST
def person_remove(request: UserRequest, week: str, code: str, pk: int) -> HttpResponse:
    review = _review(request, week, code)

    def remove(row: WeeklyReview, _values: dict[str, Any]) -> object:
        return remove_person(review=row, by=request.user, person_id=pk)

    return _run(request, review, forms.Form(request.POST), "person", remove)


@require_POST
def decision_add(request: UserRequest, week: str, code: str) -> HttpResponse:
    review = _review(request, week, code)

    def add(row: WeeklyReview, values: dict[str, Any]) -> object:
        return add_meeting_decision(review=row, by=request.user, **values)

    return _run(request, review, DecisionForm(request.POST), "decision", add)


@require_POST
def decision_change(request: UserRequest, week: str, code: str, number: int) -> HttpResponse:
    review = _review(request, week, code)
    form = ChangeDecisionForm(request.POST)

    def change(row: WeeklyReview, values: dict[str, Any]) -> object:
        common: dict[str, Any] = {
            "review": row, "by": request.user, "number": number, "expected_at": values["seen"]
        }  # fmt: skip
        if values["step"] == "save":
            return change_meeting_decision(**common, text=values["text"])
        return withdraw_meeting_decision(**common, is_withdrawn=values["step"] == "withdraw")

    if "seen" in form.errors or "step" in form.errors:
        form.errors.clear()
        form.add_error(None, _("Reload the page and try again."))
    return _run(request, review, form, f"decision-{number}", change)
