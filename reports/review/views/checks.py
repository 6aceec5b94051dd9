"""«Benar, simpan» for a figure that was asked about, and «nihil» for the empty event rows."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.figures.queries.facility_lines import facility_lines, indicators_for
from reports.figures.queries.nihil import empty_events
from reports.figures.wording import is_english
from reports.lookup import UserRequest, review_or_404, stored_review_or_404
from reports.models import WeeklyReview
from reports.permissions import check_can_edit_review
from reports.review.actions.nihil import record_nihil
from reports.review.actions.plausibility import confirm_figure
from reports.review.forms.meeting import StepForm
from reports.review.views.addresses import review_kwargs, review_url
from reports.review.views.counts import piece_context
from reports.review.views.save import stored


def check_can_enter(request: UserRequest, review: WeeklyReview) -> None:
    """PermissionDenied for who may not fill in, and for everybody once it was sent."""
    check_can_edit_review(request.user, review)
    if not review.is_editable:
        raise PermissionDenied(
            _("This review has been sent; its figures can no longer be changed.")
        )


@require_POST
def review_confirm(request: UserRequest, week: str, code: str, indicator: str) -> HttpResponse:
    """The figure is right all the same. 409: another number stands there by now; it is asked
    about anew, if there is something to ask."""
    review = stored_review_or_404(request.user, week, code)
    check_can_enter(request, review)
    if indicator not in {row.code for row in indicators_for(review.facility.kind, review.week)}:
        raise Http404(_("There is no indicator “%(code)s” in this review.") % {"code": indicator})
    form = StepForm(request.POST)
    status, refusal = 200, ""
    try:
        confirm_figure(
            review=review,
            indicator_code=indicator,
            rules=set(request.POST.getlist("rule")),
            by=request.user,
            expected_version=form.cleaned_data["version"] if form.is_valid() else -1,
        )
    except StaleVersion as error:
        status, refusal = 409, str(error)
    except IllegalTransition as error:
        raise PermissionDenied(str(error)) from error
    if not request.htmx:
        if status == 409:
            messages.warning(request, refusal)
        return redirect(f"{review_url(review)}#r-{indicator}")
    context = piece_context(request, review, indicator) | {
        "is_saved": status == 200,
        "is_stale": status == 409,
    }
    return render(request, "reports/review/review_confirmed.html", context, status=status)


@require_http_methods(["GET", "POST"])
def review_nihil(request: UserRequest, week: str, code: str) -> HttpResponse:
    """Which event rows would get a 0, each with a box to leave it out; POST enters them."""
    review = review_or_404(request.user, week, code)
    check_can_enter(request, review)
    error = ""
    if request.method == "POST":
        review = stored(review, request)
        try:
            filled = record_nihil(
                review=review, codes=set(request.POST.getlist("codes")), by=request.user
            )
        except InvalidInput as refused:
            error = str(refused)
        except IllegalTransition as refused:
            raise PermissionDenied(str(refused)) from refused
        else:
            text = ngettext(
                "0 entered in %(count)s event indicator. If there was one after all, "
                "just type the number there.",
                "0 entered in %(count)s event indicators. If there was one after all, "
                "just type the number there.",
                len(filled),
            )
            messages.success(request, text % {"count": len(filled)})
            return redirect(f"{review_url(review)}#achievements")
    lines = facility_lines([review.facility], review.week)[review.facility.pk]
    english = is_english()
    context = {
        "review": review,
        "facility": review.facility,
        "week": review.week,
        "kwargs": review_kwargs(review),
        "rows": [
            (ref.code, ref.name_en if english else ref.name_id, ref.needs_denominator)
            for ref in (line.indicator for line in empty_events(lines))
        ],
        "error": error,
    }
    return render(
        request, "reports/review/review_nihil.html", context, status=422 if error else 200
    )
