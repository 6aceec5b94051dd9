"""Check page, conclusion, and the steps of a review through its states."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.actions.reviews import (
    approve_review,
    reopen_review,
    return_review,
    save_meeting,
    submit_review,
)
from reports.forms.decisions import RowDecisionForm, SubmitForm
from reports.forms.meeting import ReasonForm, ReopenForm, StepForm
from reports.models import WeeklyReview
from reports.permissions import (
    check_can_decide_review,
    check_can_edit_review,
    check_can_reopen_review,
    check_can_submit_review,
)
from reports.queries.review_sheet import live_sheet
from reports.views.decision_items import decisions_context
from reports.views.lookup import UserRequest, review_or_404, stored_review_or_404
from reports.views.meeting_conflict import meeting_conflict
from reports.views.review_page import (
    carried_problems,
    meeting_form,
    page_context,
    review_kwargs,
    review_url,
)
from reports.views.review_rows import doubts, is_english, is_missing
from reports.views.review_save import stored


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
    if request.POST.get("choice") == "theirs":  # what the other wrote stays; the form shows it
        if not request.htmx:
            return redirect(f"{review_url(review)}#conclusion")
        return render(request, "reports/review_conclusion.html", page_context(request, review))
    form = meeting_form(review, request.POST)
    status = 422
    if form.is_valid():
        values = dict(form.cleaned_data)
        try:
            review = save_meeting(
                review=review,
                by=request.user,
                expected_version=values.pop("version"),
                present_ids=set(values.pop("present", [])),
                **values,
            )
            status = 200
        except StaleVersion as error:
            status = 409
            form.conflict = meeting_conflict(form, error.current, request.POST)
        except InvalidInput as error:
            for name, message in error.errors.items():
                form.add_error(name if name in form.fields else None, message)
    if status == 200 and not request.htmx:
        messages.success(request, _("Conclusion saved."))
        return redirect(f"{review_url(review)}#conclusion")
    if request.htmx:
        context = {
            "review": review,
            "meeting": form,
            "is_saved": status == 200,
            "now": timezone.now(),
            "kwargs": review_kwargs(review),
            "oob": True,
        }
        return render(request, "reports/review_meeting_saved.html", context, status=status)
    context = page_context(request, review, meeting=form)
    return render(request, "reports/review_detail.html", context, status=status)


@require_GET
def review_check(request: UserRequest, week: str, code: str) -> HttpResponse:
    """What is missing, and the button that sends."""
    review = review_or_404(request.user, week, code)
    check_can_submit_review(request.user, review)
    if not review.is_editable:
        return redirect(review_url(review))
    return check_page(request, review)


def check_page(
    request: UserRequest,
    review: WeeklyReview,
    error: str = "",
    status: int = 200,
    *,
    refused: Mapping[str, RowDecisionForm] | None = None,
    form: SubmitForm | None = None,
) -> HttpResponse:
    """``refused``: decisions on rows that could not be saved; ``form``: the sending that was."""
    sheet = live_sheet(review)
    english = is_english()
    missing = [
        (line.indicator.code, line.indicator.name_en if english else line.indicator.name_id)
        for line in sheet.lines
        if is_missing(line)
    ]
    carried = carried_problems(request.user, review, sheet)
    context = {
        "review": review,
        "sheet": sheet,
        "facility": review.facility,
        "week": review.week,
        "kwargs": review_kwargs(review),
        "missing": missing,
        "not_filed": [row for row in sheet.filings if not row.is_reported],
        "undecided": [row for row in carried if not row.decision and not row.row.is_closed],
        "is_puskesmas": review.facility.kind == "puskesmas",
        "error": error,
        "submit_form": form or SubmitForm(facility=review.facility),
        **decisions_context(review, sheet, refused),
        "doubts": doubts(review, sheet),
        "replaced": [line for line in sheet.lines if line.replaced is not None],
    }
    return render(request, "reports/review_check.html", context, status=status)


@require_POST
def review_submit(request: UserRequest, week: str, code: str) -> HttpResponse:
    review = review_or_404(request.user, week, code)
    check_can_submit_review(request.user, review)
    review = stored(review, request)
    form = SubmitForm(request.POST, facility=review.facility)
    if not form.is_valid():
        message = _("Please check once more and send again.")
        return check_page(request, review, message, 422, form=form)
    try:
        submit_review(
            review=review,
            by=request.user,
            expected_version=form.cleaned_data["version"],
            undecided_reason=form.given_reason(),
        )
    except StaleVersion as error:
        review.refresh_from_db()
        if not review.is_editable:
            messages.info(request, str(error))
            return redirect(review_url(review))
        return check_page(request, review, str(error), 409, form=form)
    except IllegalTransition as error:
        messages.error(request, str(error))
        return redirect(review_url(review))
    except InvalidInput as error:
        return check_page(request, review, str(error), 422, form=form)
    messages.success(request, _("Sent. The figures are frozen now and the PDFs are being made."))
    return redirect(review_url(review))


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
    return render(request, "reports/review_detail.html", context, status=status)
