"""Replacing the sum of one row by another figure, and taking that back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.figures.queries.facility_lines import facility_lines, indicators_for
from reports.figures.queries.replaced_sums import sum_of_reports
from reports.lookup import UserRequest, review_or_404
from reports.models import WeeklyReview
from reports.permissions import check_can_replace_sum
from reports.review.actions.sums import check_replaceable, replace_sum, withdraw_sum
from reports.review.forms.sums import ReplaceSumForm
from reports.review.views.addresses import review_kwargs, review_url
from reports.review.views.save import stored
from reports.shapes import Line


@require_http_methods(["GET", "POST"])
def review_sum(request: UserRequest, week: str, code: str, indicator: str) -> HttpResponse:
    """The sum and what is used instead; POST saves, with ``withdraw`` takes it back.

    409: somebody else changed it meanwhile; both figures are shown and nothing was saved.
    """
    review = review_or_404(request.user, week, code)
    check_can_replace_sum(request.user, review)
    if not review.is_editable:
        raise PermissionDenied(
            _("This review has been sent; its figures can no longer be changed.")
        )
    definitions = {row.code: row for row in indicators_for(review.facility.kind, review.week)}
    if indicator not in definitions:
        raise Http404(_("There is no indicator “%(code)s” in this review.") % {"code": indicator})
    try:
        check_replaceable(definitions[indicator])
    except InvalidInput as error:
        return _page(request, review, indicator, refusal=str(error), status=422)
    if request.method != "POST":
        return _page(request, review, indicator)
    return _save(request, stored(review, request), indicator)


def _save(request: UserRequest, review: WeeklyReview, indicator: str) -> HttpResponse:
    needs = _line(review, indicator).indicator.needs_denominator
    form = ReplaceSumForm(request.POST, needs_denominator=needs)
    takes_back = "withdraw" in request.POST
    if takes_back:
        for name in ("numerator", "denominator", "reason"):
            if name in form.fields:
                form.fields[name].required = False
    status = 422
    if form.is_valid():
        values = form.cleaned_data
        try:
            if takes_back:
                withdraw_sum(
                    review=review,
                    indicator_code=indicator,
                    by=request.user,
                    expected_version=values["version"],
                )
                messages.success(request, _("The sum of the reports is used again."))
            else:
                replace_sum(
                    review=review,
                    indicator_code=indicator,
                    numerator=values["numerator"],
                    denominator=values.get("denominator"),
                    reason=values["reason"],
                    by=request.user,
                    expected_version=values["version"],
                )
                messages.success(request, _("Saved: both figures and the reason stay readable."))
            return redirect(f"{review_url(review)}#r-{indicator}")
        except StaleVersion as error:
            status = 409
            form.add_error(None, str(error))
        except IllegalTransition as error:
            raise PermissionDenied(str(error)) from error
        except InvalidInput as error:
            for field, message in error.errors.items():
                form.add_error(field if field in form.fields else None, message)
    return _page(request, review, indicator, form=form, status=status)


def _line(review: WeeklyReview, code: str) -> Line:
    lines = facility_lines([review.facility], review.week)[review.facility.pk]
    return next(line for line in lines if line.indicator.code == code)


def _page(
    request: UserRequest,
    review: WeeklyReview,
    code: str,
    *,
    form: ReplaceSumForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    line = _line(review, code)
    replaced = line.replaced
    now, now_denominator = sum_of_reports(review.facility.pk, code, review.week)
    version = replaced.version if replaced is not None else 0
    if form is None:
        initial: dict[str, Any] = {"version": version}
        if replaced is not None:
            initial |= {
                "numerator": replaced.used,
                "denominator": replaced.used_denominator,
                "reason": replaced.reason,
            }
        form = ReplaceSumForm(initial=initial, needs_denominator=line.indicator.needs_denominator)
    context = {
        "review": review,
        "facility": review.facility,
        "week": review.week,
        "kwargs": review_kwargs(review),
        "indicator": line.indicator,
        "line": line,
        "replaced": replaced,
        "sum": now,
        "sum_denominator": now_denominator,
        # After a conflict the next attempt is made knowing what stands there.
        "version": version,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "reports/review/review_sum.html", context, status=status)
