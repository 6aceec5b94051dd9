"""The home page of each role and the district page."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from reports.models import ReportDocument
from reports.queries.district_sheet import district_sheet
from reports.queries.reminder import reminder_text
from reports.queries.shapes import DistrictSheet
from reports.views.facilities import facility_page
from reports.views.lookup import UserRequest, week_or_404

ATTENTION_ROWS = 5


def home(request: HttpRequest) -> HttpResponse:
    """Dinkes and administrators: the district. Heads: their own facility."""
    request = cast(UserRequest, request)
    if _leads_district(request):
        return district(request)
    posting = (
        request.user.postings.current()
        .exclude(facility=None)
        .select_related("facility__district__area", "facility__parent")
        .order_by("pk")
        .first()
    )
    if posting is None:
        return render(request, "reports/home_empty.html")
    place = posting.facility
    return facility_page(request, place, _last_week(place.district))


def district(request: HttpRequest) -> HttpResponse:
    """The district in one week: who filed, what is behind, what is overdue."""
    request = cast(UserRequest, request)
    if not _leads_district(request):
        raise PermissionDenied(_("Only the district health office sees the district page."))
    districts = list(District.objects.visible_to(request.user).select_related("area"))
    code = request.GET.get("district", "")
    if not districts:
        return render(request, "reports/home_empty.html")
    if not code and len(districts) > 1:
        return render(request, "reports/district_choose.html", {"districts": districts})
    chosen = next((row for row in districts if row.code == (code or districts[0].code)), None)
    if chosen is None:
        raise Http404(_("There is no district “%(code)s”.") % {"code": code})
    week = week_or_404(request.GET["week"]) if "week" in request.GET else _last_week(chosen)
    if week.start > timezone.localdate(timezone=chosen.zone):
        raise Http404(_("This week has not begun yet."))
    # Who leads one district may have another posting in the next: not its whole page.
    offices = Facility.objects.visible_to(request.user).filter(kind=FacilityKind.DINKES)
    dinkes = offices.filter(district=chosen).first()
    if dinkes is None:
        raise Http404(_("There is no district “%(code)s”.") % {"code": chosen.code})
    sheet = district_sheet(dinkes, week, request.GET.get("indicator"))
    return render(
        request,
        "reports/district.html",
        {
            **_steps(chosen, week, many=len(districts) > 1),
            "district": chosen,
            "sheet": sheet,
            "attention": sheet.gaps[:ATTENTION_ROWS],
            "overdue": sheet.overdue[:ATTENTION_ROWS],
            "missing": [row for row in sheet.puskesmas if not row.filing.is_reported],
            "choices": _chart_choices(sheet),
            "rollout_total": _total(sheet),
            "reminder": reminder_text(sheet, request.build_absolute_uri(reverse("home"))),
            "falling": sum(
                line.figures.is_on_target is False and line.figures.trend == "down"
                for line in sheet.lines
            ),
            "document": ReportDocument.objects.visible_to(request.user)
            .filter(facility=dinkes, week=week)
            .order_by("-created_at")
            .first(),
        },
    )


def _leads_district(request: UserRequest) -> bool:
    roles = {role for role, _path in request.user.current_postings}
    return bool(request.user.is_superuser or roles & {Role.ADMIN, Role.DINKES})


def _last_week(district: District) -> Week:
    """The last finished week: the one that meetings are about."""
    return Week.of(timezone.localdate(timezone=district.zone)) - 1


def _steps(district: District, week: Week, *, many: bool) -> dict[str, Any]:
    """The week shown and its neighbours, as addresses."""
    base = reverse("reports:district")
    extra = f"&district={district.code}" if many else ""
    is_newest = week >= _last_week(district) + 1
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
