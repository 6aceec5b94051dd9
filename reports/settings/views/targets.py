"""Targets of the year, for the district and for single Puskesmas."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clusters.models import Indicator, Target
from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import District, Facility
from reports.figures.queries.facility_lines import LEVELS
from reports.lookup import UserRequest, facility_or_404, local_today, settings_district
from reports.permissions import check_can_change_settings
from reports.settings.actions.targets import KINDS, set_target
from reports.settings.forms.targets import TargetForm
from reports.settings.queries.effects import effects
from reports.settings.queries.targets import own_rows, target_rows, targets_version
from reports.settings.views.shared import add_errors, query_of, with_version


@require_GET
def settings_targets(request: UserRequest) -> HttpResponse:
    district, mine = settings_district(request)
    places = _places(request, district)
    code = request.GET.get("place", "")
    place = next((row for row in places if row.code == code or not code), None)
    if place is None:
        raise Http404(
            _("There is no facility “%(code)s”, or it is outside your area.") % {"code": code}
        )
    year = timezone.localdate(timezone=district.zone).year
    context = {
        "district": district,
        "districts": mine,
        "query": query_of(district, mine),
        "places": places,
        "place": place,
        "year": year,
        "rows": [(row, _months(row.targets)) for row in target_rows(place, year)],
    }
    return render(request, "reports/settings/target_list.html", context)


def _places(request: UserRequest, district: District) -> list[Facility]:
    rows = Facility.objects.visible_to(request.user).filter(district=district, kind__in=KINDS)
    return list(rows.select_related("district__area").order_by("path"))


def _months(targets: tuple[tuple[int, Any], ...]) -> list[tuple[str, Any]]:
    return [(MONTHS[month], value) for month, value in targets]


@require_http_methods(["GET", "POST"])
def settings_target(request: UserRequest, code: str, indicator: str) -> HttpResponse:
    place = facility_or_404(request.user, code)
    check_can_change_settings(request.user, place.district)
    today = local_today(place)
    found = Indicator.objects.in_week(Week.of(today)).filter(code=indicator).first()
    if place.kind not in KINDS or found is None or found.level not in LEVELS[place.kind]:
        raise Http404(_("This indicator is not reported here."))
    years = (today.year, today.year + 1)
    form = TargetForm(
        request.POST if request.method == "POST" else None,
        years=years, initial=_initial(place, found, today),
    )  # fmt: skip
    status, shown, theirs = 200, None, None
    if form.is_bound:
        status = 422
        if form.is_valid():
            values = {name: form.cleaned_data[name] for name in form.fields if name != "version"}

            def save() -> object:
                return set_target(
                    facility=place, indicator_code=found.code, by=request.user,
                    expected_version=form.cleaned_data["version"], **values,
                )  # fmt: skip

            try:
                if "preview" in request.POST:
                    shown, status = effects(place, {found.code}, save), 200
                else:
                    save()
                    messages.success(request, _("Target saved. Months before keep theirs."))
                    return redirect(reverse("reports:settings-target", args=[code, found.code]))
            except StaleVersion as error:
                form.add_error(None, _("%(what)s Save again to replace it.") % {"what": error})
                theirs = {"rows": _of_year(error.current, values["year"]), "mine": values}
                form.data = with_version(request, targets_version(error.current))
                status = 409
            except InvalidInput as error:
                add_errors(form, error)
    rows = own_rows(place, found.code)
    context = {
        "facility": place,
        "indicator": found,
        "form": form,
        "years": [(year, _of_year(rows, year)) for year in years],
        "shown": shown,
        "differences": theirs,
        "months": MONTHS,
    }
    return render(request, "reports/settings/target.html", context, status=status)


def _of_year(rows: list[Target], year: int) -> list[Target]:
    return [row for row in rows if row.year == year]


def _initial(place: Facility, indicator: Indicator, today: dt.date) -> dict[str, Any]:
    return {
        "year": today.year,
        "from_month": today.month,
        "version": targets_version(own_rows(place, indicator.code)),
    }
