"""Check page and *Kirim*: what is still open, each with the places that close it or a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models.facility import FacilityKind
from reports.lookup import UserRequest, review_or_404
from reports.models import WeeklyReview
from reports.permissions import check_can_submit_review
from reports.review.actions.readiness import NotReady, points_of
from reports.review.actions.steps import submit_review
from reports.review.forms.decisions import RowDecisionForm, SubmitForm
from reports.review.queries.open_points import OpenPoint
from reports.review.queries.sheet import live_sheet
from reports.review.tags.rows import record_url
from reports.review.views.addresses import review_kwargs, review_url
from reports.review.views.decision_items import decisions_context
from reports.review.views.save import stored

SHOWN_AT_ONCE = 8  # places of a point; the others unfold


@dataclass(frozen=True, slots=True)
class Link:
    href: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Question:
    """One open point as the check page asks it."""

    kind: str
    text: str
    links: Sequence[Link]
    more: Sequence[Link]
    field: BoundField | None  # where a reason may be written in its place
    is_refused: bool  # it kept the review from being sent

    @property
    def href(self) -> str:
        """Where the summary of what was refused leads."""
        if self.field is not None:
            return f"#{self.field.id_for_label}"
        return self.links[0].href if self.links else "#send"


@require_GET
def review_check(request: UserRequest, week: str, code: str) -> HttpResponse:
    """What is missing, and the button that sends."""
    review = review_or_404(request.user, week, code)
    check_can_submit_review(request.user, review)
    if not review.is_editable:
        return redirect(review_url(review))
    return check_page(request, review)


@require_POST
def review_submit(request: UserRequest, week: str, code: str) -> HttpResponse:
    """Send. 422: something is open; 409: somebody changed the review. What was typed stays."""
    review = review_or_404(request.user, week, code)
    check_can_submit_review(request.user, review)
    review = stored(review, request)
    form = SubmitForm(request.POST, review=review)
    if not form.is_valid():
        said = [str(error) for errors in form.errors.values() for error in errors]
        message = " ".join(said) or _("Please check once more and send again.")
        return check_page(request, review, message, 422, form=form)
    try:
        submit_review(
            review=review,
            by=request.user,
            expected_version=form.cleaned_data["version"],
            **form.reasons(),
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
    except NotReady as error:
        kinds = {str(point.kind) for point in error.points}
        return check_page(request, review, status=422, form=form, refused_kinds=kinds)
    except InvalidInput as error:
        return check_page(request, review, str(error), 422, form=form)
    messages.success(request, _("Sent. The figures are frozen now and the PDFs are being made."))
    return redirect(review_url(review))


def check_page(
    request: UserRequest,
    review: WeeklyReview,
    error: str = "",
    status: int = 200,
    *,
    refused: Mapping[str, RowDecisionForm] | None = None,
    form: SubmitForm | None = None,
    refused_kinds: set[str] | frozenset[str] = frozenset(),
) -> HttpResponse:
    """``refused``: decisions on rows that could not be saved; ``form``: the sending that was, and
    ``refused_kinds`` what it left open."""
    sheet = live_sheet(review)
    form = form or SubmitForm(review=review)
    decisions = decisions_context(review, sheet, refused)
    here = {f"dec-{item.code}" for item in decisions["items"]}
    questions = [
        _question(review, point, form, here, point.kind in refused_kinds)
        for point in points_of(review, sheet)
    ]
    context: dict[str, Any] = {
        "review": review,
        "sheet": sheet,
        "facility": review.facility,
        "week": review.week,
        "kwargs": review_kwargs(review),
        "questions": questions,
        "refused_questions": [row for row in questions if row.is_refused],
        "not_filed": [row for row in sheet.filings if not row.is_reported],
        "is_puskesmas": review.facility.kind == FacilityKind.PUSKESMAS,
        "error": error,
        "submit_form": form,
        **decisions,
        "replaced": [line for line in sheet.lines if line.replaced is not None],
    }
    return render(request, "reports/review/review_check.html", context, status=status)


def _question(
    review: WeeklyReview, point: OpenPoint, form: SubmitForm, here: set[str], is_refused: bool
) -> Question:
    """``here``: what stands on the check page itself; the rest is on the page of the review."""
    base = review_url(review)
    links = [
        Link(
            href=_week_url(review, str(place.week))
            if place.week is not None
            else _record_url(review, place.record)
            if place.record
            else f"#{place.anchor}"
            if place.anchor in here
            else f"{base}#{place.anchor}",
            label=place.label,
            note=place.note,
        )
        for place in point.places
    ]
    return Question(
        kind=point.kind,
        text=point.title,
        links=links[:SHOWN_AT_ONCE],
        more=links[SHOWN_AT_ONCE:],
        field=form[point.reason] if point.reason else None,
        is_refused=is_refused,
    )


def _record_url(review: WeeklyReview, code: str) -> str:
    """Where the record of a case is written; back to the check page from there."""
    kwargs = review_kwargs(review)
    return record_url(kwargs, code, reverse("reports:review-check", kwargs=kwargs))


def _week_url(review: WeeklyReview, week: str) -> str:
    return reverse("reports:review-detail", kwargs={"week": week, "code": review.facility.code})
