"""Conclusion and attendance, and what the level above does with a sent review."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.lookup import UserRequest, review_or_404, stored_review_or_404
from reports.models import WeeklyReview
from reports.permissions import (
    check_can_decide_review,
    check_can_edit_review,
    check_can_reopen_review,
)
from reports.review.actions.meeting import save_meeting
from reports.review.actions.steps import (
    approve_review,
    reopen_review,
    return_review,
)
from reports.review.forms.meeting import ReasonForm, ReopenForm, StepForm
from reports.review.queries.open_points import meeting_point
from reports.review.queries.sheet import attendance_of, review_sheet
from reports.review.queries.suggested_conclusion import suggested_conclusion
from reports.review.views.addresses import review_kwargs, review_url
from reports.review.views.meeting_conflict import meeting_conflict
from reports.review.views.meeting_page import open_links
from reports.review.views.page import meeting_form, page_context
from reports.review.views.save import stored


def _meeting_data(request: UserRequest, review: WeeklyReview, part: str) -> QueryDict:
    """What was posted; asked for, with a conclusion from what the meeting recorded so far."""
    if part != "conclusion" or "suggested" not in request.POST:
        return request.POST
    data = request.POST.copy()
    data["conclusion"] = suggested_conclusion(review, review_sheet(review))
    return data


@require_POST
def review_meeting(request: UserRequest, week: str, code: str) -> HttpResponse:
    """Save conclusion and attendance."""
    review = review_or_404(request.user, week, code)
    check_can_edit_review(request.user, review)
    if not review.is_editable:
        raise PermissionDenied(
            _("This review has been sent; its figures can no longer be changed.")
        )
    review = stored(review, request)
    part = request.POST.get("part", "")
    section = "hadir" if part == "head" else "conclusion"
    if request.POST.get("choice") == "theirs":  # what the other wrote stays; the form shows it
        if not request.htmx:
            return redirect(f"{review_url(review)}#{section}")
        context = page_context(request, review) | {"oob": section == "hadir"}
        template = "review_meet" if section == "hadir" else "review_conclusion"
        return render(request, f"reports/review/{template}.html", context)
    data = _meeting_data(request, review, part)
    form = meeting_form(review, data, part=part)
    status = 422
    if form.is_valid():
        values = dict(form.cleaned_data)
        # Of a part without boxes nothing is known about who was there.
        present = set(values.pop("present", [])) if form.part != "conclusion" else None
        try:
            review = save_meeting(
                review=review,
                by=request.user,
                expected_version=values.pop("version"),
                present_ids=present,
                **values,
            )
            status = 200
        except StaleVersion as error:
            status = 409
            form.conflict = meeting_conflict(form, error.current, data)
        except InvalidInput as error:
            for name, message in error.errors.items():
                form.add_error(name if name in form.fields else None, message)
    if status == 200 and not request.htmx:
        messages.success(request, _("Conclusion saved.") if part != "head" else _("Meeting saved."))
        return redirect(f"{review_url(review)}#{section}")
    if request.htmx:
        point = meeting_point(review, attendance_of(review))
        context = {
            "review": review,
            "meeting": form,
            "part": form.part,
            "is_saved": status == 200,
            "now": timezone.now(),
            "kwargs": review_kwargs(review),
            "open_meeting": open_links([point], decides_here=False) if point else [],
            "oob": True,
        }
        return render(request, "reports/review/review_meeting_saved.html", context, status=status)
    context = page_context(request, review, meeting=form)
    return render(request, "reports/review/review_detail.html", context, status=status)


@require_POST
def review_approve(request: UserRequest, week: str, code: str) -> HttpResponse:
    review = stored_review_or_404(request.user, week, code)
    check_can_decide_review(request.user, review)
    form = StepForm(request.POST)
    return _decide(request, review, approve_review, form, _("Approved."), "approve")


@require_POST
def review_return(request: UserRequest, week: str, code: str) -> HttpResponse:
    review = stored_review_or_404(request.user, week, code)
    check_can_decide_review(request.user, review)
    done = _("Returned. %(name)s can change it and send it again.") % {"name": review.facility.name}
    form = ReasonForm(request.POST)
    return _decide(request, review, return_review, form, done, "return")


@require_POST
def review_reopen(request: UserRequest, week: str, code: str) -> HttpResponse:
    review = stored_review_or_404(request.user, week, code)
    check_can_reopen_review(request.user, review)
    done = _("Reopened. A new revision begins; the earlier one stays readable.")
    form = ReopenForm(request.POST, request=request)
    return _decide(request, review, reopen_review, form, done, "reopen")


def _decide(
    request: UserRequest,
    review: WeeklyReview,
    action: Callable[..., WeeklyReview],
    form: StepForm,
    done: str,
    name: str,
) -> HttpResponse:
    """Form → one action → the review page, which says what happened."""
    status = 422
    if form.is_valid():
        values: dict[str, Any] = dict(form.cleaned_data)
        try:
            action(
                review=review,
                by=request.user,
                expected_version=values.pop("version"),
                **values,
            )
        except (StaleVersion, IllegalTransition) as error:
            review = stored_review_or_404(request.user, str(review.week), review.facility.code)
            form.add_error(None, str(error))
            status = 409
        except InvalidInput as error:
            for field, message in error.errors.items():
                form.add_error(field if field in form.fields else None, message)
        else:
            messages.success(request, done)
            return redirect(review_url(review))
    context = page_context(request, review, step_form=form, step_name=name)
    return render(request, "reports/review/review_detail.html", context, status=status)
