"""The home page of each role and the district page."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from clusters.weeks import Week
from facilities.models import District, Facility
from reports.deadlines.queries.gaps import Gap, week_gaps
from reports.deadlines.queries.reminder import reminder_text
from reports.deadlines.queries.timeliness import SPANS, recent_weeks, timeliness
from reports.lookup import UserRequest
from reports.models import ReportDocument
from reports.places.queries.district_sheet import district_sheet
from reports.places.views.facilities import facility_page
from reports.places.views.lookup import (
    check_leads_district,
    district_week_or_404,
    districts_of,
    last_week,
    leads_district,
)
from reports.shapes import DistrictSheet

ATTENTION_ROWS = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Dinkes and administrators: the district. Heads: their own facility."""
    request = cast(UserRequest, request)
    if leads_district(request):
        return district(request)
    posting = (
        request.user.postings.current()
        .exclude(facility=None)
        .select_related("facility__district__area", "facility__parent")
        .order_by("pk")
        .first()
    )
    if posting is None:
        return render(request, "reports/places/home_empty.html")
    place = posting.facility
    return facility_page(request, place, last_week(place.district))


@require_safe
def district(request: HttpRequest) -> HttpResponse:
    """The district in one week: who filed, what is behind, what is overdue."""
    request = cast(UserRequest, request)
    check_leads_district(request)
    districts = districts_of(request)
    if not districts:
        return render(request, "reports/places/home_empty.html")
    if not request.GET.get("district") and len(districts) > 1:
        return render(request, "reports/places/district_choose.html", {"districts": districts})
    dinkes, week = district_week_or_404(request)
    chosen = dinkes.district
    sheet = district_sheet(dinkes, week, request.GET.get("indicator"))
    return render(
        request,
        "reports/places/district.html",
        {
            **_steps(chosen, week, many=len(districts) > 1),
            "district": chosen,
            "sheet": sheet,
            **_punctual(request, chosen, sheet, week),
            "attention": sheet.gaps[:ATTENTION_ROWS],
            "overdue": sheet.overdue[:ATTENTION_ROWS],
            "missing": [row for row in sheet.puskesmas if not row.filing.is_reported],
            "unsent": _unsent(sheet, week),
            "choices": _chart_choices(sheet),
            "rollout_total": _total(sheet),
            "reminder": reminder_text(sheet, request.build_absolute_uri(reverse("home"))),
            "falling": sum(
                line.figures.is_on_target is False and line.figures.trend == "down"
                for line in sheet.lines
            ),
            "document": ReportDocument.objects.visible_to(request.user)
            .filter(facility=dinkes, week=week)
            .order_by("-created_at", "-pk")
            .first(),
        },
    )


def _unsent(sheet: DistrictSheet, week: Week) -> list[tuple[Facility, tuple[Gap, ...]]]:
    """The Puskesmas with weeks before this one that were never sent, excused or not."""
    places = list(
        Facility.objects.filter(pk__in=[row.facility.id for row in sheet.puskesmas]).order_by(
            "code"
        )
    )
    gaps = week_gaps(places, week)
    return [(row, gaps[row.pk]) for row in places if gaps.get(row.pk)]


def _punctual(
    request: UserRequest, district: District, sheet: DistrictSheet, week: Week
) -> dict[str, Any]:
    """Completeness and timeliness of the Puskesmas: eight weeks as in the sheet, or a year."""
    if request.GET.get("span") != str(SPANS[1]):
        return {"span": SPANS[0], "spans": SPANS, "punctual": sheet.timeliness}
    places = list(
        Facility.objects.filter(pk__in=[row.facility.id for row in sheet.puskesmas]).order_by(
            "code"
        )
    )
    result = timeliness(district, places, recent_weeks(week, SPANS[1]), timezone.now())
    return {"span": SPANS[1], "spans": SPANS, "punctual": (*result.by_facility, result.whole)}


def _steps(district: District, week: Week, *, many: bool) -> dict[str, Any]:
    """The week shown and its neighbours, as addresses."""
    base = reverse("reports:district")
    extra = f"&district={district.code}" if many else ""
    is_newest = week >= last_week(district) + 1
    return {
        "week": week,
        "previous_url": f"{base}?week={week - 1}{extra}",
        "next_url": "" if is_newest else f"{base}?week={week + 1}{extra}",
        "many_districts": many,
    }


def _chart_choices(sheet: DistrictSheet) -> list[Any]:
    """Indicators that every Puskesmas reports in percent."""
    return [
        line.indicator
        for line in sheet.lines
        if line.indicator.calc_type != "count" and line.indicator.level != "dinkes"
    ]


def _total(sheet: DistrictSheet) -> dict[str, int]:
    return {
        "implemented": sum(bar.implemented for bar in sheet.rollout),
        "planned": sum(bar.planned for bar in sheet.rollout),
        "total": sum(bar.total for bar in sheet.rollout),
    }
