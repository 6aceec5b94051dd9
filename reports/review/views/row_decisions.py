"""Saving decisions on a review's red rows, from the check page or a page of their own."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from reports.figures.queries.facility_lines import facility_lines
from reports.lookup import UserRequest, review_or_404
from reports.models import WeeklyReview
from reports.permissions import can_submit_review, check_can_edit_review
from reports.review.actions.row_decisions import decide_row
from reports.review.forms.decisions import RowDecisionForm, SubmitForm
from reports.review.queries.sheet import live_sheet
from reports.review.views.addresses import review_kwargs, review_url
from reports.review.views.decision_items import decisions_context, posted_forms
from reports.review.views.save import stored
from reports.review.views.sending import check_page


@require_http_methods(["GET", "HEAD", "POST"])
def review_decisions(request: UserRequest, week: str, code: str) -> HttpResponse:
    """GET: the red rows and their decisions. POST: save one (``only``) or all that were chosen;
    each row is saved or refused for itself, and what was typed in a refused one stays."""
    review = review_or_404(request.user, week, code)
    check_can_edit_review(request.user, review)
    if not review.is_editable:
        if request.method == "POST":
            raise PermissionDenied(
                _("This review has been sent; its figures can no longer be changed.")
            )
        return redirect(review_url(review))
    if request.method != "POST":
        return decisions_page(request, review)
    review = stored(review, request)
    saved, refused, status = _save(request, review)
    if saved and not refused:
        messages.success(request, _("Decision saved.") if saved == 1 else _("Decisions saved."))
    is_typing = _is_check(request, review) and _typed_reasons(request, review) is not None
    if not refused and not is_typing:
        if request.POST.get("page") == "detail":
            # The next open decision takes the focus, Enter after Enter; a fragment would keep it.
            return redirect(f"{review_url(review)}?decided=1")
        return redirect(f"{_page_url(request, review)}#decisions")
    return decisions_page(request, review, refused, saved, status)


def _page_url(request: UserRequest, review: WeeklyReview) -> str:
    if _is_check(request, review):
        return review_url(review, "check")
    return reverse("reports:review-decisions", kwargs=review_kwargs(review))


def _is_check(request: UserRequest, review: WeeklyReview) -> bool:
    return request.POST.get("page") == "check" and can_submit_review(request.user, review)


def _typed_reasons(request: UserRequest, review: WeeklyReview) -> SubmitForm | None:
    """The reasons for sending that were typed beside the decisions: they stay in their fields."""
    typed = SubmitForm(request.POST, review=review)
    names = [name for name in typed.fields if name.endswith(("_reason", "_choice"))]
    return typed if any(request.POST.get(name) for name in names) else None


def decisions_page(
    request: UserRequest,
    review: WeeklyReview,
    refused: Mapping[str, RowDecisionForm] | None = None,
    saved: int = 0,
    status: int = 200,
) -> HttpResponse:
    if _is_check(request, review):
        typed = _typed_reasons(request, review)
        return check_page(request, review, refused=refused, status=status, form=typed)
    sheet = live_sheet(review)
    context = decisions_context(review, sheet, refused)
    context |= {"review": review, "facility": review.facility, "week": review.week, "sheet": sheet}
    return render(
        request, "reports/review/row_decisions.html", context | {"saved": saved}, status=status
    )


def _save(
    request: UserRequest, review: WeeklyReview
) -> tuple[int, dict[str, RowDecisionForm], int]:
    """(how many were saved, forms to show again, status). With ``only`` the others are kept as
    they were typed and not judged yet."""
    only = request.POST.get("only", "")
    lines = facility_lines([review.facility], review.week)[review.facility_id]
    saved, refused, status = 0, dict[str, RowDecisionForm](), 200
    for form in posted_forms(review, lines, request.POST):
        code = str(form.prefix)
        if not form.is_touched and code != only:
            continue
        if only and code != only:
            refused[code] = form.as_typed()
            continue
        outcome = _decide(request, review, code, form)
        if outcome == 200:
            saved += 1
        else:
            refused[code] = form
            status = max(status, outcome)
    return saved, refused, status


def _decide(request: UserRequest, review: WeeklyReview, code: str, form: RowDecisionForm) -> int:
    """200 saved (or as it stood), 409 somebody was faster, 422 refused."""
    if not form.is_valid():
        return 422
    if not form.is_touched:
        return 200
    try:
        decide_row(
            review=review,
            indicator_code=code,
            by=request.user,
            expected_version=form.cleaned_data["version"],
            **form.values(),
        )
    except StaleVersion as error:
        form.add_error(None, _stale_words(error))
        # Saved once more, it replaces the decision that was just shown.
        form.data = {**form.data, form.add_prefix("version"): _version(error)}
        return 409
    except InvalidInput as error:
        form.add_errors(error.errors)
        return 422
    except IllegalTransition as error:
        form.add_error(None, str(error))
        return 409
    return 200


def _version(error: StaleVersion) -> str:
    return str(error.current.version if error.current else 0)


def _stale_words(error: StaleVersion) -> str:
    row = error.current
    if row is None or not hasattr(row, "get_kind_display"):
        return str(error)
    return _("%(name)s decided in the meantime: %(kind)s. Save once more to replace it.") % {
        "name": row.by or _("Someone"),
        "kind": f"{row.get_kind_display()}{f' ({row.reason})' if row.reason else ''}",
    }
