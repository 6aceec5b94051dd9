"""The list of weekly reviews and the review itself."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from reports.deadlines.queries.timeliness import load, timeliness
from reports.lookup import (
    REVIEWED,
    UserRequest,
    review_or_404,
    revision_or_404,
    stored_review_or_404,
)
from reports.permissions import check_can_edit_review
from reports.review.queries.grid import review_grid
from reports.review.queries.sheet import revision_sheet
from reports.review.views.addresses import review_url
from reports.review.views.page import page_context
from reports.review.views.save import save_all

WEEKS_SHOWN = 8


@require_GET
def review_list(request: UserRequest) -> HttpResponse:
    """Facilities × eight weeks, ending with ``?until=`` or the running week."""
    districts = list(District.objects.visible_to(request.user).select_related("area"))
    wanted = request.GET.get("district", "")
    district = next((row for row in districts if row.code == wanted), next(iter(districts), None))
    if district is None:
        return render(request, "reports/review/review_list.html", {"rows": [], "weeks": []})
    current = Week.of(timezone.localdate(timezone=district.zone))
    until = _week_until(request.GET.get("until", ""), current)
    weeks = [until - back for back in range(WEEKS_SHOWN)]  # newest first: phones show it
    facilities = list(
        Facility.objects.visible_to(request.user)
        .filter(district=district, kind__in=REVIEWED)
        .select_related("district")
        .order_by("path")
    )
    for row in facilities:
        row.district = district  # one instance, so that its days off are read once
    puskesmas = [row for row in facilities if row.kind == FacilityKind.PUSKESMAS]
    expanded = _expanded(request.GET.get("open", ""), puskesmas)
    shown = [
        row
        for row in facilities
        if row.kind == FacilityKind.PUSKESMAS or row.parent_id in expanded or not puskesmas
    ]
    context = {
        "scores": _scores(district, facilities, weeks),
        "district": district,
        "districts": districts,
        "rows": review_grid(shown, weeks, timezone.now()),
        "weeks": weeks,
        "expanded": expanded,
        "can_expand": len(puskesmas) > 1,
        "until": until,
        "older": until - WEEKS_SHOWN,
        "newer": min(until + WEEKS_SHOWN, current) if until < current else None,
        "current": current,
    }
    return render(request, "reports/review/review_list.html", context)


def _scores(
    district: District, facilities: list[Facility], weeks: list[Week]
) -> list[dict[str, Any]]:
    """For each kind, how many of those open were in, and in time, week by week as shown."""
    scores = []
    loaded = load(facilities, weeks)
    for kind in REVIEWED:
        places = [row for row in facilities if row.kind == kind]
        if len(places) < 2:
            continue  # of one facility its own row says everything
        result = timeliness(district, places, weeks, timezone.now(), loaded)
        scores.append({"kind": kind.label, "weeks": list(reversed(result.by_week))})
    return scores


def _week_until(label: str, current: Week) -> Week:
    try:
        return min(Week.parse(label), current)
    except ValueError:
        return current


def _expanded(code: str, puskesmas: list[Facility]) -> set[int]:
    """Whose Pustu are shown: the chosen Puskesmas, or the only one there is."""
    if len(puskesmas) == 1:
        return {puskesmas[0].pk}
    return {row.pk for row in puskesmas if row.code == code}


@require_http_methods(["GET", "POST"])
def review_detail(request: UserRequest, week: str, code: str) -> HttpResponse:
    """The review; POST saves every row at once, for browsers without script."""
    review = review_or_404(request.user, week, code)
    if request.method != "POST":
        return render(request, "reports/review/review_detail.html", page_context(request, review))
    check_can_edit_review(request.user, review)
    if not review.is_editable:
        raise PermissionDenied(
            _("This review has been sent; its figures can no longer be changed.")
        )
    result = save_all(request, review)
    if not result.is_refused:
        if result.saved:
            text = ngettext("%(count)s row saved.", "%(count)s rows saved.", result.saved)
            messages.success(request, text % {"count": result.saved})
        else:
            messages.info(request, _("Nothing was changed."))
        return redirect(review_url(result.review) + "#achievements")
    context = page_context(
        request,
        result.review,
        entries=result.refused,
        conflicts=result.conflicts,
        saved=result.saved,
    )
    status = 422 if result.has_errors else 409
    return render(request, "reports/review/review_detail.html", context, status=status)


@require_GET
def review_revision(request: UserRequest, week: str, code: str, number: int) -> HttpResponse:
    """A revision as it was signed, whatever happened to the review since."""
    review = stored_review_or_404(request.user, week, code)
    revision = revision_or_404(review, number)
    context = page_context(request, review, revision_sheet(revision), revision=revision)
    context |= {
        "is_frozen": True,
        "can_edit": False,
        "can_submit": False,
        "can_raise": False,
        "can_approve": False,
        "can_return": False,
        "can_reopen": False,
    }
    return render(request, "reports/review/review_detail.html", context)
