"""What an indicator counts: the page that every name of an indicator leads to."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clusters.models import Indicator
from clusters.weeks import Week
from reports.lookup import UserRequest, this_week, week_or_404


@require_GET
def indicator_detail(request: UserRequest, code: str) -> HttpResponse:
    """Definition of an indicator as it is in force in ``?week=``, else in the running week; where
    none is then, the first one after or the last one before."""
    week = week_or_404(request.GET["week"]) if "week" in request.GET else this_week(request.user)
    versions = (
        []
        if "\0" in code
        else list(
            Indicator.objects.filter(code=code).select_related("cluster").order_by("valid_from")
        )
    )
    if not versions:
        raise Http404(_("There is no indicator “%(code)s”.") % {"code": code})
    shown = _in_force(versions, week)
    context = {
        "indicator": shown,
        "week": week,
        "versions": [row for row in versions if row.pk != shown.pk],
    }
    return render(request, "reports/places/indicator.html", context)


def _in_force(versions: list[Indicator], week: Week) -> Indicator:
    begun = [row for row in versions if row.valid_from <= week.end]
    return begun[-1] if begun else versions[0]
