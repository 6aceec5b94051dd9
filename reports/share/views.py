"""A week as a chat message and a picture, of a review and of the district."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.deadlines.days import deadline
from reports.lookup import UserRequest, review_or_404
from reports.places.queries.district_sheet import district_sheet
from reports.places.views.lookup import district_week_or_404
from reports.printing.pdf.errors import PdfError
from reports.review.queries.sheet import review_sheet
from reports.shapes import DistrictSheet, ReviewSheet
from reports.share import LIMIT, PICTURE_SIZE, picture, share_text
from reports.share.actions import record_share
from reports.share.facts import is_draft_review


@require_http_methods(["GET", "POST"])
def review_share(request: UserRequest, week: str, code: str) -> HttpResponse:
    """The text and the picture of a review; POST notes that it was passed on."""
    review = review_or_404(request.user, week, code)
    page = reverse("reports:review-detail", args=[review.week, review.facility.code])
    if request.method == "POST":
        return _shared(request, review.facility, review.week, request.path)
    sheet = review_sheet(review)
    pictured = reverse("reports:review-picture", args=[review.week, review.facility.code])
    return _page(request, sheet, is_draft_review(sheet), page, pictured, review.facility)


@require_GET
def review_picture(request: UserRequest, week: str, code: str) -> HttpResponseBase:
    review = review_or_404(request.user, week, code)
    sheet = review_sheet(review)
    return _png(request, sheet, is_draft_review(sheet), review.facility, review.week)


@require_http_methods(["GET", "POST"])
def district_share(request: UserRequest) -> HttpResponse:
    """The same for the district."""
    dinkes, week = district_week_or_404(request)
    if request.method == "POST":
        return _shared(request, dinkes, week, request.get_full_path())
    sheet, is_draft = _recap(dinkes, week)
    query = f"?week={week}&district={dinkes.district.code}"
    page, pictured = reverse("reports:district"), reverse("reports:district-picture")
    return _page(request, sheet, is_draft, page + query, pictured + query, dinkes)


@require_GET
def district_picture(request: UserRequest) -> HttpResponseBase:
    dinkes, week = district_week_or_404(request)
    sheet, is_draft = _recap(dinkes, week)
    return _png(request, sheet, is_draft, dinkes, week)


def _recap(dinkes: Facility, week: Week) -> tuple[DistrictSheet, bool]:
    """The sheet, and whether it is a draft: until the week's data have closed, as its PDF says."""
    closes = deadline(dinkes.district, week, FacilityKind.PUSTU)
    return district_sheet(dinkes, week), timezone.now() < closes


def _page(
    request: UserRequest,
    sheet: ReviewSheet | DistrictSheet,
    is_draft: bool,
    page: str,
    pictured: str,
    facility: Facility,
) -> HttpResponse:
    text = share_text(sheet, settings.PUBLIC_URL + page, is_draft=is_draft)
    context = {
        "sheet": sheet,
        "week": Week.parse(sheet.week.label),
        "name": sheet.district_name if isinstance(sheet, DistrictSheet) else sheet.facility.name,
        "text": text,
        "length": len(text),
        "limit": LIMIT,
        "picture": picture(sheet, is_draft=is_draft),
        "picture_url": pictured,
        "picture_name": _file_name(facility, sheet.week.label, is_draft),
        "width": PICTURE_SIZE[0],
        "height": PICTURE_SIZE[1],
        "back": page,
    }
    return render(request, "reports/share/share.html", context)


def _png(
    request: UserRequest,
    sheet: ReviewSheet | DistrictSheet,
    is_draft: bool,
    facility: Facility,
    week: Week,
) -> HttpResponseBase:
    """The browser may keep the picture but asks each time: the ETag names what it shows."""
    shown = picture(sheet, is_draft=is_draft)
    etag = f'"{shown.key}"'
    response: HttpResponseBase
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        try:
            content = shown.png()
        except PdfError:
            return HttpResponse(
                _("The picture could not be drawn. The text can be shared without it."),
                status=503, content_type="text/plain; charset=utf-8",
            )  # fmt: skip
        response = HttpResponse(content, content_type="image/png")
        name = _file_name(facility, str(week), is_draft)
        response["Content-Disposition"] = f'inline; filename="{name}"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response


def _file_name(facility: Facility, week: str, is_draft: bool) -> str:
    return f"evaluasi-{week}-{facility.code}{'-draf' if is_draft else ''}.png"


def _shared(request: UserRequest, facility: Facility, week: Week, back: str) -> HttpResponse:
    record_share(facility=facility, week=week, by=request.user)
    if "fetch" in request.POST:
        return HttpResponse(status=204)
    return redirect(back)
